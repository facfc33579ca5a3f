/** Before a report is handed in: what does not hold, and what is asked about it, each with a place for words. */
import { useState } from 'react';
import { Button, Dialog, language, Notice, Stack, Text, TextField, t } from '../../../web/ui/index.ts';
import { LONGEST_WORDS } from '../longest-words.ts';
import type { SheetAnswer } from '../routes-sheet.ts';
import { type Asked, askedWords } from './questions.tsx';
import { titleOf } from './titles.ts';

interface HandInProps {
  sheet: SheetAnswer;
  questions: readonly Asked[];
  problem: string | null;
  busy: boolean;
  onClose: () => void;
  onHandIn: (reason: string, answers: Record<string, string>) => void;
}

export function HandIn({ sheet, questions, problem, busy, onClose, onHandIn }: HandInProps) {
  const wrong = sheet.faults.filter(({ level }) => level === 'compulsory');
  const odd = sheet.faults.filter(({ level }) => level === 'warning');
  const open = questions.filter(({ answer }) => answer === null);
  const [reason, setReason] = useState('');
  const [words, setWords] = useState<Record<string, string>>({});
  /** For all numbers that have no words of their own: unusual numbers often have one cause. */
  const [common, setCommon] = useState('');
  const [looked, setLooked] = useState(false);
  const lacks = (text: string | undefined) =>
    looked && (text ?? '').trim() === ''
      ? t('statistics.hand-in.lacks', 'Ghi vài chữ rồi mới nộp được')
      : undefined;
  const wordsFor = (cell: string) => (words[cell] ?? '').trim() || common.trim();
  const handIn = () => {
    setLooked(true);
    if ((odd.length > 0 && reason.trim() === '') || !open.every(({ cell }) => wordsFor(cell) !== '')) return;
    onHandIn(reason.trim(), Object.fromEntries(open.map(({ cell }) => [cell, wordsFor(cell)])));
  };
  return (
    <Dialog
      title={
        wrong.length > 0
          ? t('statistics.hand-in.not-yet', 'Chưa nộp được')
          : t('statistics.hand-in', 'Trước khi nộp')
      }
      opened
      onClose={onClose}
      width={640}
      acts={
        wrong.length > 0 ? (
          <Button kind="primary" onPress={onClose}>
            {t('statistics.hand-in.mend', 'Về sửa báo cáo')}
          </Button>
        ) : (
          <>
            <Button onPress={onClose}>{t('statistics.hand-in.later', 'Để xem lại')}</Button>
            <Button kind="primary" busy={busy} onPress={handIn}>
              {t('statistics.act.submit', 'Nộp báo cáo')}
            </Button>
          </>
        )
      }
    >
      <Stack gap={16}>
        {problem && <Notice tone="danger" title={problem} />}
        {wrong.length > 0 && (
          <Notice tone="danger" title={t('statistics.wrong', 'Phải sửa trước khi nộp')}>
            <Said faults={wrong} />
          </Notice>
        )}
        {odd.length > 0 && (
          <Notice tone="look" title={t('statistics.odd', 'Nên xem lại')}>
            <Said faults={odd} />
          </Notice>
        )}
        {wrong.length === 0 && odd.length > 0 && (
          <TextField
            label={t('statistics.hand-in.reason', 'Lý do vẫn nộp; tỉnh đọc lý do này')}
            name="reason"
            maxLength={LONGEST_WORDS}
            required
            value={reason}
            onChange={setReason}
            error={lacks(reason)}
            lines={2}
          />
        )}
        {wrong.length === 0 && open.length > 1 && (
          <TextField
            label={t('statistics.hand-in.common', 'Một lý do chung cho {n} số khác thường dưới đây', {
              n: open.length,
            })}
            hint={t('statistics.hand-in.common-hint', 'Số nào có lý do riêng thì ghi ở dưới số đó.')}
            name="common"
            maxLength={LONGEST_WORDS}
            value={common}
            onChange={setCommon}
            lines={2}
          />
        )}
        {wrong.length === 0 &&
          open.map((row) => (
            <Stack key={row.cell} gap={4}>
              <Text strong>{titleOf(sheet, row.cell)}</Text>
              <Text>{askedWords(row)}</Text>
              <TextField
                label={t('statistics.questions.why', 'Vì sao số này đúng')}
                name={`answer-${row.cell}`}
                maxLength={LONGEST_WORDS}
                required={common.trim() === ''}
                value={words[row.cell] ?? ''}
                onChange={(text) => setWords((before) => ({ ...before, [row.cell]: text }))}
                error={lacks(wordsFor(row.cell))}
                placeholder={common.trim()}
              />
            </Stack>
          ))}
      </Stack>
    </Dialog>
  );
}

const Said = ({ faults }: { faults: SheetAnswer['faults'] }) =>
  faults.map(({ code, text, textEn }) => <div key={code}>{language() === 'en' ? textEn : text}</div>);
