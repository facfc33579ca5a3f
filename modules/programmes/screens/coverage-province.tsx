/** Coverage of all stations for the province: one number at a time by station, worst first; a station opens to its months. */
import { useState } from 'react';
import {
  Button,
  Empty,
  FileLink,
  formatNumber,
  Loaded,
  Page,
  Panel,
  Row,
  SearchField,
  SelectField,
  Stack,
  Table,
  type TableColumn,
  Text,
  t,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { ProvinceCell, ProvinceNumber, ProvinceRead } from '../coverage/province.ts';
import { titleOf } from './coverage.tsx';
import { daysOfPeriod, periodChoices, periodWord } from './periods.ts';

export default function CoverageProvinceScreen() {
  const programmes = useQuery<{ rows: { key: string; title: string }[] }>(
    ['programmes', 'province'],
    '/api/programmes/province',
  );
  const [chosen, setChosen] = useUrlState('chuong-trinh', '');
  return (
    <Page title={t('programmes.province', 'Bao phủ tiêm chủng các trạm')}>
      <Loaded read={programmes}>
        {({ rows }) => {
          const key = chosen || rows[0]?.key;
          if (!key)
            return (
              <Empty title={t('programmes.province.none', 'Chưa có chương trình nào tính bao phủ')}>
                {t(
                  'programmes.province.none-hint',
                  'Cách tính là tệp nội dung coverage/<chương trình>/<ngày hiệu lực>.json.',
                )}
              </Empty>
            );
          return (
            <Stack gap={16}>
              {rows.length > 1 && (
                <SelectField
                  label={t('programmes.col.programme', 'Chương trình')}
                  name="programme"
                  value={key}
                  onChange={setChosen}
                  choices={rows.map((one) => ({ value: one.key, label: one.title }))}
                />
              )}
              <Stations programme={key} />
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

const ALL = ['measure', 'drop-out', 'list'] as const;

function Stations({ programme }: { programme: string }) {
  const [period, setPeriod] = useUrlState('ky', periodChoices()[0]!);
  const [number, setNumber] = useUrlState('so', '');
  const [unit, setUnit] = useUrlState('tram', '');
  const [text, setText] = useState('');
  const { from, to } = daysOfPeriod(period);
  const query = new URLSearchParams({ from, to, ...(unit ? { unit, by: 'month' } : {}) }).toString();
  const path = `/api/programmes/${programme}/coverage/province`;
  const read = useQuery<ProvinceRead>(['programmes', programme, 'province', query], `${path}?${query}`, {
    keep: true,
  });
  const file = `${path}.csv?${new URLSearchParams({ from, to, by: 'month', ...(unit ? { unit } : {}) })}`;
  return (
    <Stack gap={16}>
      <Row wrap align="end">
        <SelectField
          label={t('programmes.coverage.period', 'Trẻ đến tuổi trong')}
          name="period"
          value={period}
          onChange={setPeriod}
          choices={periodChoices().map((value) => ({ value, label: periodWord(value) }))}
        />
        <SelectField
          label={t('programmes.province.number', 'Con số')}
          name="number"
          value={number || keyOf(read.data?.numbers[0])}
          onChange={setNumber}
          choices={ALL.flatMap((kind) =>
            (read.data?.numbers ?? [])
              .filter((one) => one.kind === kind)
              .map((one) => ({ value: keyOf(one), label: `${kindWord(kind)}: ${titleOf(one)}` })),
          )}
        />
        {unit === '' && (
          <SearchField
            label={t('programmes.province.find', 'Tìm trạm')}
            width="220px"
            value={text}
            onChange={setText}
          />
        )}
        <FileLink href={file} save>
          {t('programmes.province.file', 'Tải CSV')}
        </FileLink>
      </Row>
      <Loaded read={read}>
        {(found) => (
          <Lines
            read={found}
            number={found.numbers.find((one) => keyOf(one) === number) ?? found.numbers[0]}
            unit={unit}
            text={text}
            onUnit={setUnit}
          />
        )}
      </Loaded>
    </Stack>
  );
}

const keyOf = (number: ProvinceNumber | undefined) => (number ? `${number.kind}.${number.code}` : '');

function kindWord(kind: ProvinceNumber['kind']): string {
  if (kind === 'measure') return t('programmes.province.measure', 'Bao phủ');
  return kind === 'drop-out'
    ? t('programmes.coverage.drop-outs', 'Bỏ mũi')
    : t('programmes.province.list', 'Trẻ sót, hôm nay');
}

interface LinesProps {
  read: ProvinceRead;
  number: ProvinceNumber | undefined;
  unit: string;
  text: string;
  onUnit: (unit: string) => void;
}

function Lines({ read, number, unit, text, onUnit }: LinesProps) {
  if (!number) return null;
  const nameOf = (id: string) =>
    read.units.find((one) => one.id === id)?.name || t('programmes.province.unknown', 'Chưa rõ trạm');
  const folded = (words: string) => words.toLocaleLowerCase('vi');
  const cells = read.cells.filter(
    (one) =>
      one.kind === number.kind && one.code === number.code && folded(nameOf(one.unit)).includes(folded(text)),
  );
  const rows =
    unit === ''
      ? [...cells].sort((a, b) => share(b) - share(a) || b.missing - a.missing)
      : [...cells].sort((a, b) => (a.month < b.month ? 1 : -1));
  const title = unit === '' ? titleOf(number) : `${nameOf(unit)}: ${titleOf(number)}`;
  return (
    <Panel
      title={title}
      flush
      acts={
        unit === '' ? null : (
          <Button onPress={() => onUnit('')}>{t('programmes.province.back', 'Mọi trạm')}</Button>
        )
      }
    >
      {rows.length > 0 && (
        <Stack style={{ padding: '0 16px 8px' }}>
          <Text>{sumWords(rows, number.kind)}</Text>
        </Stack>
      )}
      <Table
        label={title}
        rows={rows}
        rowKey={(row) => `${row.unit} ${row.month}`}
        empty={
          <Empty title={t('programmes.province.empty', 'Không có trẻ nào trong con số này')}>
            {t('programmes.coverage.nobody-hint', 'Chọn kỳ khác hoặc mũi khác.')}
          </Empty>
        }
        columns={[
          {
            key: 'place',
            title:
              unit === ''
                ? t('programmes.province.station', 'Trạm')
                : t('programmes.coverage.month', 'Tháng'),
            narrow: 12,
            draw: (row) =>
              unit !== '' ? (
                row.month === '' ? (
                  t('programmes.province.now', 'Hôm nay')
                ) : (
                  periodWord(row.month)
                )
              ) : number.kind === 'list' || row.unit === '' ? (
                nameOf(row.unit)
              ) : (
                <Button kind="quiet" small onPress={() => onUnit(row.unit)}>
                  {nameOf(row.unit)}
                </Button>
              ),
          },
          ...columnsFor(number.kind),
        ]}
      />
      <Stack style={{ padding: '8px 16px 16px' }}>
        <Text size={12} tone="soft">
          {t(
            'programmes.province.names',
            'Tên từng trẻ chỉ mở ở trạm, theo quyền của người ở trạm. Cách tính: {source}',
            { source: read.source },
          )}
        </Text>
      </Stack>
    </Panel>
  );
}

/** Share that is missing; of a list the number itself. */
const share = ({ kind, of, missing }: ProvinceCell) =>
  kind === 'list' ? missing : of === 0 ? 0 : missing / of;

function percent(count: number, of: number): string {
  if (of === 0) return '–';
  return t('programmes.coverage.share', '{count} ({percent} %)', {
    count: formatNumber(count),
    percent: formatNumber(Math.round((1_000 * count) / of) / 10),
  });
}

function columnsFor(kind: ProvinceNumber['kind']): TableColumn<ProvinceCell>[] {
  const column = (
    key: string,
    title: string,
    draw: (row: ProvinceCell) => string,
  ): TableColumn<ProvinceCell> => ({
    key,
    title,
    align: 'right',
    narrow: 4,
    named: true,
    draw,
  });
  if (kind === 'list')
    return [
      column('missing', t('programmes.province.people', 'Số trẻ'), ({ missing }) => formatNumber(missing)),
    ];
  if (kind === 'drop-out')
    return [
      column('of', t('programmes.coverage.began', 'Có mũi đầu'), ({ of }) => formatNumber(of)),
      column('missing', t('programmes.coverage.lost', 'Không có mũi sau'), ({ missing, of }) =>
        percent(missing, of),
      ),
    ];
  return [
    column('of', t('programmes.coverage.target', 'Phải tiêm'), ({ of }) => formatNumber(of)),
    column('given', t('programmes.coverage.given', 'Đã tiêm'), ({ given, of }) => percent(given, of)),
    column('valid', t('programmes.coverage.valid', 'Tiêm hợp lệ'), ({ valid, of }) => percent(valid, of)),
    column('timely', t('programmes.coverage.timely', 'Đúng lịch'), ({ timely, of }) => percent(timely, of)),
    column('missing', t('programmes.coverage.missing', 'Chưa tiêm'), ({ missing }) => formatNumber(missing)),
  ];
}

/** Over all lines that are shown. */
function sumWords(rows: readonly ProvinceCell[], kind: ProvinceNumber['kind']): string {
  const sum = (name: 'of' | 'given' | 'valid' | 'missing') => rows.reduce((all, row) => all + row[name], 0);
  const all = sum('of');
  if (kind === 'list')
    return t('programmes.province.sum-list', 'Tất cả: {count} trẻ', { count: formatNumber(sum('missing')) });
  if (kind === 'drop-out')
    return t('programmes.province.sum-lost', 'Tất cả: {of} trẻ có mũi đầu, {lost} không có mũi sau', {
      of: formatNumber(all),
      lost: percent(sum('missing'), all),
    });
  return t('programmes.province.sum', 'Tất cả: {of} trẻ phải tiêm, {given} đã tiêm, {valid} hợp lệ', {
    of: formatNumber(all),
    given: percent(sum('given'), all),
    valid: percent(sum('valid'), all),
  });
}
