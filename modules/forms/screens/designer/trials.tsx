/** Test cases of a form: whether each still comes out as it did, what differs in words, and what to do about it. */
import { useMemo } from 'react';
import type { Questionnaire } from '../../../../kernel/fhir/types.ts';
import { api, Badge, Button, Empty, Notice, Row, refresh, Stack, Text, t } from '../../../../web/ui/index.ts';
import { openTrial, outcomeOf, runTrial, strayAnswers, type Trial } from '../../design/trials.ts';

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
  const at = `/api/forms/designs/${props.designKey}/trials`;
  const then = () => refresh(['forms', 'design', props.designKey]);
  const remove = (name: string) => api.remove(`${at}?name=${encodeURIComponent(name)}`).then(then);
  const accept = (trial: Trial) =>
    api.put(at, { ...trial, expected: outcomeOf(openTrial(props.form, trial)) }).then(then);
  return (
    <Stack gap={12}>
      {trials.map((trial) => (
        <TrialLine
          key={trial.name}
          form={props.form}
          trial={trial}
          onRemove={() => void remove(trial.name)}
          onAccept={() => void accept(trial)}
        />
      ))}
    </Stack>
  );
}

interface LineProps {
  form: Questionnaire;
  trial: Trial;
  onRemove: () => void;
  /** What comes out now is what must come out. */
  onAccept: () => void;
}

function TrialLine(props: LineProps) {
  const { form, trial } = props;
  const { passed, differing, opens } = useMemo(() => judged(form, trial), [form, trial]);
  const stray = strayAnswers(form, trial);
  return (
    <Stack gap={4}>
      <Row gap={8} wrap>
        <Badge tone={passed ? 'done' : 'danger'}>
          {passed ? t('forms.design.passed', 'Đạt') : t('forms.design.failed', 'Không đạt')}
        </Badge>
        <Text strong>{trial.name}</Text>
        {!passed && opens && stray.length === 0 && (
          <Button small onPress={props.onAccept}>
            {t('forms.design.accept', 'Kết quả bây giờ mới đúng')}
          </Button>
        )}
        <Button small kind="quiet" onPress={props.onRemove}>
          {t('forms.remove', 'Bỏ')}
        </Button>
      </Row>
      {stray.length > 0 && (
        <Notice
          tone="look"
          title={t(
            'forms.design.stray',
            'Ca này trả lời câu không còn trong biểu mẫu: {links}. Điền lại ở "Xem thử" và ghi cùng tên.',
            { links: stray.join(', ') },
          )}
        />
      )}
      {differing.map((one) => (
        <Notice
          key={one.place}
          tone="look"
          title={t('forms.design.differing', '{place}: mong đợi {expected}, ra {got}', {
            place: one.place || t('forms.design.faults-of', 'các chỗ sai'),
            expected: one.expected || '–',
            got: one.got || '–',
          })}
        />
      ))}
    </Stack>
  );
}

interface Judged {
  passed: boolean;
  /** Whether the form can be filled in at all. */
  opens: boolean;
  differing: { place: string; expected: string; got: string }[];
}

function judged(form: Questionnaire, trial: Trial): Judged {
  try {
    const open = openTrial(form, trial);
    const { passed, differing } = runTrial(form, trial);
    const places = differing.map(({ path, ...rest }) => ({ place: open.read(path)?.text || path, ...rest }));
    return { passed, opens: true, differing: places };
  } catch (error) {
    return { passed: false, opens: false, differing: [{ place: '', expected: '', got: String(error) }] };
  }
}
