/** Who read or wrote what, when and why: the audit, for the administrator, who sees no clinical data. */
import type { AuditRow } from '../../../kernel/access/audit-reading.ts';
import {
  addDays,
  Badge,
  type Column,
  DataList,
  DateField,
  Empty,
  FilterChips,
  formatDate,
  formatDateTime,
  Page,
  Panel,
  Row,
  Stack,
  Text,
  TextField,
  t,
  today,
  useList,
  useUrlState,
} from '../../../web/ui/index.ts';

export default function AuditScreen() {
  const [day, setDay] = useUrlState('ngay', today());
  const [who, setWho] = useUrlState('ai');
  const [outcome, setOutcome] = useUrlState('ket-qua');
  const query = new URLSearchParams({
    from: day,
    to: addDays(day, 1),
    ...(who ? { who } : {}),
    ...(outcome ? { outcome } : {}),
  });
  const list = useList<AuditRow>(['audit', query.toString()], `/api/access/audit?${query}`);
  return (
    <Page
      title={t('operations.audit', 'Nhật ký truy cập')}
      beside={
        <Text tone="soft">
          {t('operations.audit.say', 'Chỉ thêm, không sửa xoá được; lần xem này cũng được ghi')}
        </Text>
      }
      fill
    >
      <Panel flush fill>
        <DataList
          id="audit"
          label={t('operations.audit', 'Nhật ký truy cập')}
          columns={columns()}
          rows={list.rows}
          rowKey={(row) => row.id}
          more={list.more}
          loading={list.loading}
          error={list.error}
          refresh={list.refresh}
          rowHeight={52}
          bar={
            <Row wrap>
              <DateField
                label={t('operations.audit.day', 'Ngày')}
                name="day"
                bare
                full
                width="140px"
                value={day}
                onChange={(value) => setDay(value ?? today())}
              />
              <TextField
                label={t('operations.audit.who', 'Tên tài khoản')}
                name="who"
                bare
                width="200px"
                value={who}
                onChange={setWho}
                placeholder={t('operations.audit.who-hint', 'Tên tài khoản, ví dụ bacsi')}
              />
              <FilterChips
                label={t('operations.audit.outcome', 'Kết quả')}
                value={outcome}
                onChange={setOutcome}
                chips={[
                  { value: '', label: t('operations.audit.all', 'Tất cả') },
                  { value: 'refused', label: outcomeText('refused') },
                  { value: 'failed', label: outcomeText('failed') },
                ]}
              />
            </Row>
          }
          empty={
            <Empty title={t('operations.audit.none', 'Không có dòng nào')}>
              {t(
                'operations.audit.none-hint',
                'Ngày {day} không có dòng nào như vậy. Bỏ bớt điều kiện, hoặc ghi đúng cả tên tài khoản.',
                { day: formatDate(day) },
              )}
            </Empty>
          }
        />
      </Panel>
    </Page>
  );
}

function outcomeText(outcome: AuditRow['outcome']): string {
  const words: Record<AuditRow['outcome'], string> = {
    ok: t('operations.audit.ok', 'Được'),
    refused: t('operations.audit.refused', 'Bị từ chối'),
    failed: t('operations.audit.failed', 'Không thành'),
  };
  return words[outcome];
}

/** An act without a word of its own stands as it was written. */
function actionText(action: string): string {
  const words: Record<string, string> = {
    read: t('operations.audit.read', 'Xem'),
    search: t('operations.audit.search', 'Tìm'),
    create: t('operations.audit.create', 'Ghi mới'),
    update: t('operations.audit.update', 'Sửa'),
    delete: t('operations.audit.delete', 'Xoá'),
    print: t('operations.audit.print', 'In'),
    export: t('operations.audit.export', 'Xuất tệp'),
    password: t('operations.audit.password', 'Đổi mật khẩu'),
    'sign-in': t('operations.audit.sign-in', 'Đăng nhập'),
    'sign-out': t('operations.audit.sign-out', 'Đăng xuất'),
    'break-glass': t('operations.audit.break-glass', 'Mở hồ sơ đóng'),
  };
  return words[action] ?? action;
}

/** Codes of HL7 PurposeOfUse in words; a person's own reason stands as it was given. */
function purposeText(why: string): string {
  const words: Record<string, string> = {
    TREAT: t('operations.audit.for-treatment', 'để khám, chữa bệnh'),
    HPAYMT: t('operations.audit.for-payment', 'để thanh toán BHYT'),
    PUBHLTH: t('operations.audit.for-public-health', 'để giám sát dịch bệnh'),
    HOPERAT: t('operations.audit.for-operations', 'để điều hành, quản trị'),
  };
  return words[why] ?? why;
}

function columns(): Column<AuditRow>[] {
  return [
    {
      key: 'at',
      title: t('operations.audit.at', 'Lúc'),
      draw: (row) => formatDateTime(row.at),
      width: '140px',
    },
    {
      key: 'who',
      title: t('operations.audit.by', 'Ai'),
      width: '1.2fr',
      draw: (row) => (
        <Stack gap={0}>
          <Text oneLine title={row.whoDisplay}>
            {row.who}
          </Text>
          <Text size={12} tone="soft" oneLine>
            {row.unit ?? row.whoDisplay}
          </Text>
        </Stack>
      ),
    },
    {
      key: 'action',
      title: t('operations.audit.action', 'Việc'),
      draw: (row) => actionText(row.action),
      width: '120px',
    },
    {
      key: 'what',
      title: t('operations.audit.what', 'Trên bản ghi'),
      width: '2.4fr',
      draw: (row) => (
        <Stack gap={0}>
          <Text oneLine>{row.what}</Text>
          <Text size={12} tone="soft" oneLine>
            {[
              row.patient && t('operations.audit.person', 'người bệnh {id}', { id: row.patient }),
              purposeText(row.why),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </Stack>
      ),
    },
    {
      key: 'ip',
      title: t('operations.audit.ip', 'Máy'),
      draw: (row) => row.ip,
      width: '110px',
    },
    {
      key: 'outcome',
      title: t('operations.audit.outcome', 'Kết quả'),
      draw: (row) =>
        row.outcome === 'ok' ? (
          <Text tone="soft">{outcomeText('ok')}</Text>
        ) : (
          <Badge tone={row.outcome === 'refused' ? 'danger' : 'look'}>{outcomeText(row.outcome)}</Badge>
        ),
      width: '120px',
    },
  ];
}
