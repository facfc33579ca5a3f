/** Who it might already be: each with its score, its reasons and a way to choose it. */
import { Badge, Button, language, Panel, Row, Stack, Text, type Tone, t } from '../../../../web/ui/index.ts';
import type { Candidate, MatchReason, PersonLine } from '../../../people/index.ts';
import { personWords } from './find-box.tsx';

export function Candidates(props: {
  candidates: readonly Candidate[];
  onChoose: (person: PersonLine) => void;
}) {
  return (
    <Panel
      title={t('reception.candidates', 'Có thể đã có hồ sơ ({n})', { n: props.candidates.length })}
      tone="look"
    >
      <Stack gap={12}>
        {props.candidates.map((candidate, index) => (
          <CandidateLine
            key={candidate.person.id}
            candidate={candidate}
            keys={index < 9 ? `Alt+${index + 1}` : undefined}
            onChoose={() => props.onChoose(candidate.person)}
          />
        ))}
      </Stack>
    </Panel>
  );
}

function CandidateLine(props: { candidate: Candidate; keys: string | undefined; onChoose: () => void }) {
  const { candidate } = props;
  return (
    <Stack gap={4}>
      <Row gap={8} wrap>
        <Badge tone={TONES[candidate.level]}>{levelName(candidate.level)}</Badge>
        <Text strong>{candidate.person.name}</Text>
        <Text tone="soft">{personWords(candidate.person)}</Text>
        <Text tone="soft">{t('reception.score', '{n} điểm', { n: candidate.score })}</Text>
        <Button small keys={props.keys} onPress={props.onChoose}>
          {t('reception.choose', 'Chọn người này')}
        </Button>
      </Row>
      <Text size={13} tone="soft">
        {candidate.reasons.map(reasonWords).join(' · ')}
      </Text>
    </Stack>
  );
}

const TONES: Record<Candidate['level'], Tone> = {
  certain: 'danger',
  probable: 'look',
  possible: 'info',
  none: 'neutral',
};

function levelName(level: Candidate['level']): string {
  switch (level) {
    case 'certain':
      return t('reception.level.certain', 'Chắc chắn là người này');
    case 'probable':
      return t('reception.level.probable', 'Rất giống');
    case 'possible':
      return t('reception.level.possible', 'Có thể');
    case 'none':
      return t('reception.level.none', 'Khác');
  }
}

/** `Cùng ngày sinh (+12)` */
function reasonWords(reason: MatchReason): string {
  const sentence = language() === 'en' ? reason.en : reason.vi;
  return reason.weight === 0
    ? sentence
    : `${sentence} (${reason.weight > 0 ? '+' : '−'}${Math.abs(reason.weight)})`;
}
