/** What was seen after a dose. Vaccine, lot, site and hour stand there already: they come from the dose. */
import {
  api,
  Button,
  CheckBox,
  DateField,
  Facts,
  Form,
  formatDate,
  formatDateTime,
  Loaded,
  Notice,
  Row,
  refresh,
  SelectField,
  Stack,
  TextField,
  t,
  toast,
  today,
  useForm,
  useQuery,
} from '../../../web/ui/index.ts';
import type { SuspectDose } from '../reactions/routes.ts';

interface ReactionValues {
  text: string;
  onset: string | null;
  outcome: string;
  isSerious: boolean;
}

interface Written {
  held: string[];
  reportBy: string | null;
}

export const OUTCOMES = ['ongoing', 'recovering', 'resolved', 'resolvedWithSequelae', 'fatal', 'unknown'];

export function outcomeWord(outcome: string): string {
  const words: Record<string, string> = {
    ongoing: t('programmes.outcome.ongoing', 'Đang diễn biến'),
    recovering: t('programmes.outcome.recovering', 'Đang hồi phục'),
    resolved: t('programmes.outcome.resolved', 'Đã khỏi'),
    resolvedWithSequelae: t('programmes.outcome.sequelae', 'Khỏi, có di chứng'),
    fatal: t('programmes.outcome.fatal', 'Tử vong'),
    unknown: t('programmes.outcome.unknown', 'Chưa rõ'),
  };
  return words[outcome] ?? outcome;
}

export function ReactionForm({ dose, onDone }: { dose: string; onDone: () => void }) {
  const at = encodeURIComponent(dose);
  const read = useQuery<SuspectDose>(['programmes', 'dose', dose], `/api/programmes/doses/${at}`);
  const form = useForm<ReactionValues, Written>({
    draft: `reaction.${dose}`,
    initial: { text: '', onset: today(), outcome: 'ongoing', isSerious: false },
    check: ({ text }) =>
      text.trim() === '' ? { text: t('programmes.reaction.missing', 'Ghi phản ứng thấy được.') } : {},
    send: (values) =>
      api.post(`/api/programmes/doses/${at}/reactions`, { ...values, onset: values.onset ?? '' }),
    onDone: ({ held, reportBy }) => {
      toast(
        reportBy
          ? t('programmes.reaction.report-by', 'Đã ghi. Báo cáo trước {time}{held}', {
              time: formatDateTime(reportBy),
              held:
                held.length > 0
                  ? t('programmes.reaction.held', '; đã giữ lô {lot}', { lot: held.join(', ') })
                  : '',
            })
          : t('programmes.reaction.saved', 'Đã ghi phản ứng sau tiêm'),
      );
      void refresh(['programmes']);
      onDone();
    },
  });
  return (
    <Stack gap={12}>
      <Loaded read={read}>{(found) => <Suspect dose={found} />}</Loaded>
      <Form
        form={form}
        label={t('programmes.reaction', 'Phản ứng sau tiêm')}
        finish={t('programmes.reaction.save', 'Ghi phản ứng')}
      >
        <Stack gap={12}>
          <TextField
            label={t('programmes.reaction', 'Phản ứng sau tiêm')}
            hint={t('programmes.reaction.hint', 'Ví dụ: sốt 39,2 °C sau 6 giờ, quấy khóc')}
            required
            {...form.field('text')}
          />
          <DateField
            label={t('programmes.reaction.onset', 'Bắt đầu ngày')}
            full
            expect="past"
            {...form.field('onset')}
          />
          <SelectField
            label={t('programmes.reaction.outcome', 'Diễn biến')}
            choices={OUTCOMES.map((value) => ({ value, label: outcomeWord(value) }))}
            {...form.field('outcome')}
          />
          <CheckBox
            name="isSerious"
            label={t('programmes.reaction.serious', 'Nặng: dừng buổi tiêm, giữ lô, báo trong 24 giờ')}
            checked={form.values.isSerious}
            onChange={(isSerious) => form.set('isSerious', isSerious)}
          />
          {form.values.isSerious && (
            <Notice
              tone="danger"
              title={t(
                'programmes.reaction.serious-hint',
                'Cấp cứu trước, ghi sau. Lô này không được tiêm tiếp tại đơn vị.',
              )}
            />
          )}
          <Row gap={8}>
            <Button kind="primary" submit busy={form.busy}>
              {t('programmes.reaction.save', 'Ghi phản ứng')}
            </Button>
          </Row>
        </Stack>
      </Form>
    </Stack>
  );
}

function Suspect({ dose }: { dose: SuspectDose }) {
  return (
    <Facts
      items={[
        [t('programmes.session.vaccine', 'Vắc xin'), dose.vaccine],
        [t('programmes.dose.lot', 'Số lô'), dose.lot || '–'],
        [t('programmes.dose.expires', 'Hạn dùng'), dose.expires ? formatDate(dose.expires) : '–'],
        [t('programmes.dose.site', 'Vị trí'), dose.site || '–'],
        [t('programmes.reaction.given', 'Tiêm lúc'), whenGiven(dose.given)],
      ]}
    />
  );
}

/** Of doses of long ago only the day is known. */
function whenGiven(given: string): string {
  if (given === '') return '–';
  return given.length > 10 ? formatDateTime(given) : formatDate(given);
}
