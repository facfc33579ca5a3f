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
import type { VitalKey, VitalLimits, Vitals } from '../../contract.ts';
import { bodyMassIndex, isPossible, judge, type Verdict } from './judge.ts';

const ORDER: readonly VitalKey[] = [
  'pulse',
  'temperature',
  'systolic',
  'diastolic',
  'breathing',
  'spo2',
  'weight',
  'height',
];

export function VitalsRow(props: {
  vitals: Vitals;
  limits: readonly VitalLimits[];
  faults: Readonly<Record<string, string>>;
  readOnly: boolean;
  onChange: (key: VitalKey, value: number | null) => void;
}) {
  const index = bodyMassIndex(props.vitals);
  return (
    <Panel
      title={t('clinic.vitals', 'Dấu hiệu sinh tồn')}
      beside={index === null ? undefined : <BodyMass index={index} limits={props.limits} />}
    >
      <Grid min={150} gap={12}>
        {ORDER.map((key) => {
          const limit = props.limits.find((one) => one.key === key);
          if (!limit) return null;
          return (
            <Stack key={key} gap={4}>
              <NumberField
                label={language() === 'en' ? limit.nameEn : limit.name}
                name={`vitals.${key}`}
                unit={unitText(limit.unit)}
                value={props.vitals[key]}
                onChange={(value) => props.onChange(key, value)}
                error={props.faults[`vitals.${key}`]}
                min={limit.plausible[0] ?? undefined}
                max={limit.plausible[1] ?? undefined}
                readOnly={props.readOnly}
              />
              <Judgement
                verdict={isPossible(props.vitals[key], limit) ? judge(props.vitals[key], limit) : null}
              />
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

function BodyMass(props: { index: number; limits: readonly VitalLimits[] }) {
  const limit = props.limits.find((one) => one.key === 'bmi');
  const verdict = limit ? judge(props.index, limit) : null;
  const words = verdict && verdict !== 'normal' ? ` (${verdictWord(verdict)})` : '';
  return (
    <Text tone="soft">
      BMI {String(props.index).replace('.', ',')}
      {words}
    </Text>
  );
}

/** Units are the same in every language but the one that is words. */
function unitText(unit: string): string {
  return unit === 'lần/phút' ? t('clinic.unit.per-minute', 'lần/phút') : unit;
}
