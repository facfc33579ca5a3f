/** The reports of a month: which are due, how far each has come, who is late. */
import { useMemo, useState } from 'react';
import {
  Badge,
  type Column,
  Empty,
  formatDate,
  ListPanel,
  language,
  navigate,
  Page,
  SelectField,
  Tabs,
  type Tone,
  TwoLines,
  t,
  today,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { MissingForm } from '../missing-forms.ts';
import type { DueReport } from '../routes-list.ts';
import { Board } from './board.tsx';
import { Overdue } from './overdue.tsx';
import { ReportsBar } from './reports-bar.tsx';
import { reportsFound } from './reports-found.ts';

const MONTHS = 14;
const NONE: readonly DueReport[] = [];

export default function ReportsScreen() {
  const [month, setMonth] = useUrlState('thang', monthBefore(today(), 1));
  const [tab, setTab] = useState('reports');
  return (
    <Page
      title={t('statistics.reports', 'Báo cáo thống kê')}
      beside={
        <SelectField
          label={t('statistics.month', 'Tháng báo cáo')}
          name="month"
          value={month}
          onChange={(value) => value && setMonth(value)}
          choices={monthsUpTo(today())}
          bare
        />
      }
      fill
    >
      <Tabs
        label={t('statistics.views', 'Cách xem')}
        value={tab}
        onChange={setTab}
        tabs={[
          { key: 'reports', label: t('statistics.tab.reports', 'Báo cáo') },
          { key: 'overdue', label: t('statistics.tab.overdue', 'Cần nhắc') },
          { key: 'rates', label: t('statistics.tab.rates', 'Tỷ lệ nộp theo đơn vị') },
        ]}
      >
        {tab === 'reports' && <Reports month={month} />}
        {tab === 'overdue' && <Overdue month={month} />}
        {tab === 'rates' && <Board month={month} />}
      </Tabs>
    </Page>
  );
}

function Reports({ month }: { month: string }) {
  const read = useQuery<{ rows: DueReport[]; missing: MissingForm[] }>(
    ['reports', month],
    `/api/statistics/forms?month=${month}`,
  );
  const due = read.data?.rows ?? NONE;
  const [words, setWords] = useUrlState('tim');
  const [form, setForm] = useUrlState('bieu');
  const [how, setHow] = useUrlState('trang-thai');
  const rows = useMemo(() => reportsFound(due, { words, form, how }), [due, words, form, how]);
  const sets = { words: setWords, form: setForm, how: setHow };
  const isFound = due.length === 0 || rows.length > 0;
  return (
    <ListPanel
      id="reports"
      label={t('statistics.reports.of', 'Báo cáo của tháng {month}', { month: monthText(month) })}
      list={{ ...read, rows, total: read.loading ? undefined : rows.length, more: undefined }}
      columns={columns()}
      rowKey={(row) => `${row.form} ${row.unit} ${row.period}`}
      onOpen={(row) => navigate(`/bao-cao/${row.form}/${encodeURIComponent(row.unit)}/${row.period}`)}
      bar={
        <ReportsBar
          rows={due}
          missing={read.data?.missing ?? []}
          wanted={{ words, form, how }}
          onWant={(part, value) => sets[part](value)}
        />
      }
      empty={
        <Empty title={t('statistics.none', 'Không có báo cáo nào')}>
          {isFound
            ? t('statistics.none.hint', 'Không có biểu nào có hiệu lực cho tháng này ở đơn vị của bạn.')
            : t('statistics.none.found', 'Không báo cáo nào của tháng này hợp với từ và trạng thái đã chọn.')}
        </Empty>
      }
    />
  );
}

const columns = (): Column<DueReport>[] => [
  {
    key: 'title',
    title: t('statistics.form', 'Biểu'),
    width: '2.4fr',
    draw: (row) => <TwoLines first={language() === 'en' ? row.titleEn : row.title} second={row.code} />,
  },
  {
    key: 'unit',
    title: t('statistics.unit', 'Đơn vị'),
    width: '2.4fr',
    draw: (row) => <TwoLines first={row.unitName} second={row.periodText} />,
  },
  { key: 'due', title: t('statistics.due', 'Hạn nộp'), width: '110px', draw: (row) => formatDate(row.due) },
  {
    key: 'state',
    title: t('statistics.state', 'Trạng thái'),
    width: '180px',
    draw: (row) => <StateBadge state={row.state} />,
  },
  {
    key: 'punctuality',
    title: t('statistics.punctuality', 'Đúng hạn'),
    width: '190px',
    draw: (row) => <PunctualityBadge how={row.punctuality} />,
  },
];

export function StateBadge({ state }: { state: string }) {
  const words: Record<string, [Tone, string]> = {
    open: ['neutral', t('statistics.state.open', 'Đang lập')],
    submitted: ['info', t('statistics.state.submitted', 'Đã nộp, chờ duyệt')],
    approved: ['done', t('statistics.state.approved', 'Đã duyệt, đã khoá')],
  };
  const [tone, text] = words[state] ?? ['neutral', state];
  return <Badge tone={tone}>{text}</Badge>;
}

export function PunctualityBadge({ how }: { how: string }) {
  const words: Record<string, [Tone, string]> = {
    'in-time': ['done', t('statistics.in-time', 'Nộp đúng hạn')],
    late: ['look', t('statistics.late', 'Nộp muộn')],
    missing: ['danger', t('statistics.missing', 'Quá hạn, chưa nộp')],
    waiting: ['neutral', t('statistics.waiting', 'Còn hạn')],
  };
  const [tone, text] = words[how] ?? ['neutral', how];
  return <Badge tone={tone}>{text}</Badge>;
}

/** `2026-10` of `2026-11-22` and 1. */
function monthBefore(day: string, many: number): string {
  const at = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - many;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}

const monthText = (month: string) => `${month.slice(5)}/${month.slice(0, 4)}`;

const monthsUpTo = (day: string) =>
  Array.from({ length: MONTHS }, (_, at) => monthBefore(day, at)).map((month) => ({
    value: month,
    label: t('statistics.month.of', 'Tháng {month}', { month: monthText(month) }),
  }));
