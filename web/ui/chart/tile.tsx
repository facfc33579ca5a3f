import type { ReactNode } from 'react';
import { AgeOfData } from '../feedback/age-of-data.tsx';
import type { Tone } from '../layout/tone.ts';

/**
 * One number with its name, trend, source and age; opens the records it was counted from.
 * @param props.big for the wall, read at 5 m
 */
export function StatTile(props: {
  label: string;
  value: ReactNode;
  trend?: ReactNode;
  source?: string;
  readAt?: number | string | null;
  fresh?: number;
  tone?: Extract<Tone, 'danger' | 'look'>;
  big?: boolean;
  onOpen?: () => void;
}) {
  const Tag = props.onOpen ? 'button' : 'div';
  return (
    <Tag
      className="yb-tile"
      type={props.onOpen ? 'button' : undefined}
      data-tone={props.tone}
      data-big={props.big || undefined}
      onClick={props.onOpen}
    >
      <span className="yb-tile-head">
        <span className="yb-tile-label">{props.label}</span>
        {props.trend && <span className="yb-tile-trend">{props.trend}</span>}
      </span>
      <span className="yb-tile-number">{props.value}</span>
      {(props.source || props.readAt) && (
        <span className="yb-tile-foot">
          <span>{props.source}</span>
          <AgeOfData readAt={props.readAt ?? null} fresh={props.fresh} />
        </span>
      )}
    </Tag>
  );
}
