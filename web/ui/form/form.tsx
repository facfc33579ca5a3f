/** A form on the page: Enter goes to the next field, Ctrl+Enter finishes, faults are summed up and jumped to. */
import { type FormEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { Notice } from '../feedback/notice.tsx';
import { t } from '../i18n/language.ts';
import { useKeys } from '../keys/keys.tsx';
import { KEYS } from '../keys/registry.ts';
import { Button } from './button.tsx';
import { enterGoesOn } from './enter-goes-on.ts';
import { FormContext } from './form-context.ts';
import type { FormState } from './use-form.ts';

/**
 * @param props.finish label of Ctrl+Enter in the key strip: "Ký và in"
 * @param props.label what the form is, for screen readers
 */
export function Form<V extends object>(props: {
  form: FormState<V>;
  label: string;
  finish: string;
  children: ReactNode;
}) {
  const { form } = props;
  const box = useRef<HTMLFormElement>(null);
  useKeys([{ key: KEYS.finish, label: props.finish, run: () => void form.submit(), disabled: form.busy }]);
  const context = useMemo(() => ({ errors: form.errors }), [form.errors]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    void form.submit();
  };
  return (
    <FormContext value={context}>
      <form
        ref={box}
        className="yb-form"
        aria-label={props.label}
        noValidate
        onSubmit={send}
        onKeyDown={(event) => enterGoesOn(event)}
      >
        <DraftNote form={form} />
        <ErrorSummary form={form} box={box} />
        {props.children}
      </form>
    </FormContext>
  );
}

function DraftNote<V extends object>(props: { form: FormState<V> }) {
  if (!props.form.restored) return null;
  return (
    <div className="yb-draft-note" role="status">
      {t('ui.draft.restored', 'Đã mở lại phần gõ dở trước đó.')}
      <Button kind="quiet" small onPress={props.form.discard}>
        {t('ui.draft.discard', 'Bỏ, làm lại từ đầu')}
      </Button>
    </div>
  );
}

/** All faults in one place; each line jumps to its field. Takes the focus when faults appear, not while they are put right. */
export function ErrorSummary<V extends object>(props: {
  form: FormState<V>;
  box: { current: HTMLFormElement | null };
}) {
  const { errors, failure } = props.form;
  const summary = useRef<HTMLDivElement>(null);
  const names = Object.keys(errors);
  const shape = names.join(' ') + (failure?.message ?? '');
  const shown = useRef(0);
  const count = names.length + (failure ? 1 : 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other faults of the same number are faults that appeared
  useEffect(() => {
    if (count > 0 && count >= shown.current) summary.current?.focus();
    shown.current = count;
  }, [shape, count]);
  if (names.length === 0 && !failure) return null;
  if (names.length === 0) {
    return (
      <div ref={summary} tabIndex={-1} role="alert">
        <Notice tone="danger" title={failure?.message}>
          {failure?.issues.slice(1).map((issue) => (
            <div key={issue.text}>{issue.text}</div>
          ))}
        </Notice>
      </div>
    );
  }
  return (
    <div className="yb-summary" ref={summary} tabIndex={-1} role="alert">
      <strong>{t('ui.summary', 'Còn {n} chỗ cần sửa:', { n: names.length })}</strong>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <button type="button" onClick={() => fieldOf(props.box.current, name)?.focus()}>
              {labelOf(props.box.current, name)}: {errors[name]}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** By its name, else inside the box that carries it: one that draws a question of a form. */
function fieldOf(form: HTMLFormElement | null, name: string): HTMLInputElement | null {
  const boxed = `[data-field="${CSS.escape(name)}"] :is(input, select, textarea)`;
  const found = form?.elements.namedItem(name) ?? form?.querySelector(boxed) ?? null;
  return (found instanceof RadioNodeList ? found[0] : found) as HTMLInputElement | null;
}

/** Of choices the words above them, not those of the first. */
function labelOf(form: HTMLFormElement | null, name: string): string {
  const field = fieldOf(form, name);
  const legend =
    field?.type === 'radio' ? field.closest('fieldset')?.querySelector('legend')?.textContent : null;
  const label = legend ?? field?.labels?.[0]?.textContent;
  return label?.replace(/\s*\*\s*$/, '') ?? name;
}
