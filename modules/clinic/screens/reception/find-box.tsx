/** One field for everything that names a person: a scanner, the clipboard, a number, a name. */
import type { ClipboardEvent, RefObject } from 'react';
import {
  api,
  Button,
  CodeCamera,
  CodeSearch,
  type Found,
  formatAge,
  formatDate,
  formatSex,
  Row,
  Stack,
  Text,
  t,
} from '../../../../web/ui/index.ts';
import type { PersonLine } from '../../../people/index.ts';
import { isScan, scanText } from './scan.ts';

type Hit = Found & { person: PersonLine | null };

export function FindBox(props: {
  inputRef: RefObject<HTMLInputElement | null>;
  onScan: (text: string) => void;
  onChoose: (person: PersonLine) => void;
  /** Opens an empty form, with the name that was typed. */
  onNew: (typed: string) => void;
}) {
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text');
    if (!isScan(text)) return;
    event.preventDefault();
    props.onScan(scanText(text));
  };
  const choose = (hit: Hit) => (hit.person ? props.onChoose(hit.person) : props.onScan(scanText(hit.code)));
  return (
    <Stack gap={8}>
      <div onPasteCapture={paste}>
        <CodeSearch<Hit>
          label={t('reception.find', 'Quét thẻ căn cước, thẻ BHYT; hoặc gõ họ tên, số giấy tờ, điện thoại')}
          placeholder={t('reception.find.hint', 'Đưa thẻ vào máy quét, hoặc gõ từ 3 chữ')}
          autoFocus
          ranked
          inputRef={props.inputRef}
          search={find}
          draw={(hit) => <HitLine hit={hit} />}
          onChoose={choose}
          whenNone={
            <Button
              kind="primary"
              onPress={() => props.onNew(props.inputRef.current?.value ?? '')}
              keys="Alt+N"
            >
              {t('reception.new', 'Tạo hồ sơ mới')}
            </Button>
          }
        />
      </div>
      <CodeCamera onRead={(text) => props.onScan(isScan(text) ? scanText(text) : text)} />
    </Stack>
  );
}

/** A card is not searched: one line offers to read it, and Enter of the scanner takes that line. */
async function find(typed: string, signal: AbortSignal): Promise<Hit[]> {
  if (isScan(typed)) {
    return [{ code: typed, label: t('reception.read-card', 'Đọc thẻ vừa quét'), person: null }];
  }
  const answer = await api.get<{ rows: PersonLine[] }>(`/api/people/search?q=${encodeURIComponent(typed)}`, {
    signal,
  });
  return answer.rows.map((person) => ({ code: person.id, label: person.name, person }));
}

function HitLine({ hit: { person, label } }: { hit: Hit }) {
  if (!person) return <Text strong>{label}</Text>;
  return (
    <Row gap={12} wrap>
      <Text strong>{person.name}</Text>
      <Text tone="soft">{personWords(person)}</Text>
      {person.openVisit && (
        <Text tone="look">
          {t('reception.hit.open', 'Đang chờ khám, số {ticket}', { ticket: person.openVisit.ticket ?? '?' })}
        </Text>
      )}
      {person.deceased && <Text tone="danger">{t('reception.hit.dead', 'Đã mất')}</Text>}
    </Row>
  );
}

/** Sex, age, birth date, masked number, commune: enough to choose. */
export function personWords(person: PersonLine): string {
  const [identifier] = person.identifiers;
  const words = [
    formatSex(person.gender),
    formatAge(person.birthDate),
    formatDate(person.birthDate),
    identifier ? `${identifier.label} ${identifier.value}` : '',
    person.address ?? '',
  ];
  return words.filter(Boolean).join(' · ');
}
