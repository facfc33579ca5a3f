import type { ReactNode } from 'react';

export interface Chip {
  value: string;
  label: string;
  count?: number;
}

/** Filters in sight; keep the value in `useUrlState`. One is always chosen (the first usually means "all"). */
export function FilterChips(props: {
  label: string;
  chips: readonly Chip[];
  value: string;
  onChange: (value: string) => void;
  children?: ReactNode;
}) {
  return (
    <div className="yb-chips" role="group" aria-label={props.label}>
      {props.chips.map((chip) => (
        <button
          key={chip.value}
          type="button"
          className="yb-chip"
          aria-pressed={chip.value === props.value}
          onClick={() => props.onChange(chip.value)}
        >
          {chip.label}
          {chip.count !== undefined && <span className="yb-chip-count">{chip.count}</span>}
        </button>
      ))}
      {props.children}
    </div>
  );
}
