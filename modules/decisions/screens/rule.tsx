/** One rule: what it says, what it showed, its runs over the past, and the switch. */
import {
  api,
  Button,
  Dialog,
  Facts,
  Form,
  formatDate,
  formatDateTime,
  formatNumber,
  Heading,
  hasRole,
  Loaded,
  Notice,
  RadioList,
  Row,
  refresh,
  roleName,
  Stack,
  Table,
  Text,
  TextField,
  t,
  useForm,
  useMe,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import type { RuleRow, Share, TrialView } from '../contract.ts';
import { stateWords, worded } from './words.tsx';

/** The largest; the others are in the numbers above. */
const MOST_UNITS = 8;
const READ = 'decisions-rule';
/** How often the progress of a run is looked at. */
const LOOK_AGAIN_MS = 2_000;

export function RuleDialog(props: { rule: string; onClose: () => void }) {
  const read = useQuery<RuleRow>([READ, props.rule], `/api/decisions/rules/${props.rule}`, {
    every: LOOK_AGAIN_MS,
  });
  return (
    <Dialog
      title={read.data ? worded(read.data.title, read.data.titleEn) : t('decisions.rule', 'Quy tắc')}
      opened
      onClose={props.onClose}
      width={760}
    >
      <Loaded read={read}>{(rule) => <Opened rule={rule} onClose={props.onClose} />}</Loaded>
    </Dialog>
  );
}

function Opened({ rule, onClose }: { rule: RuleRow; onClose: () => void }) {
  const me = useMe();
  const decides = hasRole(me, ['content-officer', 'administrator']);
  return (
    <Stack gap={16}>
      <Text>{worded(rule.description, rule.descriptionEn)}</Text>
      <Facts
        items={[
          [t('decisions.source', 'Nguồn'), rule.source],
          [t('decisions.owner', 'Chịu trách nhiệm'), rule.owner],
          [t('decisions.version', 'Hiệu lực từ'), formatDate(rule.from)],
          [t('decisions.state', 'Trạng thái'), stateWords(rule.state)],
          [
            t('decisions.decided', 'Quyết định'),
            rule.decided && `${rule.decided.name}, ${formatDateTime(rule.decided.at)}: ${rule.decided.note}`,
          ],
          ...(rule.hardStop
            ? [
                [
                  t('decisions.hard-stop', 'Chặn hẳn, không ai ký được'),
                  `${rule.hardStop.by}, ${rule.hardStop.on && formatDate(rule.hardStop.on)} (${rule.hardStop.source})`,
                ] as const,
              ]
            : []),
        ]}
      />
      {rule.toReview && (
        <Notice tone="look" title={t('decisions.review', 'Cần xem lại')}>
          {t('decisions.review.say', 'Hơn 90 % thẻ bị bỏ qua: sửa điều kiện, hạ mức, hoặc tắt quy tắc.')}
        </Notice>
      )}
      <Shown rule={rule} />
      <Trial rule={rule} decides={decides} />
      {decides && <Switch rule={rule} onClose={onClose} />}
    </Stack>
  );
}

function Shown({ rule }: { rule: RuleRow }) {
  if (rule.shown === 0)
    return <Text tone="soft">{t('decisions.shown.none', 'Chưa hiện thẻ nào trong 90 ngày.')}</Text>;
  return (
    <Stack gap={8}>
      <Table
        label={t('decisions.by-role', 'Theo vai trò')}
        rows={rule.byRole}
        rowKey={(one) => one.role}
        columns={[
          {
            key: 'role',
            title: t('decisions.role', 'Vai trò'),
            draw: (one) =>
              one.role === ''
                ? t('decisions.other-system', 'Hệ thống khác')
                : roleName(one.role as Parameters<typeof roleName>[0]),
          },
          {
            key: 'shown',
            title: t('decisions.shown', 'Đã hiện'),
            align: 'right',
            draw: (one) => formatNumber(one.shown),
          },
          {
            key: 'overridden',
            title: t('decisions.overridden', 'Bỏ qua'),
            align: 'right',
            draw: (one) =>
              `${formatNumber(one.overridden)} (${formatNumber(Math.round((one.overridden / one.shown) * 100))} %)`,
          },
        ]}
      />
      <Shares label={t('decisions.by-unit', 'Theo đơn vị')} shares={rule.byUnit} />
      <Shares label={t('decisions.by-person', 'Theo người')} shares={rule.byPerson} />
      <Shares
        label={t('decisions.by-month', 'Theo tháng')}
        shares={rule.byMonth.map((one) => ({ ...one, title: monthWords(one.name) }))}
      />
      {rule.reasons.length > 0 && (
        <Facts
          items={rule.reasons.map((one) => [worded(one.name, one.nameEn), formatNumber(one.count)] as const)}
        />
      )}
    </Stack>
  );
}

/** `2026-11` → `11/2026`. */
const monthWords = (month: string): string => month.split('-').reverse().join('/');

function Shares({ label, shares }: { label: string; shares: readonly Share[] }) {
  if (shares.length === 0) return null;
  return (
    <Table
      label={label}
      rows={shares.slice(0, MOST_UNITS)}
      rowKey={(one) => one.name}
      columns={[
        {
          key: 'name',
          title: label,
          draw: (one) => one.title || t('decisions.unknown', 'chưa rõ'),
        },
        {
          key: 'shown',
          title: t('decisions.shown', 'Đã hiện'),
          align: 'right',
          draw: (one) => formatNumber(one.shown),
        },
        {
          key: 'overridden',
          title: t('decisions.overridden', 'Bỏ qua'),
          align: 'right',
          draw: (one) =>
            `${formatNumber(one.overridden)} (${formatNumber(Math.round((one.overridden / one.shown) * 100))} %)`,
        },
      ]}
    />
  );
}

function Trial({ rule, decides }: { rule: RuleRow; decides: boolean }) {
  const done = () => void refresh([READ, rule.key]);
  const begin = useMutation(() => api.post(`/api/decisions/rules/${rule.key}/trials`, {}), { onDone: done });
  const stop = useMutation((id: string) => api.post(`/api/decisions/trials/${id}/stop`, {}), {
    onDone: done,
  });
  const resume = useMutation((id: string) => api.post(`/api/decisions/trials/${id}/resume`, {}), {
    onDone: done,
  });
  const { trial } = rule;
  const runs = trial?.state === 'running';
  const goesOn = trial?.state === 'stopped' || trial?.state === 'failed';
  const error = begin.error ?? stop.error ?? resume.error;
  return (
    <Stack gap={8}>
      <Heading level={3}>{t('decisions.trial.title', 'Chạy thử trên dữ liệu cũ')}</Heading>
      <Text tone="soft">
        {t(
          'decisions.trial.say',
          'Hỏi quy tắc trên các đơn, chỉ định, lần phát thuốc, lượt khám, lịch hẹn 90 ngày qua, tối đa 5.000; không ai thấy cảnh báo.',
        )}
      </Text>
      {trial && <TrialResult trial={trial} />}
      {error && <Notice tone="danger">{error.message}</Notice>}
      {decides && (
        <Row>
          {runs ? (
            <Button busy={stop.busy} onPress={() => void stop.run(trial.id).catch(() => undefined)}>
              {t('decisions.trial.stop', 'Dừng')}
            </Button>
          ) : (
            <Button busy={begin.busy} onPress={() => void begin.run(undefined).catch(() => undefined)}>
              {t('decisions.trial.begin', 'Chạy thử')}
            </Button>
          )}
          {goesOn && (
            <Button busy={resume.busy} onPress={() => void resume.run(trial.id).catch(() => undefined)}>
              {t('decisions.trial.resume', 'Chạy tiếp')}
            </Button>
          )}
        </Row>
      )}
    </Stack>
  );
}

function TrialResult({ trial }: { trial: TrialView }) {
  return (
    <Stack gap={8}>
      <Facts
        items={[
          [t('decisions.state', 'Trạng thái'), trialWords(trial.state)],
          [t('decisions.trial.days', 'Những ngày'), `${formatDate(trial.from)} – ${formatDate(trial.to)}`],
          [t('decisions.trial.acts', 'Đã hỏi'), formatNumber(trial.acts)],
          [
            t('decisions.trial.rate', 'Cảnh báo trên 100 lượt'),
            trial.rate === null ? null : formatNumber(trial.rate),
          ],
          ...(trial.faults > 0
            ? [[t('decisions.trial.faults', 'Không tính được'), formatNumber(trial.faults)] as const]
            : []),
        ]}
      />
      {trial.byHook.length > 1 && (
        <Facts items={trial.byHook.map((one) => [hookWords(one.name), rateWords(one)] as const)} />
      )}
      {trial.byRole.length > 0 && (
        <Facts items={trial.byRole.map((one) => [roleWords(one.name), rateWords(one)] as const)} />
      )}
      {trial.byUnit.length > 0 && (
        <Table
          label={t('decisions.by-unit', 'Theo đơn vị')}
          rows={trial.byUnit.slice(0, MOST_UNITS)}
          rowKey={(one) => one.name}
          columns={[
            { key: 'unit', title: t('decisions.unit', 'Đơn vị'), draw: (one) => one.title || '–' },
            {
              key: 'acts',
              title: t('decisions.trial.acts', 'Đã hỏi'),
              align: 'right',
              draw: (one) => formatNumber(one.acts),
            },
            {
              key: 'rate',
              title: t('decisions.trial.rate', 'Cảnh báo trên 100 lượt'),
              align: 'right',
              draw: (one) => (one.rate === null ? '–' : formatNumber(one.rate)),
            },
          ]}
        />
      )}
      {trial.examples.map((one) => (
        <Text key={one.reference} size={13}>
          {formatDateTime(one.at)}: {one.summary}
        </Text>
      ))}
      {trial.hidden > 0 && (
        <Text tone="soft" size={13}>
          {t('decisions.trial.hidden', '{n} ví dụ thuộc hồ sơ bạn không được xem.', { n: trial.hidden })}
        </Text>
      )}
    </Stack>
  );
}

const rateWords = ({ rate, acts }: TrialView['byRole'][number]): string =>
  t('decisions.trial.of', '{n} / 100, trong {acts} lượt', {
    n: formatNumber(rate ?? 0),
    acts: formatNumber(acts),
  });

function hookWords(hook: string): string {
  const words: Record<string, string> = {
    'patient-view': t('decisions.hook.patient-view', 'Khi mở hồ sơ'),
    'order-select': t('decisions.hook.order-select', 'Khi chọn thuốc, chỉ định'),
    'order-sign': t('decisions.hook.order-sign', 'Khi ký đơn, chỉ định'),
    'order-dispense': t('decisions.hook.order-dispense', 'Khi phát thuốc'),
    'encounter-start': t('decisions.hook.encounter-start', 'Khi bắt đầu lượt khám'),
    'encounter-discharge': t('decisions.hook.encounter-discharge', 'Khi kết thúc lượt khám'),
    'appointment-book': t('decisions.hook.appointment-book', 'Khi đặt lịch hẹn'),
    'medication-refill': t('decisions.hook.medication-refill', 'Khi cấp lại thuốc'),
  };
  return words[hook] ?? hook;
}

/** A role of the record may be none of the program's. */
function roleWords(role: string): string {
  if (role === '') return t('decisions.role.unknown', 'Chưa rõ vai trò');
  return roleName(role as Parameters<typeof roleName>[0]) ?? role;
}

function trialWords(state: TrialView['state']): string {
  const words = {
    running: t('decisions.trial.running', 'Đang chạy'),
    stopped: t('decisions.trial.stopped', 'Đã dừng'),
    done: t('decisions.trial.done', 'Xong'),
    failed: t('decisions.trial.failed', 'Bị ngắt giữa chừng'),
  };
  return words[state];
}

function Switch({ rule, onClose }: { rule: RuleRow; onClose: () => void }) {
  const form = useForm({
    draft: `decisions-${rule.key}`,
    initial: { state: rule.state as string, note: '' },
    check: ({ note }): Record<string, string> =>
      note.trim() === '' ? { note: t('decisions.note.short', 'Ghi ai duyệt và dựa vào đâu.') } : {},
    send: (values) => api.post(`/api/decisions/rules/${rule.key}/state`, values),
    onDone: () => {
      void refresh(['decisions']);
      void refresh([READ, rule.key]);
      onClose();
    },
  });
  return (
    <Form
      form={form}
      label={t('decisions.switch', 'Bật, tắt quy tắc')}
      finish={t('decisions.save', 'Ghi quyết định')}
    >
      <RadioList
        label={t('decisions.state', 'Trạng thái')}
        choices={(['live', 'silent', 'off'] as const).map((value) => ({ value, label: stateWords(value) }))}
        {...form.field('state')}
      />
      <TextField
        label={t('decisions.note', 'Ai duyệt, dựa vào đâu')}
        required
        lines={3}
        {...form.field('note')}
      />
      <Button kind="primary" submit busy={form.busy}>
        {t('decisions.save', 'Ghi quyết định')}
      </Button>
    </Form>
  );
}
