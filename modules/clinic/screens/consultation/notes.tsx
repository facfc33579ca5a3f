/** Complaint, history, findings, advice; F2 expands abbreviations where the caret stands. */
import { Columns, KEYS, Panel, Stack, TextField, t, toast, useKeys } from '../../../../web/ui/index.ts';
import type { ClinicLists, ConsultationInput } from '../../contract.ts';
import { expandAbbreviation } from './expand.ts';

export type NoteName = 'complaint' | 'illness' | 'exam' | 'advice';

export function Notes(props: {
  input: ConsultationInput;
  /** What was said at reception: it stands in the visit and is not typed again. */
  reason: string;
  readOnly: boolean;
  onChange: (name: NoteName, text: string) => void;
}) {
  const field = (name: NoteName, label: string, lines?: number) => (
    <TextField
      label={label}
      name={name}
      lines={lines}
      value={props.input[name]}
      placeholder={name === 'complaint' && !props.readOnly ? props.reason : undefined}
      onChange={(text) => props.onChange(name, text)}
      readOnly={props.readOnly}
    />
  );
  return (
    <Panel title={t('clinic.exam', 'Hỏi và khám')}>
      <Columns widths={['1fr', '1fr']}>
        <Stack gap={12}>
          {field('complaint', t('clinic.complaint', 'Lý do khám'))}
          {field('illness', t('clinic.illness', 'Quá trình bệnh lý'), 2)}
        </Stack>
        <Stack gap={12}>
          {field('exam', t('clinic.findings', 'Khám lâm sàng'), 2)}
          {field('advice', t('clinic.advice', 'Hướng điều trị, lời dặn'))}
        </Stack>
      </Columns>
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
    if (!lists || !isTextBox(box) || !(box.name in PLACES)) return;
    const name = box.name as NoteName;
    const caret = box.selectionStart ?? box.value.length;
    const expanded = expandAbbreviation(box.value, caret, PLACES[name], lists.abbreviations);
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

function isTextBox(box: Element | null): box is HTMLInputElement | HTMLTextAreaElement {
  return box instanceof HTMLTextAreaElement || box instanceof HTMLInputElement;
}
