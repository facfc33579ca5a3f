/** Each antigen: doses given with whether they count and why not, and what is still to come. */

import {
  type Course,
  dayText,
  type Judged,
  type NextDose,
  type Product,
  type SeriesCourse,
} from '../../../engines/programmes/browser.ts';
import { Badge, formatDate, Panel, Row, Stack, Table, Text, t } from '../../../web/ui/index.ts';
import { DoseActs } from './dose-acts.tsx';
import { faultWord, STATUS_TONE, statusWord } from './words.ts';

export function SeriesPanel({
  course,
  products,
  onReaction,
  onMistaken,
}: {
  course: Course;
  products: ReadonlyMap<string, Product>;
  /** A reaction is to be written of the dose. */
  onReaction: (dose: string) => void;
  /** A dose was written by mistake. */
  onMistaken: (dose: string) => void;
}) {
  return (
    <Panel title={t('programmes.series', 'Mũi theo từng kháng nguyên')} flush>
      <Table
        label={t('programmes.series', 'Mũi theo từng kháng nguyên')}
        rows={course.series.filter(({ status, judged }) => status !== 'not-applicable' || judged.length > 0)}
        rowKey={(series) => series.key}
        columns={[
          {
            key: 'antigen',
            title: t('programmes.col.antigen', 'Kháng nguyên'),
            draw: (series) => (
              <Stack gap={4}>
                <Text strong>{series.componentTitle}</Text>
                <Row>
                  <Badge
                    tone={STATUS_TONE[series.status]}
                  >{`${statusWord(series.status)} ${series.valid}/${series.total}`}</Badge>
                </Row>
                {series.reason && (
                  <Text size={12} tone="soft">
                    {series.reason}
                  </Text>
                )}
              </Stack>
            ),
          },
          {
            key: 'given',
            title: t('programmes.col.given', 'Đã tiêm'),
            draw: (series) => <Given series={series} acts={{ onReaction, onMistaken }} />,
          },
          {
            key: 'next',
            title: t('programmes.col.upcoming', 'Sắp tới'),
            draw: (series) => <Upcoming series={series} products={products} />,
          },
        ]}
      />
    </Panel>
  );
}

type Acts = Omit<Parameters<typeof DoseActs>[0], 'dose'>;

function Given({ series, acts }: { series: SeriesCourse; acts: Acts }) {
  if (series.judged.length === 0) return <Text tone="soft">–</Text>;
  return (
    <Stack gap={4}>
      {series.judged.map((judged) => (
        <GivenDose key={judged.dose.id} judged={judged} acts={acts} />
      ))}
    </Stack>
  );
}

function GivenDose({ judged, acts }: { judged: Judged; acts: Acts }) {
  const { dose, verdict, label, faults, notBefore } = judged;
  const reasons = faults.map(faultWord).join(', ');
  const earliest =
    notBefore === null
      ? ''
      : t('programmes.not-before', '; sớm nhất {day}', { day: formatDate(dayText(notBefore)) });
  return (
    <Stack gap={0}>
      <Row gap={4} wrap>
        <Text>{formatDate(dayText(dose.day))}</Text>
        {verdict === 'valid' && (
          <Badge tone="done">{t('programmes.dose.valid', 'mũi {label} hợp lệ', { label })}</Badge>
        )}
        {verdict === 'invalid' && <Badge tone="danger">{t('programmes.dose.invalid', 'không hợp lệ')}</Badge>}
        {verdict === 'extra' && <Badge>{t('programmes.dose.extra', 'ngoài lịch')}</Badge>}
      </Row>
      <Text size={12} tone={verdict === 'invalid' ? 'danger' : 'soft'}>
        {verdict === 'invalid' ? `${reasons}${earliest}` : dose.name}
      </Text>
      <DoseActs dose={dose.id} {...acts} />
    </Stack>
  );
}

function Upcoming(props: { series: SeriesCourse; products: ReadonlyMap<string, Product> }) {
  const { next } = props.series;
  if (next.length === 0) return <Text tone="soft">–</Text>;
  const name = ({ product }: NextDose) => (product ? (props.products.get(product)?.name ?? '') : '');
  return (
    <Stack gap={4}>
      {next.map((dose, at) => (
        <Stack key={dose.label} gap={0}>
          <Text strong={at === 0}>{`${formatDate(dayText(dose.due))} · ${dose.title}`}</Text>
          <Text size={12} tone="soft">
            {at === 0
              ? t('programmes.window', '{name}; sớm nhất {earliest}, trễ sau {overdue}', {
                  name: name(dose),
                  earliest: formatDate(dayText(dose.earliest)),
                  overdue: formatDate(dayText(dose.overdue)),
                })
              : name(dose)}
          </Text>
        </Stack>
      ))}
    </Stack>
  );
}
