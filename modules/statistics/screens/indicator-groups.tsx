/** An indicator of a year by age and sex, of one unit or of all: both sides, the value, and where the people come from. */
import {
  Facts,
  FileLink,
  Loaded,
  language,
  Panel,
  Row,
  SelectField,
  Stack,
  Table,
  type TableColumn,
  Text,
  t,
  today,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { GroupValue } from '../indicator-groups.ts';
import type { IndicatorGroupsAnswer } from '../routes-indicator-groups.ts';
import type { DictionaryEntry } from '../routes-indicators.ts';
import { ageWords, sexWords, whyWords, wordsOf } from './group-words.ts';
import { numberOf } from './number-of.ts';
import { CountingNotice } from './pivot-counting.tsx';

/** How many years back can be chosen. */
const YEARS = 6;
const SEXES = ['', 'male', 'female', 'other'];

export function IndicatorGroups({ indicator }: { indicator: string }) {
  const [asked, setYear] = useUrlState('nam', '');
  const now = Number(today().slice(0, 4));
  const query = asked ? `?year=${asked}` : '';
  const path = `/api/statistics/indicators/${indicator}/groups`;
  const read = useQuery<IndicatorGroupsAnswer>(['indicator-groups', indicator, asked], `${path}${query}`);
  return (
    <Loaded read={read}>
      {(answer) => (
        <Groups
          answer={answer}
          tools={
            <>
              <SelectField
                label={t('statistics.year', 'Năm')}
                name="year"
                value={answer.year}
                onChange={(value) => value && setYear(value)}
                choices={Array.from({ length: YEARS }, (_, back) => String(now - back)).map((year) => ({
                  value: year,
                  label: year,
                }))}
                bare
                width={110}
              />
              <FileLink href={`${path}.csv${query}`}>CSV</FileLink>
              <FileLink href={`${path}.xlsx${query}`}>XLSX</FileLink>
            </>
          }
        />
      )}
    </Loaded>
  );
}

function Groups({ answer, tools }: { answer: IndicatorGroupsAnswer; tools: React.ReactNode }) {
  const { units, values, ages, indicator, months } = answer;
  const [chosen, setChosen] = useUrlState('don-vi', '');
  const all = units.length > 1;
  const unit = units.some(({ id }) => id === chosen) ? chosen : all ? '' : (units[0]?.id ?? '');
  const own = values.filter((one) => one.unit === unit);
  const at = (age: string, sex: string) => own.find((one) => one.age === age && one.sex === sex);
  const rows = ['', ...ages, 'unknown'].filter(
    (age) => age !== 'unknown' || (at(age, '')?.numerator ?? 0) > 0,
  );
  const sexes = SEXES.filter((sex) => sex !== 'other' || (at('', sex)?.numerator ?? 0) > 0);
  return (
    <Panel fill>
      <div
        className="st-beside"
        role="region"
        aria-label={t('statistics.by-group', 'Theo tuổi và giới')}
        tabIndex={0}
      >
        <Stack>
          <Row wrap>
            {all && (
              <SelectField
                label={t('statistics.unit', 'Đơn vị')}
                name="group-unit"
                value={unit || 'all'}
                onChange={(value) => setChosen(value === 'all' ? '' : value)}
                choices={[
                  { value: 'all', label: t('statistics.all-units', 'Toàn tỉnh') },
                  ...units.map(({ id, name }) => ({ value: id, label: name })),
                ]}
                bare
                width={300}
              />
            )}
            {tools}
          </Row>
          <GroupsCounting answer={answer} />
          <Table
            label={language() === 'en' ? indicator.titleEn : indicator.title}
            rows={rows}
            rowKey={(age) => age || 'all'}
            columns={[
              {
                key: 'age',
                title: t('statistics.age', 'Tuổi'),
                draw: (age) => (
                  <div className="st-age">
                    <Text strong={age === ''}>{ageWords(age)}</Text>
                  </div>
                ),
              },
              ...sexes.map(
                (sex): TableColumn<string> => ({
                  key: sex || 'all',
                  title: sexWords(sex),
                  align: 'right',
                  draw: (age) => <Value one={at(age, sex)} decimals={indicator.decimals} />,
                }),
              ),
            ]}
          />
          <About answer={answer} months={months} indicator={indicator} />
        </Stack>
      </div>
    </Panel>
  );
}

/** The value, and beneath it what it is made of. */
function Value({ one, decimals }: { one: GroupValue | undefined; decimals: number }) {
  return (
    <span className="st-ratio">
      <span>{one?.value == null ? whyWords(one?.why) : numberOf(one.value, decimals)}</span>
      <small>{`${numberOf(one?.numerator ?? null, 0)} / ${numberOf(one?.denominator ?? null, 0)}`}</small>
    </span>
  );
}

function About(props: {
  answer: IndicatorGroupsAnswer;
  months: readonly string[];
  indicator: DictionaryEntry;
}) {
  const { indicator, months } = props;
  const { population } = props.answer;
  const month = (text: string) => `${text.slice(5)}/${text.slice(0, 4)}`;
  return (
    <Facts
      items={[
        [
          t('statistics.definition', 'Định nghĩa'),
          language() === 'en' ? indicator.definitionEn : indicator.definition,
        ],
        [
          t('statistics.months', 'Các tháng'),
          indicator.stock
            ? t('statistics.months.stock', 'cuối tháng {month}', { month: month(months.at(-1)!) })
            : `${month(months[0]!)} – ${month(months.at(-1)!)}`,
        ],
        [t('statistics.numerator', 'Tử số'), wordsOf(indicator).numerator],
        [
          t('statistics.denominator', 'Mẫu số'),
          wordsOf(indicator).denominator ??
            t('statistics.population.band', 'dân số của xã theo tuổi và giới'),
        ],
        ...(typeof indicator.denominator === 'string'
          ? []
          : ([
              [
                t('statistics.population.source', 'Nguồn dân số'),
                population.map(({ source, status }) => `${source} (${status})`).join('; ') ||
                  t('statistics.no-population', 'chưa có dân số'),
              ],
            ] as [string, string][])),
        [t('statistics.source', 'Căn cứ'), indicator.source],
        [
          t('statistics.groups.how', 'Cách đếm'),
          t(
            'statistics.groups.counted',
            'Đếm lại từ hồ sơ theo tuổi ngày phát sinh; số gõ tay và số sửa trên biểu không có tuổi, giới nên không nằm trong các nhóm.',
          ),
        ],
      ]}
    />
  );
}

/** A year is drawn when all of its months are counted. */
function GroupsCounting({ answer }: { answer: IndicatorGroupsAnswer }) {
  return (
    <CountingNotice
      key={`${answer.indicator.key} ${answer.year}`}
      refreshes="indicator-groups"
      done={answer.months.length - answer.waiting.length}
      all={answer.months.length}
      waiting={answer.waiting}
      stoppable
    >
      {t('statistics.groups.counting', 'Cả năm hiện ra khi đếm xong mọi tháng; rời trang thì việc đếm dừng.')}
    </CountingNotice>
  );
}
