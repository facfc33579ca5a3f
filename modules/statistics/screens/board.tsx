/** The month at a glance: a line for each unit, a mark for each of its reports, how much is in and how punctually. */
import { useMemo, useState } from 'react';
import {
  formatNumber,
  Link,
  Loaded,
  Panel,
  SearchField,
  Stack,
  Table,
  type TableColumn,
  Text,
  t,
  useQuery,
} from '../../../web/ui/index.ts';
import type { DueReport, UnitRate } from '../routes-list.ts';
import { reportsFound } from './reports-found.ts';
import './statistics.css';

/** How far a report has come, as one mark. */
type Mark = 'approved' | 'submitted' | 'missing' | 'open';

const SIGNS: Record<Mark, string> = { approved: '✓', submitted: '↑', missing: '!', open: '–' };

const markOf = ({ state, punctuality }: DueReport): Mark => {
  if (state === 'approved' || state === 'submitted') return state;
  return punctuality === 'missing' ? 'missing' : 'open';
};

const markWords = (mark: Mark): string =>
  ({
    approved: t('statistics.state.approved', 'Đã duyệt, đã khoá'),
    submitted: t('statistics.state.submitted', 'Đã nộp, chờ duyệt'),
    missing: t('statistics.missing', 'Quá hạn, chưa nộp'),
    open: t('statistics.waiting', 'Còn hạn'),
  })[mark];

export function Board({ month }: { month: string }) {
  const rates = useQuery<{ rows: UnitRate[] }>(['rates', month], `/api/statistics/reporting?month=${month}`);
  const due = useQuery<{ rows: DueReport[] }>(['reports', month], `/api/statistics/forms?month=${month}`);
  return (
    <Loaded read={rates}>
      {(of) => <Loaded read={due}>{({ rows }) => <BoardTable rates={of.rows} reports={rows} />}</Loaded>}
    </Loaded>
  );
}

function BoardTable({ rates, reports }: { rates: readonly UnitRate[]; reports: readonly DueReport[] }) {
  const [words, setWords] = useState('');
  const forms = useMemo(() => formsOf(reports), [reports]);
  const byPlace = useMemo(
    () => new Map(reports.map((report) => [`${report.unit} ${report.form}`, report])),
    [reports],
  );
  const found = useMemo(
    () => new Set(reportsFound(reports, { words, form: '', how: '' }).map(({ unit }) => unit)),
    [reports, words],
  );
  const rows = rates
    .filter(({ unit }) => found.has(unit))
    .sort((a, b) => a.handed / (a.expected || 1) - b.handed / (b.expected || 1));
  return (
    <Panel fill>
      <div
        className="st-beside"
        role="region"
        aria-label={t('statistics.tab.rates', 'Tỷ lệ nộp theo đơn vị')}
        tabIndex={0}
      >
        <Stack>
          {rates.length > 1 && (
            <SearchField
              label={t('statistics.find', 'Tìm đơn vị, tên biểu')}
              value={words}
              onChange={setWords}
              width="260px"
            />
          )}
          <Text size={12} tone="soft">
            {[
              ...(Object.keys(SIGNS) as Mark[]).map((mark) => `${SIGNS[mark]} ${markWords(mark)}`),
              t('statistics.board.late', '* Nộp muộn'),
            ].join(' · ')}
          </Text>
          <Table
            label={t('statistics.tab.rates', 'Tỷ lệ nộp theo đơn vị')}
            dense
            rows={rows}
            rowKey={(row) => row.unit}
            columns={[
              {
                key: 'unit',
                title: t('statistics.unit', 'Đơn vị'),
                draw: (row) => <div className="st-unit">{row.unitName}</div>,
              },
              ...forms.map(
                ({ form, code }): TableColumn<UnitRate> => ({
                  key: form,
                  title: code.replace(/^Biểu /, ''),
                  align: 'center',
                  draw: ({ unit }) => <MarkLink report={byPlace.get(`${unit} ${form}`)} />,
                }),
              ),
              ...rateColumns(),
            ]}
            empty={<Text tone="soft">{t('statistics.none', 'Không có báo cáo nào')}</Text>}
          />
        </Stack>
      </div>
    </Panel>
  );
}

const formsOf = (reports: readonly DueReport[]): DueReport[] =>
  [...new Map(reports.map((report) => [report.form, report])).values()].sort((a, b) =>
    a.code.localeCompare(b.code, 'vi', { numeric: true }),
  );

function MarkLink({ report }: { report: DueReport | undefined }) {
  if (!report) return null;
  const mark = markOf(report);
  const late = report.punctuality === 'late';
  const said = [report.code, report.unitName, markWords(mark), late && t('statistics.late', 'Nộp muộn')]
    .filter(Boolean)
    .join(', ');
  return (
    <Link
      className="st-mark"
      data-mark={mark}
      to={`/bao-cao/${report.form}/${encodeURIComponent(report.unit)}/${report.period}`}
      title={said}
      aria-label={said}
    >
      {`${SIGNS[mark]}${late ? '*' : ''}`}
    </Link>
  );
}

function rateColumns(): TableColumn<UnitRate>[] {
  const share = (part: number, whole: number) =>
    whole === 0 ? '–' : `${formatNumber(Math.round((100 * part) / whole))} %`;
  return [
    {
      key: 'handed',
      title: t('statistics.handed-of', 'Đã nộp / đến hạn'),
      align: 'right',
      draw: (row) => `${formatNumber(row.handed)} / ${formatNumber(row.expected)}`,
    },
    {
      key: 'rate',
      title: t('statistics.rate', 'Tỷ lệ nộp'),
      align: 'right',
      draw: (row) => share(row.handed, row.expected),
    },
    {
      key: 'intime',
      title: t('statistics.rate.in-time', 'Đúng hạn'),
      align: 'right',
      draw: (row) => share(row.inTime, row.expected),
    },
  ];
}
