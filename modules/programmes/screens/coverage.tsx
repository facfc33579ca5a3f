/** Coverage of a programme: by dose, or one dose by village or month; drop-outs; lists of who missed something. Every number opens. */
import {
  ButtonLink,
  Columns,
  Empty,
  formatNumber,
  Grow,
  Link,
  Loaded,
  language,
  Notice,
  Page,
  Panel,
  Row,
  refresh,
  type ScreenProps,
  SelectField,
  Stack,
  Table,
  type TableColumn,
  Text,
  t,
  useMe,
  usePush,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { CoverageNumbers, Part } from '../coverage/queries.ts';
import { daysOfPeriod, periodChoices, periodWord } from './periods.ts';

interface Named {
  code: string;
  title: string;
  titleEn: string;
}

export interface CoverageRead extends Omit<Named, 'code'> {
  source: string;
  measures: (CoverageNumbers & Named)[];
  groups: CoverageNumbers[];
  dropOuts: (Named & { began: number; lost: number })[];
  lists: (Named & { people: number })[];
}

export const titleOf = (one: { title: string; titleEn: string }) =>
  language() === 'en' ? one.titleEn : one.title;

export default function CoverageScreen({ params }: ScreenProps) {
  const key = params.key ?? '';
  const me = useMe();
  const [period, setPeriod] = useUrlState('ky', periodChoices()[0]!);
  const [by, setBy] = useUrlState('theo', 'none');
  const [dose, setDose] = useUrlState('mui', '');
  const { from, to } = daysOfPeriod(period);
  const query = new URLSearchParams({ from, to, ...(by === 'none' ? {} : { by }) }).toString();
  const read = useQuery<CoverageRead>(
    ['programmes', key, 'coverage', query],
    `/api/programmes/${key}/coverage?${query}`,
    { keep: true },
  );
  usePush(me.unit ? `programmes/${me.unit}` : null, () => refresh(['programmes', key, 'coverage']));
  const people = (more: Record<string, string>) =>
    `/chuong-trinh/${key}/bao-phu/nguoi?${new URLSearchParams({ tu: from, den: to, ...more })}`;
  return (
    <Page
      title={read.data ? titleOf(read.data) : t('programmes.coverage', 'Bao phủ')}
      acts={<ButtonLink to={`/chuong-trinh/${key}`}>{t('programmes.worklist', 'Danh sách việc')}</ButtonLink>}
    >
      <Row wrap>
        <SelectField
          label={t('programmes.coverage.period', 'Trẻ đến tuổi trong')}
          name="period"
          value={period}
          onChange={setPeriod}
          choices={periodChoices().map((value) => ({ value, label: periodWord(value) }))}
        />
        <SelectField
          label={t('programmes.coverage.by', 'Chia theo')}
          name="by"
          value={by}
          onChange={setBy}
          choices={[
            { value: 'none', label: t('programmes.coverage.by.none', 'Mũi tiêm') },
            { value: 'village', label: t('programmes.village', 'Thôn') },
            { value: 'month', label: t('programmes.coverage.by.month', 'Tháng đến tuổi') },
          ]}
        />
        {by !== 'none' && (
          <SelectField
            label={t('programmes.coverage.dose', 'Mũi')}
            name="dose"
            value={dose || (read.data?.measures[0]?.code ?? '')}
            onChange={setDose}
            choices={(read.data?.measures ?? []).map((one) => ({ value: one.code, label: titleOf(one) }))}
          />
        )}
      </Row>
      <Loaded read={read}>
        {(found) => (
          <Stack gap={16}>
            {by === 'none' ? (
              <ByDose read={found} people={people} />
            ) : (
              <ByGroup read={found} by={by} dose={dose || found.measures[0]!.code} people={people} />
            )}
            <Columns widths={['1fr', '1fr']}>
              <DropOuts read={found} people={people} />
              <Lists read={found} people={people} />
            </Columns>
            <Text size={12} tone="soft">
              {t('programmes.coverage.source', 'Cách tính: {source}', { source: found.source })}
            </Text>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

type People = (more: Record<string, string>) => string;

/** `12 (80 %)`, which opens to the 12. */
function Share({ count, of, to }: { count: number; of: number; to: string }) {
  if (of === 0) return <Text tone="soft">–</Text>;
  return (
    <Link to={to}>
      {t('programmes.coverage.share', '{count} ({percent} %)', {
        count: formatNumber(count),
        percent: formatNumber(Math.round((1_000 * count) / of) / 10),
      })}
    </Link>
  );
}

function numberColumns<T extends CoverageNumbers>(
  of: (row: T) => Record<string, string>,
  people: People,
): TableColumn<T>[] {
  const column = (part: Part, title: string): TableColumn<T> => ({
    key: part,
    title,
    align: 'right',
    narrow: 4,
    named: true,
    draw: (row) => (
      <Share
        count={part === 'missing' ? row.target - row.given : part === 'target' ? row.target : row[part]}
        of={row.target}
        to={people({ ...of(row), phan: part })}
      />
    ),
  });
  return [
    {
      ...column('target', t('programmes.coverage.target', 'Phải tiêm')),
      draw: (row) =>
        row.target === 0 ? (
          <Text tone="soft">0</Text>
        ) : (
          <Link to={people({ ...of(row), phan: 'target' })}>{formatNumber(row.target)}</Link>
        ),
    },
    column('given', t('programmes.coverage.given', 'Đã tiêm')),
    column('valid', t('programmes.coverage.valid', 'Tiêm hợp lệ')),
    column('timely', t('programmes.coverage.timely', 'Đúng lịch')),
    column('missing', t('programmes.coverage.missing', 'Chưa tiêm')),
  ];
}

function ByDose({ read, people }: { read: CoverageRead; people: People }) {
  return (
    <Panel title={t('programmes.coverage.of-doses', 'Bao phủ từng mũi')} flush>
      <Table
        label={t('programmes.coverage.of-doses', 'Bao phủ từng mũi')}
        rows={read.measures}
        rowKey={(row) => row.code}
        columns={[
          {
            key: 'dose',
            title: t('programmes.coverage.dose', 'Mũi'),
            narrow: 12,
            draw: (row) => titleOf(row),
          },
          ...numberColumns<CoverageRead['measures'][number]>(({ code }) => ({ so: code }), people),
        ]}
      />
    </Panel>
  );
}

function ByGroup(props: { read: CoverageRead; by: string; dose: string; people: People }) {
  const { read, by, dose, people } = props;
  const rows = read.groups.filter(({ code }) => code === dose);
  const measure = read.measures.find(({ code }) => code === dose);
  const word = ({ group }: CoverageNumbers) =>
    by === 'month' ? periodWord(group) : group || t('programmes.village.unknown', 'Chưa rõ thôn');
  return (
    <Panel title={measure ? titleOf(measure) : ''} flush>
      <Table
        label={measure ? titleOf(measure) : ''}
        rows={rows}
        rowKey={(row) => row.group}
        empty={
          <Empty title={t('programmes.coverage.nobody', 'Không có trẻ nào đến tuổi trong kỳ này')}>
            {t('programmes.coverage.nobody-hint', 'Chọn kỳ khác hoặc mũi khác.')}
          </Empty>
        }
        columns={[
          {
            key: 'group',
            title: by === 'month' ? t('programmes.coverage.month', 'Tháng') : t('programmes.village', 'Thôn'),
            narrow: 12,
            draw: word,
          },
          ...numberColumns<CoverageNumbers>(
            ({ code, group }) => ({
              so: code,
              theo: by,
              nhom: group,
              ten: word({ group } as CoverageNumbers),
            }),
            people,
          ),
        ]}
      />
    </Panel>
  );
}

function DropOuts({ read, people }: { read: CoverageRead; people: People }) {
  return (
    <Panel title={t('programmes.coverage.drop-outs', 'Bỏ mũi')} flush>
      <Table
        label={t('programmes.coverage.drop-outs', 'Bỏ mũi')}
        rows={read.dropOuts}
        rowKey={(row) => row.code}
        columns={[
          {
            key: 'title',
            title: t('programmes.coverage.from-to', 'Từ mũi → mũi'),
            narrow: 12,
            draw: titleOf,
          },
          {
            key: 'began',
            title: t('programmes.coverage.began', 'Có mũi đầu'),
            align: 'right',
            narrow: 6,
            named: true,
            draw: (row) => (
              <Link to={people({ so: row.code, phan: 'began' })}>{formatNumber(row.began)}</Link>
            ),
          },
          {
            key: 'lost',
            title: t('programmes.coverage.lost', 'Không có mũi sau'),
            align: 'right',
            narrow: 6,
            named: true,
            draw: (row) => (
              <Share count={row.lost} of={row.began} to={people({ so: row.code, phan: 'lost' })} />
            ),
          },
        ]}
      />
    </Panel>
  );
}

function Lists({ read, people }: { read: CoverageRead; people: People }) {
  return (
    <Panel title={t('programmes.coverage.lists', 'Trẻ cần tìm, theo tên')}>
      <Stack gap={12}>
        {read.lists.every((one) => one.people === 0) && (
          <Notice tone="done" title={t('programmes.coverage.nobody-missed', 'Không trẻ nào bị sót')} />
        )}
        {read.lists.map((one) => (
          <Row key={one.code} gap={8}>
            <Grow>
              <Link to={people({ so: one.code })}>{titleOf(one)}</Link>
            </Grow>
            <Text>{formatNumber(one.people)}</Text>
          </Row>
        ))}
      </Stack>
    </Panel>
  );
}
