/** The form as it will be filled in, and a test case made of what is filled in. */
import { useDeferredValue, useMemo, useState } from 'react';
import { type Form, openForm } from '../../../../engines/forms/browser.ts';
import type { Questionnaire } from '../../../../kernel/fhir/types.ts';
import { api, Button, Empty, Row, refresh, Stack, TextField, t } from '../../../../web/ui/index.ts';
import { givenAnswers, outcomeOf, type Trial } from '../../design/trials.ts';
import { FormItem } from '../fill/field.tsx';
import { type FormScope, Scope } from '../fill/form-scope.ts';
import { Sections } from '../fill/sections.tsx';
import '../fill/fill.css';

function tryOpen(form: Questionnaire): Form | null {
  try {
    return openForm(form, { now: new Date() });
  } catch {
    // A form that is half written cannot always be opened; its faults stand beside it.
    return null;
  }
}

export function Preview(props: { designKey: string; form: Questionnaire }) {
  const form = useDeferredValue(props.form);
  const open = useMemo(() => tryOpen(form), [form]);
  const scope = useMemo<FormScope | null>(
    () =>
      open && {
        form: open,
        Item: FormItem,
        patient: '',
        readOnly: false,
        missing: new Map(),
        previousAt: null,
      },
    [open],
  );
  if (!open || !scope || open.paths.length === 0)
    return (
      <Empty title={t('forms.design.nothing', 'Chưa có gì để xem')}>
        {t('forms.design.nothing-what', 'Thêm câu hỏi ở cột bên trái; biểu mẫu hiện ra ở đây như lúc điền.')}
      </Empty>
    );
  return (
    <Scope value={scope}>
      <Stack gap={12}>
        <KeepAsTrial designKey={props.designKey} form={form} open={open} />
        <Sections onLast={() => undefined} />
      </Stack>
    </Scope>
  );
}

/** What is filled in just now becomes a test case: what came of it is what must come of it. */
function KeepAsTrial(props: { designKey: string; form: Questionnaire; open: Form }) {
  const [name, setName] = useState('');
  const keep = async () => {
    const trial: Trial = {
      name: name.trim(),
      now: new Date().toISOString(),
      response: givenAnswers(props.form, props.open.response('in-progress')),
      expected: outcomeOf(props.open),
    };
    await api.put(`/api/forms/designs/${props.designKey}/trials`, trial);
    setName('');
    await refresh(['forms', 'design', props.designKey]);
  };
  return (
    <Row gap={8} align="end">
      <TextField
        label={t('forms.design.trial-name', 'Ghi câu trả lời dưới đây làm ca thử')}
        value={name}
        onChange={setName}
        width={320}
      />
      <Button disabled={name.trim() === ''} onPress={() => void keep()}>
        {t('forms.design.keep-trial', 'Ghi ca thử')}
      </Button>
    </Row>
  );
}
