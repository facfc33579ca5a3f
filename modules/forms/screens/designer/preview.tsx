/** The form as it will be filled in, and the test cases made from it. */
import { useDeferredValue, useMemo, useState } from 'react';
import { type Form, openForm } from '../../../../engines/forms/browser.ts';
import type { Questionnaire } from '../../../../kernel/fhir/types.ts';
import {
  api,
  Badge,
  Button,
  Empty,
  Notice,
  Row,
  refresh,
  Stack,
  Text,
  TextField,
  t,
} from '../../../../web/ui/index.ts';
import { givenAnswers, outcomeOf, runTrial, type Trial } from '../../design/trials.ts';
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

export function Trials(props: { designKey: string; form: Questionnaire; trials: readonly Trial[] }) {
  const { trials } = props;
  if (trials.length === 0)
    return (
      <Empty title={t('forms.design.no-trials', 'Chưa có ca thử nào')}>
        {t(
          'forms.design.no-trials-what',
          'Ở mục "Xem thử", điền câu trả lời rồi ghi làm ca thử; mỗi ca được chạy trước khi công bố.',
        )}
      </Empty>
    );
  const remove = async (name: string) => {
    await api.remove(`/api/forms/designs/${props.designKey}/trials?name=${encodeURIComponent(name)}`);
    await refresh(['forms', 'design', props.designKey]);
  };
  return (
    <Stack gap={12}>
      {trials.map((trial) => (
        <TrialLine
          key={trial.name}
          form={props.form}
          trial={trial}
          onRemove={() => void remove(trial.name)}
        />
      ))}
    </Stack>
  );
}

function TrialLine(props: { form: Questionnaire; trial: Trial; onRemove: () => void }) {
  const result = useMemo(() => {
    try {
      return runTrial(props.form, props.trial);
    } catch (error) {
      return {
        name: props.trial.name,
        passed: false,
        differing: [{ path: '', expected: '', got: String(error) }],
      };
    }
  }, [props.form, props.trial]);
  return (
    <div>
      <Row gap={8}>
        <Badge tone={result.passed ? 'done' : 'danger'}>
          {result.passed ? t('forms.design.passed', 'Đạt') : t('forms.design.failed', 'Không đạt')}
        </Badge>
        <Text strong>{props.trial.name}</Text>
        <Button small kind="quiet" onPress={props.onRemove}>
          {t('forms.remove', 'Bỏ')}
        </Button>
      </Row>
      {result.differing.map((one) => (
        <Notice
          key={one.path}
          tone="look"
          title={t('forms.design.differing', '{place}: mong đợi {expected}, ra {got}', {
            place: one.path || t('forms.design.faults-of', 'các chỗ sai'),
            expected: one.expected || '–',
            got: one.got || '–',
          })}
        />
      ))}
    </div>
  );
}
