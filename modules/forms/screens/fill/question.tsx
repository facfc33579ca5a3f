/** A question with its answers: the control its type asks for, help, faults, the earlier answer, questions under an answer. */
import { useDeferredValue, useRef } from 'react';
import type { FieldFace, FieldState } from '../../../../engines/forms/browser.ts';
import { Button, formatDate, Key, Stack, Text, t } from '../../../../web/ui/index.ts';
import { Asides } from './asides.tsx';
import { AttachmentControl } from './attachment-control.tsx';
import { ChoiceControl } from './choice-control.tsx';
import { useScope } from './form-scope.ts';
import { OptionPictures, Shown } from './media.tsx';
import { QuantityControl } from './quantity-control.tsx';
import { ReferenceControl } from './reference-control.tsx';
import { SimpleControl } from './simple-control.tsx';
import { wordsOf } from './words.ts';

/** What a control is given to draw itself. */
export interface ControlProps {
  state: FieldState;
  face: FieldFace;
  label: string;
  bare: boolean;
  readOnly: boolean;
  error: string | undefined;
  hint: string | undefined;
  onChange: (values: readonly unknown[]) => void;
}

export function Question(props: { state: FieldState; face: FieldFace; level: number; bare: boolean }) {
  const { state, face } = props;
  const scope = useScope();
  // The frame of a key shows the letter; a sentence that comes or goes moves what is around it, and may do so in the next one.
  const issues = useIssues(state);
  const error = useDeferredValue(issues.find(({ severity }) => severity === 'error')?.text);
  const advice = useDeferredValue(issues.find(({ severity }) => severity !== 'error')?.text);
  const missing = state.values.length === 0 ? scope.missing.get(state.path) : undefined;
  const hints = [face.instructions, face.help, face.entryFormat, calculatedHint(state)].filter(Boolean);
  const control: ControlProps = {
    state,
    face,
    label: state.prefix ? `${state.prefix} ${state.text}` : state.text,
    bare: props.bare,
    readOnly: scope.readOnly || state.readOnly,
    error: error ?? (missing || undefined),
    hint: hints.length > 0 && !props.bare ? hints.join(' ') : undefined,
    onChange: (values) => scope.form.set(state.path, values),
  };
  return (
    <div className="fm-question" data-field={state.path} title={face.flyover ?? undefined}>
      <Shown media={face.media} name={control.label} />
      <Control {...control} />
      <OptionPictures options={state.options} />
      {advice && (
        <Text size={13} tone="look">
          {advice}
        </Text>
      )}
      {state.asides.length > 0 && <Asides asides={state.asides} />}
      {!scope.readOnly && !state.readOnly && <Previous state={state} />}
      {state.repeats.map((answer) => (
        <div className="fm-under" key={answer.path}>
          <Stack gap={12}>
            {answer.children.map((child) => (
              <scope.Item key={child} path={child} level={props.level} />
            ))}
          </Stack>
        </div>
      ))}
    </div>
  );
}

/** Faults to say now: nobody is blamed for a box that they have not come to, until they try to finish. */
function useIssues(state: FieldState): FieldState['issues'] {
  const { missing } = useScope();
  const wasAnswered = useRef(false);
  if (state.values.length > 0) wasAnswered.current = true;
  return wasAnswered.current || missing.has(state.path) ? state.issues : [];
}

function Control(props: ControlProps) {
  switch (props.state.type) {
    case 'choice':
    case 'open-choice':
      return <ChoiceControl {...props} />;
    case 'quantity':
      return <QuantityControl {...props} />;
    case 'attachment':
      return <AttachmentControl {...props} />;
    case 'reference':
      return <ReferenceControl {...props} />;
    default:
      return <SimpleControl {...props} />;
  }
}

/** Said before there is a value, too: a sentence that came with it would move the page under the typing hand. */
function calculatedHint(state: FieldState): string | null {
  return state.calculated ? t('forms.calculated', 'Máy tính sẵn.') : null;
}

/** What was answered the last time: with its date, and taken over by one key. */
function Previous({ state }: { state: FieldState }) {
  const { form, previousAt } = useScope();
  const before = previousAt === null ? [] : form.previous(state.path);
  if (before.length === 0 || JSON.stringify(before) === JSON.stringify(state.values)) return null;
  const words = before.map((value) => wordsOf(value, state)).join(', ');
  return (
    <div className="fm-previous">
      <Text size={13} tone="soft">
        {t('forms.previous', 'Lần trước ({date}): {words}', {
          date: formatDate(previousAt!.slice(0, 10)),
          words,
        })}
      </Text>
      <Button kind="quiet" small onPress={() => form.set(state.path, before)} label={undefined}>
        {t('forms.take-over', 'Lấy lại')} <Key>{PREVIOUS_KEY}</Key>
      </Button>
    </div>
  );
}

/** Takes the earlier answer of the field that has the focus. */
export const PREVIOUS_KEY = 'Ctrl+↑';
