import type { ReactNode } from 'react';
import type { Tone } from './tone.ts';

const SIZE_OF_LEVEL = { 1: 20, 2: 16, 3: 14 } as const;

/** A heading; `level` is its place in the outline, `size` (the scale) may differ. */
export function Heading(props: { level: 1 | 2 | 3; size?: 14 | 16 | 20 | 26 | 34; children: ReactNode }) {
  const Tag = `h${props.level}` as const;
  return (
    <Tag className="yb-heading" data-size={props.size ?? SIZE_OF_LEVEL[props.level]}>
      {props.children}
    </Tag>
  );
}

/** Words. `soft` for what is secondary; `oneLine` and `twoLines` cut with … and keep the whole in the tooltip. */
export function Text(props: {
  size?: 12 | 13 | 14 | 16 | 20;
  tone?: Tone | 'soft' | 'faint';
  strong?: boolean;
  oneLine?: boolean;
  twoLines?: boolean;
  as?: 'p' | 'span' | 'div';
  title?: string;
  children: ReactNode;
}) {
  const Tag = props.as ?? 'span';
  const isCut = props.oneLine || props.twoLines;
  return (
    <Tag
      className="yb-text"
      data-size={props.size}
      data-tone={props.tone}
      data-strong={props.strong || undefined}
      data-one-line={props.oneLine || undefined}
      data-two-lines={props.twoLines || undefined}
      title={props.title ?? (isCut && typeof props.children === 'string' ? props.children : undefined)}
    >
      {props.children}
    </Tag>
  );
}

/** Numbers that stand under each other: tabular digits. */
export function Num(props: { children: ReactNode }) {
  return <span className="yb-number">{props.children}</span>;
}

/** Name and value pairs: `<Facts items={[['Sinh ngày', '07/02/1985']]} />`. Empty values show a dash. */
export function Facts(props: { items: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="yb-facts">
      {props.items.map(([name, value]) => (
        <FactPair key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function FactPair(props: { name: string; value: ReactNode }) {
  const empty = props.value === '' || props.value === null || props.value === undefined;
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{empty ? '–' : props.value}</dd>
    </>
  );
}
