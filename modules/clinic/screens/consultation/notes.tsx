/** What is written down in words, as the content lists it; F2 expands abbreviations where the caret stands. */
import {
  Columns,
  KEYS,
  language,
  Panel,
  Stack,
  TextField,
  t,
  toast,
  useKeys,
} from '../../../../web/ui/index.ts';
import type { ClinicLists, NoteField } from '../../contract.ts';
import { expandAbbreviation } from './expand.ts';

export function Notes(props: {
  fields: readonly NoteField[];
  notes: Readonly<Record<string, string>>;
  /** What was said at reception: it stands in the visit and is not typed again. */
  reason: string;
  readOnly: boolean;
  onChange: (key: string, text: string) => void;
}) {
  const columns = [...new Set(props.fields.map(({ column }) => column))].sort();
  return (
    <Panel title={t('clinic.exam', 'Hỏi và khám')}>
      <Columns widths={columns.map(() => '1fr')}>
        {columns.map((column) => (
          <Stack key={column} gap={12}>
            {props.fields
              .filter((field) => field.column === column)
              .map((field) => (
                <TextField
                  key={field.key}
                  label={noteName(field)}
                  name={nameOf(field)}
                  {...(field.lines > 1 ? { lines: field.lines } : {})}
                  value={props.notes[field.key] ?? ''}
                  placeholder={field.fromReception && !props.readOnly ? props.reason : undefined}
                  onChange={(text) => props.onChange(field.key, text)}
                  readOnly={props.readOnly}
                />
              ))}
          </Stack>
        ))}
      </Columns>
    </Panel>
  );
}

export const noteName = (field: NoteField) => (language() === 'en' ? field.nameEn : field.name);

/** As the server names the field in a fault. */
const nameOf = ({ key }: NoteField) => `notes.${key}`;

/** Registers F2 for the text that has the focus. */
export function useAbbreviations(
  lists: ClinicLists | undefined,
  fields: readonly NoteField[],
  onChange: (key: string, text: string) => void,
  readOnly: boolean,
): void {
  const run = () => {
    const box = document.activeElement;
    if (!lists || !isTextBox(box)) return;
    const field = fields.find((one) => nameOf(one) === box.name);
    if (!field) return;
    const caret = box.selectionStart ?? box.value.length;
    const expanded = expandAbbreviation(box.value, caret, field.abbreviations, lists.abbreviations);
    if (!expanded) {
      const known = lists.abbreviations
        .filter((one) => one.fields.includes(field.abbreviations))
        .map((one) => one.short);
      toast({
        tone: 'info',
        text: t('clinic.abbreviation.none', 'Gõ chữ tắt rồi F2. Ô này có: {list}', {
          list: known.join(', '),
        }),
      });
      return;
    }
    onChange(field.key, expanded.text);
    requestAnimationFrame(() => box.setSelectionRange(expanded.caret, expanded.caret));
  };
  useKeys([{ key: KEYS.abbreviations, label: t('clinic.abbreviation', 'Chữ tắt'), run, disabled: readOnly }]);
}

function isTextBox(box: Element | null): box is HTMLInputElement | HTMLTextAreaElement {
  return box instanceof HTMLTextAreaElement || box instanceof HTMLInputElement;
}
