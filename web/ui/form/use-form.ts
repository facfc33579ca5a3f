/** A form's state: values kept as a draft, faults by field, sending, conflict. Drawn by `Form`. */
import { useCallback, useState } from 'react';
import { type Draft, useDraft } from '../data/draft.ts';
import { ApiFailure } from '../data/failure.ts';

export type Faults<V> = Partial<Record<keyof V & string, string>>;

export interface FormOptions<V, Out> {
  /** Draft name, `<form>.<what it is about>`; null keeps no draft. */
  draft: string | null;
  initial: V;
  /** What is wrong, by field; an empty object sends. Pure. */
  check?: (values: V) => Faults<V>;
  send: (values: V) => Promise<Out>;
  onDone?: (out: Out, values: V) => void;
}

export interface FormState<V> {
  values: V;
  set: <K extends keyof V>(name: K, value: V[K]) => void;
  setAll: Draft<V>['set'];
  /** Ties a field to the form: `<TextField label="…" {...form.field('name')} />`. */
  field: <K extends keyof V & string>(name: K) => { name: K; value: V[K]; onChange: (value: V[K]) => void };
  /** Sentence by field name, from `check` and from the server's issues. */
  errors: Record<string, string>;
  /** A fault that belongs to no field. */
  failure: ApiFailure | null;
  /** Both versions when someone else wrote first. */
  conflict: unknown;
  dismissConflict: () => void;
  busy: boolean;
  restored: boolean;
  discard: () => void;
  submit: () => Promise<void>;
}

export function useForm<V extends object, Out = unknown>(options: FormOptions<V, Out>): FormState<V> {
  const draft = useDraft<V>(options.draft, options.initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const { set: setAll, value: values } = draft;

  const set = useCallback(
    <K extends keyof V>(name: K, value: V[K]) => {
      setAll((before) => ({ ...before, [name]: value }));
      setErrors((before) => without(before, String(name)));
    },
    [setAll],
  );

  const submit = async () => {
    if (busy) return;
    const faults = Object.fromEntries(
      Object.entries(options.check?.(values) ?? {}).filter(([, text]) => text),
    );
    setErrors(faults as Record<string, string>);
    setFailure(null);
    if (Object.keys(faults).length > 0) return;
    setBusy(true);
    try {
      const out = await options.send(values);
      draft.done();
      options.onDone?.(out, values);
    } catch (error) {
      const failed = error instanceof ApiFailure ? error : new ApiFailure('defect', 0, String(error));
      setErrors(faultsOfFields(failed, values));
      setFailure(failed);
    } finally {
      setBusy(false);
    }
  };

  return {
    values,
    set,
    setAll,
    field: (name) => ({ name, value: values[name], onChange: (value) => set(name, value) }),
    errors,
    failure: failure?.conflict ? null : failure,
    conflict: failure?.conflict ? (failure.details ?? {}) : undefined,
    dismissConflict: () => setFailure(null),
    busy,
    restored: draft.restored,
    discard: draft.discard,
    submit,
  };
}

/** Issues whose `expression` is a field of the form: `birthDate`, or the end of `Patient.birthDate`. */
function faultsOfFields(failure: ApiFailure, values: object): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const issue of failure.issues) {
    const name = issue.expression
      ?.split('.')
      .at(-1)
      ?.replace(/\[\d+\]$/, '');
    if (name && name in values) faults[name] ??= issue.text;
  }
  return faults;
}

function without(errors: Record<string, string>, name: string): Record<string, string> {
  if (!(name in errors)) return errors;
  const { [name]: _gone, ...rest } = errors;
  return rest;
}
