/** Cases of notifiable diseases, read from the diagnoses: nobody reports twice. */
import { useState } from 'react';
import {
  addDays,
  Badge,
  type Column,
  DayField,
  Empty,
  formatAge,
  formatDateTime,
  formatSex,
  ListPanel,
  Page,
  Row,
  SearchField,
  Text,
  TwoLines,
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
  const [text, setText] = useState('');
  const query = new URLSearchParams({ from, to, ...(text ? { q: text } : {}) }).toString();
  const list = useList<Case>(['cases', query], `/api/surveillance/cases?${query}`);
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
      <ListPanel
        id="cases"
        label={t('surveillance.cases', 'Ca bệnh phải báo cáo')}
        list={list}
        columns={columns(now)}
        rowKey={(row) => row.condition}
        rowHeight={52}
        bar={
          <Row wrap>
            <DayField label={t('surveillance.from', 'Từ ngày')} name="from" value={from} onChange={setFrom} />
            <DayField label={t('surveillance.to', 'Đến ngày')} name="to" value={to} onChange={setTo} />
            <SearchField
              label={t('surveillance.find', 'Tìm bệnh, họ tên, nơi ở, đơn vị')}
              width="280px"
              value={text}
              onChange={setText}
            />
          </Row>
        }
        empty={
          <Empty title={t('surveillance.none', 'Không có ca bệnh nào')}>
            {text
              ? t(
                  'surveillance.none.found',
                  'Không có ca nào chứa các từ đã gõ trong khoảng ngày này. Xoá bớt từ hoặc nới khoảng ngày.',
                )
              : t(
                  'surveillance.none.hint',
                  'Ca bệnh hiện ở đây vài giây sau khi bác sĩ ghi chẩn đoán thuộc danh mục. Hãy nới khoảng ngày nếu cần.',
                )}
          </Empty>
        }
      />
    </Page>
  );
}

function columns(now: Date): Column<Case>[] {
  return [
    {
      key: 'disease',
      title: t('surveillance.col.disease', 'Bệnh'),
      draw: (row) => (
        <TwoLines
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
        <TwoLines
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
      draw: (row) => <TwoLines first={row.unitName} second={formatDateTime(row.diagnosed)} />,
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
