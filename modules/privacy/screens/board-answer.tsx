/** How the officer goes on with a row: one of a few steps, in writing where it must be. */
import { api, Button, Form, RadioList, refresh, TextField, t, useForm } from '../../../web/ui/index.ts';

interface Props {
  label: string;
  /** Of what is being typed, kept on this machine. */
  draft: string;
  /** Where the answer goes, as `{[step]: …, [note]: …}`. */
  address: string;
  step: string;
  note: string;
  stepLabel: string;
  noteLabel: string;
  choices: { value: string; label: string }[];
  first: string;
  /** Written already. */
  written?: string;
  /** Letters that a step needs at least; null = nothing is written with it. */
  least(step: string): number | null;
  short: string;
  /** The list that has changed then. */
  list: string;
  onClose(): void;
}

export function BoardAnswer(props: Props) {
  const form = useForm({
    draft: props.draft,
    initial: { step: props.first, note: props.written ?? '' },
    check: ({ step, note }): Record<string, string> =>
      note.trim().length < (props.least(step) ?? 0) ? { note: props.short } : {},
    send: ({ step, note }) => api.post(props.address, { [props.step]: step, [props.note]: note }),
    onDone: () => {
      void refresh([props.list]);
      props.onClose();
    },
  });
  const least = props.least(form.values.step);
  return (
    <Form form={form} label={props.label} finish={t('privacy.save', 'Ghi')}>
      <RadioList label={props.stepLabel} choices={props.choices} {...form.field('step')} />
      {least !== null && (
        <TextField label={props.noteLabel} required={least > 0} lines={4} {...form.field('note')} />
      )}
      <Button kind="primary" submit busy={form.busy}>
        {t('privacy.save', 'Ghi')}
      </Button>
    </Form>
  );
}
