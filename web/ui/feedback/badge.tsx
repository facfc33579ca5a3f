import {
  IconAlertOctagon,
  IconCircle,
  IconCircleCheck,
  IconInfoCircle,
  IconSquareRotated,
  IconTriangle,
} from '../icons.ts';
import type { Tone } from '../layout/tone.ts';

/** A shape per meaning, so that the colour is never alone. */
const SHAPE = {
  neutral: IconCircle,
  brand: IconSquareRotated,
  info: IconInfoCircle,
  look: IconTriangle,
  danger: IconAlertOctagon,
  done: IconCircleCheck,
} as const;

/** A state in one or two words: `<Badge tone="done">Đã khám</Badge>`. */
export function Badge(props: { tone?: Tone; children: string; title?: string }) {
  const tone = props.tone ?? 'neutral';
  const Shape = SHAPE[tone];
  return (
    <span className="yb-badge" data-tone={tone} title={props.title}>
      <Shape size={14} aria-hidden />
      <span>{props.children}</span>
    </span>
  );
}
