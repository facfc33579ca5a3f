/** The visits behind a figure of the wall: no names, but every row is one record. */
import {
  Badge,
  ButtonLink,
  type Column,
  Empty,
  formatDate,
  formatSex,
  formatTime,
  ListPanel,
  Page,
  Row,
  Text,
  t,
  today,
  useList,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { DrillRow } from '../drill.ts';

export default function VisitsScreen() {
  const [day] = useUrlState('ngay', today());
  const [unit] = useUrlState('unit');
  const [code] = useUrlState('code');
  const [status] = useUrlState('status');
  const query = new URLSearchParams({ date: day, unit, code, status });
  const list = useList<DrillRow>(['wall-visits', query.toString()], `/api/operations/visits?${query}`);
  const unitName = list.rows[0]?.unitName ?? unit;
  return (
    <Page
      title={t('operations.visits', 'Lượt khám sau con số')}
      acts={<ButtonLink to="/dieu-hanh">{t('operations.back', 'Về tường điều hành')}</ButtonLink>}
      fill
    >
      <ListPanel
        id="wall-visits"
        label={t('operations.visits', 'Lượt khám sau con số')}
        list={list}
        columns={COLUMNS()}
        rowKey={(row) => row.encounter}
        bar={
          <Row wrap>
            <Text>{formatDate(day)}</Text>
            {unit && <Badge tone="info">{unitName}</Badge>}
            {code && <Badge tone="info">{code}</Badge>}
            {status && <Badge tone="info">{statusText(status)}</Badge>}
          </Row>
        }
        empty={
          <Empty title={t('operations.visits.none', 'Không có lượt khám nào')}>
            {t(
              'operations.visits.none.hint',
              'Con số này đang là 0. Lượt khám mới hiện ra khi được tiếp đón.',
            )}
          </Empty>
        }
      />
    </Page>
  );
}

function statusText(status: string): string {
  const words: Record<string, string> = {
    arrived: t('operations.waiting', 'Đang chờ'),
    'in-progress': t('operations.in-progress', 'Đang khám'),
    finished: t('operations.finished', 'Đã xong'),
  };
  return words[status] ?? status;
}

const COLUMNS = (): Column<DrillRow>[] => [
  {
    key: 'started',
    title: t('operations.col.time', 'Giờ đến'),
    draw: (row) => formatTime(row.started),
    width: '90px',
  },
  { key: 'unit', title: t('operations.unit', 'Đơn vị'), draw: (row) => row.unitName, width: '2fr' },
  {
    key: 'status',
    title: t('operations.col.status', 'Tình trạng'),
    draw: (row) => statusText(row.status),
    width: '110px',
  },
  {
    key: 'sex',
    title: t('operations.col.sex', 'Giới'),
    draw: (row) => formatSex(row.sex ?? ''),
    width: '80px',
  },
  {
    key: 'born',
    title: t('operations.col.born', 'Năm sinh'),
    draw: (row) => row.birthYear ?? '',
    width: '100px',
    number: true,
  },
  {
    key: 'commune',
    title: t('operations.col.commune', 'Nơi ở'),
    draw: (row) => row.commune ?? '',
    width: '1.4fr',
  },
  {
    key: 'diagnoses',
    title: t('operations.col.diagnoses', 'Chẩn đoán'),
    draw: (row) => row.diagnoses ?? '',
    width: '3fr',
  },
];
