/** What may be done with a report: printed, read in, and taken a step further on its way. */
import { useState } from 'react';
import {
  ApiFailure,
  api,
  Button,
  ButtonLink,
  Dialog,
  FileLink,
  Notice,
  Stack,
  TextField,
  t,
  toast,
  useMe,
  useMutation,
} from '../../../web/ui/index.ts';
import { LONGEST_WORDS } from '../longest-words.ts';
import type { SheetAnswer } from '../routes-sheet.ts';
import { HandIn } from './hand-in.tsx';
import { ImportFile } from './import-file.tsx';
import { useQuestions } from './questions.tsx';
import { type OpenSheet, refreshSheet } from './use-sheet.ts';

const ACT_WORDS: Record<string, () => string> = {
  submit: () => t('statistics.act.submit', 'Nộp báo cáo'),
  withdraw: () => t('statistics.act.withdraw', 'Rút lại'),
  return: () => t('statistics.act.return', 'Trả lại'),
  approve: () => t('statistics.act.approve', 'Duyệt và khoá'),
  reopen: () => t('statistics.act.reopen', 'Mở lại'),
};

export function Acts({ path, open, sheet }: { path: string; open: OpenSheet; sheet: SheetAnswer }) {
  const me = useMe();
  const [asked, setAsked] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const step = useMutation(
    async ({ act, why, answers }: { act: string; why: string; answers?: Record<string, string> }) => {
      open.take(await api.post<SheetAnswer>(`${path}/steps`, { act, reason: why, answers }));
      setAsked(null);
      setReason('');
      toast(t('statistics.step.done', 'Đã xong: {act}', { act: ACT_WORDS[act]?.() ?? act }));
    },
    { refreshes: [['reports'], ['rates'], ['sheet-questions']] },
  );
  const [problem, setProblem] = useState<string | null>(null);
  const take = (act: string, why = '', answers?: Record<string, string>) => {
    setProblem(null);
    step.run({ act, why, ...(answers ? { answers } : {}) }).catch((error: Error) => {
      setProblem(error.message);
      // Somebody else was faster: the page shows what stands now.
      if (!(error instanceof ApiFailure) || error.code !== 'conflict') return;
      setAsked(null);
      refreshSheet();
    });
  };
  const { rows: questions } = useQuestions(path, sheet);
  const unsaid = sheet.faults.length + questions.filter(({ answer }) => answer === null).length;
  return (
    <>
      <ButtonLink to="/bao-cao">{t('statistics.back', 'Danh sách')}</ButtonLink>
      <FileLink href={`${path}/file.pdf`}>{t('statistics.print', 'In')}</FileLink>
      <FileLink href={`${path}/file.xlsx`} save>
        {t('statistics.xlsx', 'Tải Excel')}
      </FileLink>
      {me.roles.some((role) => role === 'province-operator' || role === 'surveillance') && (
        <FileLink href={`/api/statistics/province/${sheet.form.key}/${sheet.period}/file.xlsx`} save>
          {t('statistics.xlsx.units', 'Excel mọi đơn vị')}
        </FileLink>
      )}
      {sheet.may.write && (
        <ImportFile
          form={sheet.form.key}
          unit={sheet.unit.id}
          period={sheet.period}
          path={path}
          onDone={open.take}
        />
      )}
      {sheet.may.acts.map((act) =>
        act === 'submit' || act === 'approve' ? (
          <Button
            key={act}
            kind="primary"
            busy={step.busy}
            disabled={open.saving !== 'saved'}
            onPress={() => (act === 'submit' && unsaid > 0 ? setAsked(act) : take(act))}
          >
            {ACT_WORDS[act]!()}
          </Button>
        ) : (
          <Button key={act} onPress={() => setAsked(act)}>
            {ACT_WORDS[act]!()}
          </Button>
        ),
      )}
      <Dialog
        title={asked ? ACT_WORDS[asked]!() : ''}
        opened={asked !== null && asked !== 'submit'}
        onClose={() => setAsked(null)}
        acts={
          <Button kind="primary" busy={step.busy} onPress={() => asked && take(asked, reason)}>
            {asked ? ACT_WORDS[asked]!() : ''}
          </Button>
        }
      >
        <Stack>
          {problem && <Notice tone="danger" title={problem} />}
          <TextField
            label={t('statistics.why', 'Lý do')}
            name="why"
            maxLength={LONGEST_WORDS}
            required
            value={reason}
            onChange={setReason}
            lines={3}
          />
        </Stack>
      </Dialog>
      {asked === 'submit' && (
        <HandIn
          sheet={sheet}
          questions={questions}
          problem={problem}
          busy={step.busy}
          onClose={() => setAsked(null)}
          onHandIn={(why, answers) => take('submit', why, answers)}
        />
      )}
      {problem && asked === null && (
        <Dialog title={t('statistics.not-done', 'Chưa làm được')} opened onClose={() => setProblem(null)}>
          <Notice tone="danger" title={problem} />
        </Dialog>
      )}
    </>
  );
}
