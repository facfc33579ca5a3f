/** Cases of notifiable diseases, read from the diagnoses: nobody reports twice. */
import {
  addDays,
  Badge,
  type Column,
  DataList,
  DateField,
  Empty,
  formatAge,
  formatDateTime,
  formatSex,
  Page,
  Panel,
  Row,
  Stack,
  Text,
  t,
  today,
  useClock,
  useList,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { Case } from '../cases.ts';

const DAYS = 7;

export default function CasesScreen() {
  const [from, setFrom] = useUrlState('tu', addDays(today(), 1 - DAYS));
  const [to, setTo] = useUrlState('den', today());
  const list = useList<Case>(['cases', from, to], `/api/surveillance/cases?from=${from}&to=${to}`);
  const now = useClock(60_000);
  return (
    <Page
      title={t('surveillance.cases', 'Ca bệnh phải báo cáo')}
      beside={
        <Text tone="soft">
          {t('surveillance.source', 'Lập từ chẩn đoán theo danh mục có hiệu lực; không ai nhập lại')}
        </Text>
      }
      fill
    >
      <Panel flush fill>
        <DataList
          id="cases"
          label={t('surveillance.cases', 'Ca bệnh phải báo cáo')}
          columns={columns(now)}
          rows={list.rows}
          rowKey={(row) => row.condition}
          total={list.total}
          more={list.more}
          loading={list.loading}
          error={list.error}
          refresh={list.refresh}
          rowHeight={52}
          bar={
            <Row>
              <DateField
                label={t('surveillance.from', 'Từ ngày')}
                name="from"
                bare
                full
                width="140px"
                value={from}
                onChange={(value) => value && setFrom(value)}
              />
              <DateField
                label={t('surveillance.to', 'Đến ngày')}
                name="to"
                bare
                full
                width="140px"
                value={to}
                onChange={(value) => value && setTo(value)}
              />
            </Row>
          }
          empty={
            <Empty title={t('surveillance.none', 'Không có ca bệnh nào')}>
              {t(
                'surveillance.none.hint',
                'Ca bệnh hiện ở đây vài giây sau khi bác sĩ ghi chẩn đoán thuộc danh mục. Hãy nới khoảng ngày nếu cần.',
              )}
            </Empty>
          }
        />
      </Panel>
    </Page>
  );
}

/** Two facts of one thing in one cell, so that all of a case fits an old screen. */
function Two(props: { first: string; second: string }) {
  return (
    <Stack gap={0}>
      <Text oneLine>{props.first || '–'}</Text>
      <Text size={12} tone="soft" oneLine>
        {props.second}
      </Text>
    </Stack>
  );
}

function columns(now: Date): Column<Case>[] {
  return [
    {
      key: 'disease',
      title: t('surveillance.col.disease', 'Bệnh'),
      draw: (row) => (
        <Two
          first={row.disease}
          second={`${row.code} · ${t('surveillance.group', 'nhóm {group}', { group: row.group })}`}
        />
      ),
      width: '1.6fr',
    },
    {
      key: 'name',
      title: t('surveillance.col.name', 'Họ tên'),
      draw: (row) => (
        <Two
          first={row.fullName ?? ''}
          second={`${formatSex(row.gender ?? '')}, ${formatAge(row.birthDate)}`}
        />
      ),
      width: '1.6fr',
    },
    {
      key: 'address',
      title: t('surveillance.col.address', 'Địa chỉ'),
      draw: (row) => row.address ?? '',
      width: '2fr',
    },
    {
      key: 'unit',
      title: t('surveillance.col.unit', 'Nơi chẩn đoán'),
      draw: (row) => <Two first={row.unitName} second={formatDateTime(row.diagnosed)} />,
      width: '1.8fr',
    },
    {
      key: 'deadline',
      title: t('surveillance.col.deadline', 'Hạn báo cáo'),
      draw: (row) => deadline(row, now),
      width: '244px',
    },
  ];
}

function deadline(row: Case, now: Date) {
  if (!row.deadline) return <Badge>{t('surveillance.monthly', 'Báo cáo tháng')}</Badge>;
  const late = Date.parse(row.deadline) < now.getTime();
  return (
    <Badge tone={late ? 'danger' : 'look'}>
      {late
        ? t('surveillance.late', 'Quá hạn {time}', { time: formatDateTime(row.deadline) })
        : formatDateTime(row.deadline)}
    </Badge>
  );
}
