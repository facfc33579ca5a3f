/** Vital signs in one row: what is normal, high or critical for the age is said in words and shape while it is typed. */
import {
  Badge,
  Grid,
  language,
  NumberField,
  Panel,
  Stack,
  Text,
  type Tone,
  t,
} from '../../../../web/ui/index.ts';
import { calculate } from '../../consultation/calculated.ts';
import type { VitalLimits, Vitals } from '../../contract.ts';
import { isPossible, judge, type Verdict } from './judge.ts';

export function VitalsRow(props: {
  vitals: Vitals;
  limits: readonly VitalLimits[];
  faults: Readonly<Record<string, string>>;
  readOnly: boolean;
  onChange: (key: string, value: number | null) => void;
}) {
  const measured = props.limits.filter(({ calculated }) => calculated === null);
  const followed = props.limits.filter(({ calculated }) => calculated !== null);
  return (
    <Panel
      title={t('clinic.vitals', 'Dấu hiệu sinh tồn')}
      beside={followed.map((limit) => <Calculated key={limit.key} limit={limit} vitals={props.vitals} />)}
    >
      <Grid min={150} gap={12}>
        {measured.map((limit) => {
          const { key } = limit;
          const value = props.vitals[key] ?? null;
          return (
            <Stack key={key} gap={4}>
              <NumberField
                label={language() === 'en' ? limit.nameEn : limit.name}
                name={`vitals.${key}`}
                unit={unitText(limit.unit)}
                value={value}
                onChange={(value) => props.onChange(key, value)}
                error={props.faults[`vitals.${key}`]}
                min={limit.plausible[0] ?? undefined}
                max={limit.plausible[1] ?? undefined}
                readOnly={props.readOnly}
              />
              <Judgement verdict={isPossible(value, limit) ? judge(value, limit) : null} />
            </Stack>
          );
        })}
      </Grid>
    </Panel>
  );
}

function Judgement(props: { verdict: Verdict | null }) {
  if (!props.verdict || props.verdict === 'normal') return null;
  return <Badge tone={TONES[props.verdict]}>{verdictWord(props.verdict)}</Badge>;
}

const TONES: Record<Verdict, Tone> = {
  normal: 'done',
  low: 'look',
  high: 'look',
  'critical-low': 'danger',
  'critical-high': 'danger',
};

function verdictWord(verdict: Verdict): string {
  const words: Record<Verdict, string> = {
    normal: t('clinic.verdict.normal', 'bình thường'),
    low: t('clinic.verdict.low', 'thấp'),
    high: t('clinic.verdict.high', 'cao'),
    'critical-low': t('clinic.verdict.critical-low', 'rất thấp'),
    'critical-high': t('clinic.verdict.critical-high', 'rất cao'),
  };
  return words[verdict];
}

/** What follows from what was measured, judged like it. */
function Calculated({ limit, vitals }: { limit: VitalLimits; vitals: Vitals }) {
  const value = limit.calculated === null ? null : calculate(limit.calculated, vitals);
  if (value === null) return null;
  const verdict = judge(value, limit);
  const words = verdict && verdict !== 'normal' ? ` (${verdictWord(verdict)})` : '';
  return (
    <Text tone="soft">
      {language() === 'en' ? limit.nameEn : limit.name} {String(value).replace('.', ',')}
      {words}
    </Text>
  );
}

/** Units are the same in every language but the one that is words. */
function unitText(unit: string): string {
  return unit === 'lần/phút' ? t('clinic.unit.per-minute', 'lần/phút') : unit;
}
