/** What an application asks, line by line with a tick each; whose record; yes or no. */
import { useState } from 'react';
import {
  api,
  Button,
  CheckBox,
  CodeSearch,
  type Found,
  formatDate,
  Heading,
  Loaded,
  Notice,
  Page,
  Panel,
  RadioList,
  Row,
  type ScreenProps,
  Stack,
  Text,
  t,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import { type ConsentItem, type Named, named, noteOf } from './words.ts';

interface Person {
  id: string;
  name: string;
  birthDate: string | null;
}

/** Answer of `GET /api/access/interaction/<uid>`. */
interface Question {
  client: { id: string; name: string };
  account: { id: string; name: string };
  items: ConsentItem[];
  person: { needed: boolean; fixed: Person | null; choices: Person[] | null };
  /** What the application says that the data is for. */
  purpose: Named | null;
  offlineDays: number;
}

export default function ConsentScreen({ params }: ScreenProps) {
  const address = `/api/access/interaction/${encodeURIComponent(params.uid ?? '')}`;
  const read = useQuery<Question>(['consent', params.uid ?? ''], address);
  return (
    <Page title={t('apps.consent', 'Cho phép ứng dụng')} hideTitle narrow>
      <Loaded read={read} lines={8}>
        {(question) => <Consent question={question} address={address} />}
      </Loaded>
      {read.error && <Refusal address={address} />}
    </Page>
  );
}

/** A launch that is over can still be answered with no, so that the app goes on. */
function Refusal(props: { address: string }) {
  const refuse = useAnswer(props.address);
  return (
    <Row>
      <Button busy={refuse.busy} onPress={() => void refuse.run({ grant: false })}>
        {t('apps.back', 'Quay lại ứng dụng')}
      </Button>
    </Row>
  );
}

/** Sends the answer; the browser goes on where the server says. */
function useAnswer(address: string) {
  return useMutation(async (form: object) => {
    const { next } = await api.post<{ next: string }>(address, form);
    window.location.assign(next);
  });
}

function Consent({ question, address }: { question: Question; address: string }) {
  const { client, account, items, person } = question;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(() => new Set(items.map(({ scope }) => scope)));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const only = person.fixed ?? (person.choices?.length === 1 ? person.choices[0]! : null);
  const [chosen, setChosen] = useState<Person | null>(only);
  const answer = useAnswer(address);
  const scopes = items.filter(({ scope }) => ticked.has(scope)).flatMap((item) => scopesOf(item, left));
  const missing = person.needed && chosen === null;
  const toggle = (set: ReadonlySet<string>, scope: string, on: boolean) => {
    const next = new Set(set);
    if (on) next.add(scope);
    else next.delete(scope);
    return next;
  };
  return (
    <Panel title={t('apps.asks', '{app} xin quyền', { app: client.name })}>
      <Stack gap={16}>
        <Text as="p">
          {t('apps.as', 'Bạn đang đăng nhập là {name}. Bỏ dấu ở những gì bạn không muốn cho.', {
            name: account.name,
          })}
        </Text>
        {question.purpose && (
          <Text as="p">
            {t('apps.purpose', 'Mục đích sử dụng: {purpose}.', { purpose: named(question.purpose) })}
          </Text>
        )}
        {person.needed && <Whose person={person} chosen={chosen} onChoose={setChosen} />}
        <Stack gap={12}>
          <Heading level={3}>{t('apps.what', 'Ứng dụng sẽ được')}</Heading>
          {items.map((item) => (
            <Stack key={item.scope} gap={4}>
              <CheckBox
                checked={ticked.has(item.scope)}
                onChange={(on) => setTicked(toggle(ticked, item.scope, on))}
                label={<ItemWords item={item} days={question.offlineDays} />}
              />
              {item.parts && ticked.has(item.scope) && (
                <Parts item={item} left={left} onChange={(scope, on) => setLeft(toggle(left, scope, !on))} />
              )}
            </Stack>
          ))}
        </Stack>
        <Text size={13} tone="soft" as="p">
          {t('apps.later', 'Bạn xem lại và thu hồi bất cứ lúc nào ở mục Tài khoản › Ứng dụng đã cho phép.')}
        </Text>
        {answer.error && <Notice tone="danger" title={answer.error.message} />}
        <Row gap={12}>
          <Button
            kind="primary"
            busy={answer.busy}
            disabled={missing || scopes.length === 0}
            onPress={() => void answer.run({ grant: true, scopes, ...(chosen && { patient: chosen.id }) })}
          >
            {t('apps.allow', 'Cho phép')}
          </Button>
          <Button busy={answer.busy} onPress={() => void answer.run({ grant: false })}>
            {t('apps.refuse', 'Từ chối')}
          </Button>
        </Row>
        {missing && (
          <Text size={13} tone="soft" as="p">
            {t('apps.choose-first', 'Hãy chọn người trước khi cho phép.')}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}

/** A wildcard stands for itself while nothing was taken out of it. */
function scopesOf({ scope, parts }: ConsentItem, left: ReadonlySet<string>): string[] {
  if (!parts?.some((part) => left.has(part.scope))) return [scope];
  return parts.filter((part) => !left.has(part.scope)).map((part) => part.scope);
}

function ItemWords({ item, days }: { item: ConsentItem; days: number }) {
  const note =
    item.kind === 'offline'
      ? t('apps.offline-days', 'tối đa {days} ngày, rồi phải hỏi lại bạn', { days })
      : noteOf(item);
  return (
    <>
      <strong>{named(item.name)}</strong>
      {note !== '' && (
        <>
          <br />
          <Text size={13} tone="soft">
            {note}
          </Text>
        </>
      )}
    </>
  );
}

/** What of everything may be left out, type by type. */
function Parts(props: {
  item: ConsentItem;
  left: ReadonlySet<string>;
  onChange: (scope: string, on: boolean) => void;
}) {
  return (
    <details style={{ marginInlineStart: 28 }}>
      <summary>{t('apps.parts', 'Chọn từng loại dữ liệu')}</summary>
      <Stack gap={4} style={{ paddingTop: 8 }}>
        {props.item.parts?.map((part) => (
          <CheckBox
            key={part.scope}
            label={named(part.name)}
            checked={!props.left.has(part.scope)}
            onChange={(on) => props.onChange(part.scope, on)}
          />
        ))}
      </Stack>
    </details>
  );
}

type FoundPerson = Found & { person: Person };

async function findPeople(typed: string, signal: AbortSignal): Promise<FoundPerson[]> {
  const answer = await api.get<{ rows: Person[] }>(`/api/people/search?q=${encodeURIComponent(typed)}`, {
    signal,
  });
  return answer.rows.map((person) => ({
    code: person.id,
    label: person.name,
    note: formatDate(person.birthDate),
    person,
  }));
}

/** Whose record: of the launch, one of the own family, or found by name or number. */
function Whose(props: {
  person: Question['person'];
  chosen: Person | null;
  onChoose: (person: Person | null) => void;
}) {
  const { person, chosen } = props;
  const title = t('apps.whose', 'Hồ sơ của ai');
  if (person.fixed) return <Notice tone="info" title={`${title}: ${personWords(person.fixed)}`} />;
  if (person.choices) {
    return (
      <RadioList
        label={title}
        choices={person.choices.map((one) => ({ value: one.id, label: personWords(one) }))}
        value={chosen?.id ?? ''}
        onChange={(id) => props.onChoose(person.choices?.find((one) => one.id === id) ?? null)}
      />
    );
  }
  return (
    <Stack gap={8}>
      <CodeSearch<FoundPerson>
        label={title}
        ranked
        placeholder={t('apps.find', 'Họ tên, số định danh, số thẻ bảo hiểm')}
        search={findPeople}
        onChoose={(found) => props.onChoose(found.person)}
      />
      {chosen && <Notice tone="info" title={personWords(chosen)} />}
    </Stack>
  );
}

function personWords({ name, birthDate }: Person): string {
  return [name, formatDate(birthDate)].filter(Boolean).join(' · ');
}
