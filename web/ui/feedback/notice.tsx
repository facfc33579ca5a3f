import type { ReactNode } from 'react';
import { IconAlertCircle, IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '../icons.ts';
import type { Tone } from '../layout/tone.ts';

export const TONE_ICON = {
  neutral: IconInfoCircle,
  brand: IconInfoCircle,
  info: IconInfoCircle,
  look: IconAlertTriangle,
  danger: IconAlertCircle,
  done: IconCircleCheck,
} as const;

/** A message that stays in its place: what happened, whether anything was lost, what to do. */
export function Notice(props: {
  tone?: Exclude<Tone, 'neutral' | 'brand'>;
  title?: ReactNode;
  acts?: ReactNode;
  children?: ReactNode;
}) {
  const tone = props.tone ?? 'info';
  const Icon = TONE_ICON[tone];
  return (
    <div className="yb-notice" data-tone={tone}>
      <Icon size={20} aria-hidden />
      <div>
        {props.title && <div className="yb-notice-title">{props.title}</div>}
        {props.children}
      </div>
      {props.acts && <div className="yb-notice-acts">{props.acts}</div>}
    </div>
  );
}
