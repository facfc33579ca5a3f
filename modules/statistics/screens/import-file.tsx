/** Numbers of a file into the report: each line with what it would do, before anything is written. */
import { useRef, useState } from 'react';
import {
  ApiFailure,
  api,
  Badge,
  Button,
  Dialog,
  language,
  Notice,
  Row,
  Stack,
  Table,
  type TableColumn,
  Text,
  TextField,
  type Tone,
  t,
  toast,
} from '../../../web/ui/index.ts';
import type { JudgedLine, Outcome } from '../import/judge.ts';
import type { ImportAnswer } from '../import/routes.ts';
import type { SheetAnswer } from '../routes-sheet.ts';
import { numberOf } from './number-of.ts';

/** So many lines of one kind are drawn; the rest is counted. */
const MOST_SHOWN = 200;

interface Chosen {
  name: string;
  content: string;
  answer: ImportAnswer;
}

export function ImportFile(props: {
  form: string;
  unit: string;
  period: string;
  path: string;
  onDone: (sheet: SheetAnswer) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { form, unit, period } = props;
  const read = async (file: File | undefined) => {
    if (!file) return;
    setProblem(null);
    try {
      const content = base64(new Uint8Array(await file.arrayBuffer()));
      const answer = await api.post<ImportAnswer>('/api/statistics/import', { content, form, unit, period });
      setChosen({ name: file.name, content, answer });
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <>
      <Button onPress={() => input.current?.click()}>{t('statistics.import', 'Nhập từ tệp')}</Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.xml,.adx,.xlsx"
        aria-label={t('statistics.import.file', 'Tệp số liệu (CSV, ADX, Excel)')}
        onChange={(event) => {
          void read(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {problem && (
        <Dialog
          title={t('statistics.import.no', 'Không đọc được tệp')}
          opened
          onClose={() => setProblem(null)}
        >
          <Notice tone="danger" title={problem} />
        </Dialog>
      )}
      {chosen && <Preview {...props} chosen={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}

function Preview(props: {
  form: string;
  unit: string;
  period: string;
  path: string;
  chosen: Chosen;
  onDone: (sheet: SheetAnswer) => void;
  onClose: () => void;
}) {
  const { chosen, form, unit, period } = props;
  const { lines, notes, token } = chosen.answer;
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const wrong = lines.filter(({ outcome }) => outcome === 'wrong');
  const changing = lines.filter(({ outcome }) => WRITTEN.includes(outcome));
  const corrects = lines.some(({ outcome }) => outcome === 'corrected');
  const shown = [...wrong, ...lines.filter(({ outcome }) => outcome === 'formula'), ...changing];
  const write = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const leaveOut = wrong.map(({ line }) => line);
      await api.post('/api/statistics/import', {
        content: chosen.content,
        form,
        unit,
        period,
        write: { token, reason, leaveOut },
      });
      props.onDone(await api.get<SheetAnswer>(props.path));
      toast(t('statistics.import.done', 'Đã ghi {n} số từ tệp', { n: changing.length }));
      props.onClose();
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('statistics.import.preview', 'Xem trước {name}', { name: chosen.name })}
      opened
      onClose={props.onClose}
      width={860}
      acts={
        <>
          <Button onPress={props.onClose}>{t('statistics.import.drop', 'Không ghi')}</Button>
          <Button
            kind="primary"
            busy={busy}
            disabled={changing.length === 0 || (corrects && reason.trim() === '')}
            onPress={() => void write()}
          >
            {wrong.length > 0
              ? t('statistics.import.write-some', 'Bỏ {wrong} dòng sai, ghi {n} số', {
                  wrong: wrong.length,
                  n: changing.length,
                })
              : t('statistics.import.write', 'Ghi {n} số', { n: changing.length })}
          </Button>
        </>
      }
    >
      <Stack>
        <Row gap={8} wrap>
          {COUNTED.map((outcome) => {
            const many = lines.filter((line) => line.outcome === outcome).length;
            return many === 0 ? null : (
              <Badge key={outcome} tone={TONES[outcome]}>{`${many} ${words(outcome)}`}</Badge>
            );
          })}
        </Row>
        {problem && <Notice tone="danger" title={problem} />}
        {notes.length > 0 && (
          <Notice tone="look" title={t('statistics.import.notes', 'Tệp khác mẫu ở các chỗ sau')}>
            {notes.slice(0, 20).map(({ text, textEn }) => (
              <div key={text}>{language() === 'en' ? textEn : text}</div>
            ))}
          </Notice>
        )}
        {shown.length > 0 && (
          <div className="st-lines">
            <Table
              label={t('statistics.import.lines', 'Các dòng của tệp')}
              rows={shown.slice(0, MOST_SHOWN)}
              rowKey={(line) => `${line.line} ${line.cell}`}
              columns={COLUMNS()}
            />
          </div>
        )}
        {shown.length > MOST_SHOWN && (
          <Text size={12} tone="soft">
            {t('statistics.import.more', 'Còn {n} dòng nữa cùng loại', { n: shown.length - MOST_SHOWN })}
          </Text>
        )}
        {corrects && (
          <TextField
            label={t('statistics.import.reason', 'Lý do sửa số đếm từ hồ sơ')}
            name="import-reason"
            required
            value={reason}
            onChange={setReason}
            lines={2}
          />
        )}
      </Stack>
    </Dialog>
  );
}

const WRITTEN: readonly Outcome[] = ['typed', 'corrected', 'removed'];
const COUNTED: readonly Outcome[] = ['wrong', 'corrected', 'typed', 'removed', 'formula', 'same'];
const TONES: Record<Outcome, Tone> = {
  wrong: 'danger',
  corrected: 'look',
  typed: 'info',
  removed: 'look',
  formula: 'look',
  same: 'neutral',
};

function words(outcome: Outcome): string {
  const said: Record<Outcome, () => string> = {
    wrong: () => t('statistics.import.wrong', 'dòng sai'),
    corrected: () => t('statistics.import.corrected', 'sửa số đếm'),
    typed: () => t('statistics.import.typed', 'số mới'),
    removed: () => t('statistics.import.removed', 'bỏ số cũ'),
    formula: () => t('statistics.import.formula', 'khác số tính được'),
    same: () => t('statistics.import.same', 'không đổi'),
  };
  return said[outcome]();
}

const COLUMNS = (): TableColumn<JudgedLine>[] => [
  { key: 'line', title: t('statistics.import.line', 'Dòng'), draw: ({ line }) => line, width: 60, narrow: 2 },
  { key: 'cell', title: t('statistics.import.cell', 'Ô'), draw: ({ title }) => title, narrow: 10 },
  {
    key: 'before',
    title: t('statistics.import.before', 'Đang có'),
    align: 'right',
    narrow: 6,
    draw: ({ before }) => numberOf(before, 2),
  },
  {
    key: 'value',
    title: t('statistics.import.value', 'Trong tệp'),
    align: 'right',
    narrow: 6,
    draw: ({ value }) => (typeof value === 'number' ? numberOf(value, 2) : (value ?? '–')),
  },
  {
    key: 'outcome',
    title: t('statistics.import.outcome', 'Sẽ làm gì'),
    narrow: 12,
    draw: ({ outcome, text, textEn }) => (
      <Stack gap={0}>
        <Badge tone={TONES[outcome]}>{words(outcome)}</Badge>
        {text && <Text size={12}>{language() === 'en' ? (textEn ?? text) : text}</Text>}
      </Stack>
    ),
  },
];

function base64(bytes: Uint8Array): string {
  const CHUNK = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}
