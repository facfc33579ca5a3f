/** Complaint, history, findings, advice; F2 expands abbreviations where the caret stands. */
import { KEYS, Panel, Stack, TextField, t, toast, useKeys } from '../../../../web/ui/index.ts';
import type { ClinicLists, ConsultationInput } from '../../contract.ts';
import { expandAbbreviation } from './expand.ts';

export type NoteName = 'complaint' | 'illness' | 'exam' | 'advice';

export function Notes(props: {
  input: ConsultationInput;
  readOnly: boolean;
  onChange: (name: NoteName, text: string) => void;
}) {
  const field = (name: NoteName, label: string, lines: number) => (
    <TextField
      label={label}
      name={name}
      lines={lines}
      value={props.input[name]}
      onChange={(text) => props.onChange(name, text)}
      readOnly={props.readOnly}
    />
  );
  return (
    <Panel title={t('clinic.exam', 'Hỏi và khám')}>
      <Stack gap={12}>
        {field('complaint', t('clinic.complaint', 'Lý do khám'), 1)}
        {field('illness', t('clinic.illness', 'Quá trình bệnh lý'), 2)}
        {field('exam', t('clinic.findings', 'Khám lâm sàng'), 3)}
        {field('advice', t('clinic.advice', 'Hướng điều trị, lời dặn'), 1)}
      </Stack>
    </Panel>
  );
}

const PLACES: Record<NoteName, string> = {
  complaint: 'complaint',
  illness: 'illness',
  exam: 'exam',
  advice: 'plan',
};

/** Registers F2 for the text that has the focus. */
export function useAbbreviations(
  lists: ClinicLists | undefined,
  onChange: (name: NoteName, text: string) => void,
  readOnly: boolean,
): void {
  const run = () => {
    const box = document.activeElement;
    if (!lists || !(box instanceof HTMLTextAreaElement) || !(box.name in PLACES)) return;
    const name = box.name as NoteName;
    const expanded = expandAbbreviation(box.value, box.selectionStart, PLACES[name], lists.abbreviations);
    if (!expanded) {
      const known = lists.abbreviations
        .filter((one) => one.fields.includes(PLACES[name]))
        .map((one) => one.short);
      toast({
        tone: 'info',
        text: t('clinic.abbreviation.none', 'Gõ chữ tắt rồi F2. Ô này có: {list}', {
          list: known.join(', '),
        }),
      });
      return;
    }
    onChange(name, expanded.text);
    requestAnimationFrame(() => box.setSelectionRange(expanded.caret, expanded.caret));
  };
  useKeys([{ key: KEYS.abbreviations, label: t('clinic.abbreviation', 'Chữ tắt'), run, disabled: readOnly }]);
}
