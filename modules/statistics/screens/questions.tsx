/** Numbers unlike others, each with what is usual and the words of the unit: shown where they are, kept from nobody's way. */
import { useState } from 'react';
import {
  ApiFailure,
  api,
  Button,
  Dialog,
  formatDateTime,
  formatNumber,
  Notice,
  refresh,
  Stack,
  Text,
  TextField,
  t,
  useQuery,
} from '../../../web/ui/index.ts';
import { LONGEST_WORDS } from '../longest-words.ts';
import type { Question } from '../questions.ts';
import type { SheetAnswer } from '../routes-sheet.ts';

/** As the server sends it. */
export type Asked = Omit<Question, 'answer'> & {
  answer: { text: string; byName: string; at: string } | null;
};

interface Questioned {
  rows: readonly Asked[];
  /** What the report is compared with is still being counted. */
  waiting: boolean;
}

const NOTHING_ASKED: Questioned = { rows: [], waiting: false };
/** What is being counted is asked for again after so long, ms. */
const AGAIN = 4_000;

/** What is asked about a report. */
export function useQuestions(path: string, sheet: SheetAnswer): Questioned {
  const [waits, setWaits] = useState(false);
  const read = useQuery<Questioned>(
    ['sheet-questions', path, sheet.made],
    `${path}/questions`,
    waits ? { every: AGAIN } : {},
  );
  const asked = read.data ?? NOTHING_ASKED;
  if (asked.waiting !== waits) setWaits(asked.waiting);
  return asked;
}

export function Questions({
  path,
  sheet,
  titleOf,
}: {
  path: string;
  sheet: SheetAnswer;
  titleOf: (cell: string) => string;
}) {
  const [opened, setOpened] = useState(false);
  const { rows, waiting } = useQuestions(path, sheet);
  if (rows.length === 0)
    return waiting ? (
      <Text size={12} tone="soft">
        {t('statistics.questions.waiting', 'Đang đếm các kỳ trước để so; có thể còn số cần giải thích.')}
      </Text>
    ) : null;
  const open = rows.filter(({ answer }) => answer === null).length;
  return (
    <>
      <Notice
        tone={open > 0 ? 'look' : 'info'}
        title={
          open > 0
            ? t('statistics.questions', '{n} số khác thường, xin cho biết vì sao', { n: open })
            : t('statistics.questions.answered', 'Các số khác thường đã được giải thích')
        }
        acts={
          <Button onPress={() => setOpened(true)}>
            {sheet.may.write
              ? t('statistics.questions.open', 'Xem và trả lời')
              : t('statistics.questions.look', 'Xem')}
          </Button>
        }
      />
      <Dialog
        title={t('statistics.questions.title', 'Số khác thường')}
        opened={opened}
        onClose={() => setOpened(false)}
        width={640}
      >
        <Stack gap={16}>
          {rows.map((row) => (
            <Line key={row.cell} {...{ path, row }} title={titleOf(row.cell)} mayWrite={sheet.may.write} />
          ))}
        </Stack>
      </Dialog>
    </>
  );
}

/** What the report says and what is usual. */
export function askedWords(row: Asked): string {
  const numbers = { value: formatNumber(row.value), usual: formatNumber(Math.round(row.usual * 10) / 10) };
  return row.against === 'own'
    ? t(
        'statistics.questions.own',
        'Báo cáo ghi {value}; 12 kỳ trước của đơn vị thường khoảng {usual}.',
        numbers,
      )
    : t(
        'statistics.questions.peers',
        'Báo cáo ghi {value}; theo dân số, các đơn vị khác thường khoảng {usual}.',
        numbers,
      );
}

function Line(props: { path: string; row: Asked; title: string; mayWrite: boolean }) {
  const { row } = props;
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const send = async () => {
    try {
      await api.put(`${props.path}/cells/${row.cell}/answer`, { text });
      refresh(['sheet-questions']);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <Stack gap={4}>
      <Text strong>{props.title}</Text>
      <Text>{askedWords(row)}</Text>
      {row.answer && (
        <Text tone="soft">{`“${row.answer.text}” – ${row.answer.byName}, ${formatDateTime(row.answer.at)}`}</Text>
      )}
      {problem && <Notice tone="danger" title={problem} />}
      {props.mayWrite && row.answer === null && (
        <>
          <TextField
            label={t('statistics.questions.why', 'Vì sao số này đúng')}
            name={`answer-${row.cell}`}
            maxLength={LONGEST_WORDS}
            value={text}
            onChange={setText}
            lines={2}
          />
          <div>
            <Button disabled={text.trim() === ''} onPress={() => void send()}>
              {t('statistics.questions.send', 'Ghi lý do')}
            </Button>
          </div>
        </>
      )}
    </Stack>
  );
}
