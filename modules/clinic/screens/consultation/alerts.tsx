/** What decision support says: what, why, what to do, from where; and the reason for signing against it. */
import {
  Badge,
  Button,
  formatDate,
  language,
  Notice,
  Row,
  RuleSource,
  SelectField,
  Stack,
  Text,
  TextField,
  t,
} from '../../../../web/ui/index.ts';
import type { AlertView, OverrideInput } from '../../contract.ts';

export type Overrides = Readonly<Record<string, { reason: string; text: string }>>;

/** Alerts that still need a reason, or the words that their reason asks for. */
export function unresolved(alerts: readonly AlertView[], overrides: Overrides): AlertView[] {
  return alerts.filter((alert) => {
    if (!alert.needsReason) return false;
    const given = overrides[alert.key];
    const reason = alert.reasons.find((one) => one.code === given?.reason);
    return !reason || (reason.textRequired && given?.text.trim() === '');
  });
}

/** What is sent when signing: only reasons of alerts that still stand. */
export function sentOverrides(alerts: readonly AlertView[], overrides: Overrides): OverrideInput[] {
  return alerts.flatMap((alert) => {
    const given = overrides[alert.key];
    return given?.reason ? [{ alert: alert.key, reason: given.reason, text: given.text.trim() }] : [];
  });
}

export function Alerts(props: {
  alerts: readonly AlertView[];
  overrides: Overrides;
  onChange: (key: string, change: { reason?: string; text?: string }) => void;
  /** Takes a line out of the prescription, from 0 as the alerts count them. */
  onRemove: (line: number) => void;
}) {
  if (props.alerts.length === 0) return null;
  return (
    <section aria-label={t('clinic.alerts', 'Cảnh báo của đơn')} aria-live="polite">
      <Stack gap={8}>
        {props.alerts.map((alert) => (
          <AlertCard key={alert.key} alert={alert} {...props} />
        ))}
      </Stack>
    </section>
  );
}

const TONE = { high: 'danger', moderate: 'look', low: 'info' } as const;

function AlertCard(props: Parameters<typeof Alerts>[0] & { alert: AlertView }) {
  const { alert } = props;
  return (
    <Notice tone={TONE[alert.severity]} title={alert.title}>
      <Stack gap={8}>
        <Text as="p">{alert.reason}</Text>
        {alert.earlier.map((one) => (
          <Text key={one.name} as="p" tone="soft">
            {one.until
              ? t('clinic.alert.earlier', 'Đơn cũ còn dùng: {name}, đến {day}', {
                  name: one.name,
                  day: formatDate(one.until),
                })
              : t('clinic.alert.earlier-open', 'Đơn cũ còn dùng: {name}', { name: one.name })}
          </Text>
        ))}
        {alert.management && (
          <Text as="p">
            <Text strong>{t('clinic.alert.manage', 'Xử trí: ')}</Text>
            {alert.management}
          </Text>
        )}
        <RuleSource {...alert.source} />
        {alert.removes.length > 0 && (
          <Row gap={8} wrap>
            {alert.removes.map(({ line, label }) => (
              <Button key={line} onPress={() => props.onRemove(line)}>
                {label}
              </Button>
            ))}
          </Row>
        )}
        {alert.hardStop ? <HardStop {...alert.hardStop} /> : alert.needsReason && <Reason {...props} />}
      </Stack>
    </Notice>
  );
}

/** No reason helps: what to do, and who decided so. */
function HardStop({ by, on, source }: NonNullable<AlertView['hardStop']>) {
  return (
    <Text as="p" strong>
      {t(
        'clinic.alert.hard-stop',
        'Không ký được với cảnh báo này: hãy sửa đơn. {by} duyệt ngày {on} ({source}).',
        { by, on: on === '' ? '–' : formatDate(on), source },
      )}
    </Text>
  );
}

function Reason(props: Parameters<typeof Alerts>[0] & { alert: AlertView }) {
  const { alert } = props;
  const given = props.overrides[alert.key] ?? { reason: '', text: '' };
  const reason = alert.reasons.find((one) => one.code === given.reason);
  return (
    <Row gap={12} align="end" wrap>
      <SelectField
        label={t('clinic.alert.reason', 'Vẫn kê, vì')}
        width={320}
        value={given.reason}
        onChange={(code) => props.onChange(alert.key, { reason: code })}
        empty={t('clinic.alert.choose', 'Chưa chọn: sửa đơn hoặc chọn lý do')}
        choices={alert.reasons.map((one) => ({
          value: one.code,
          label: language() === 'en' ? one.nameEn : one.name,
        }))}
      />
      {given.reason !== '' && (
        <TextField
          label={t('clinic.alert.words', 'Ghi rõ')}
          required={reason?.textRequired}
          width={280}
          value={given.text}
          onChange={(text) => props.onChange(alert.key, { text })}
        />
      )}
      {given.reason !== '' && <Badge tone="info">{t('clinic.alert.kept', 'Lý do được lưu vào hồ sơ')}</Badge>}
    </Row>
  );
}
