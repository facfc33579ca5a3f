import { formatNumber } from '../format/format.ts';
import type { Tone } from '../layout/tone.ts';
import { roundTop } from './scale.ts';

export interface Bar {
  label: string;
  value: number;
  tone?: Extract<Tone, 'danger' | 'look' | 'info'>;
}

/** A ranking as lying bars: every bar with its words and its number. */
export function BarChart(props: { label: string; bars: readonly Bar[]; onOpen?: (bar: Bar) => void }) {
  const greatest = Math.max(1, ...props.bars.map((bar) => bar.value));
  return (
    <ul className="yb-bars" aria-label={props.label}>
      {props.bars.map((bar) => (
        <li className="yb-bar-row" key={bar.label}>
          <span className="yb-bar-label" title={bar.label}>
            {props.onOpen ? (
              <button type="button" className="yb-sort" onClick={() => props.onOpen?.(bar)}>
                {bar.label}
              </button>
            ) : (
              bar.label
            )}
          </span>
          <span className="yb-bar-track" aria-hidden>
            <span
              className="yb-bar-fill"
              data-tone={bar.tone}
              style={{ width: `${(bar.value / greatest) * 100}%` }}
            />
          </span>
          <span className="yb-bar-value">{formatNumber(bar.value)}</span>
        </li>
      ))}
    </ul>
  );
}

/** A count over time as standing bars with its axis; the greatest value and both ends are named. */
export function ColumnChart(props: {
  label: string;
  columns: readonly { label: string; value: number }[];
  height?: number;
}) {
  const height = props.height ?? 120;
  const top = roundTop(Math.max(0, ...props.columns.map((column) => column.value)));
  const step = 640 / Math.max(1, props.columns.length);
  const bar = Math.max(2, step * 0.7);
  return (
    <svg className="yb-chart" viewBox={`0 0 680 ${height + 24}`} role="img" aria-label={props.label}>
      {[0, top / 2, top].map((line) => (
        <g key={line}>
          <line x1={36} x2={680} y1={level(line)} y2={level(line)} stroke="var(--line)" />
          <text x={30} y={level(line) + 4} textAnchor="end">
            {formatNumber(line)}
          </text>
        </g>
      ))}
      {props.columns.map((column, index) => (
        <rect
          key={column.label}
          x={40 + index * step + (step - bar) / 2}
          width={bar}
          y={level(column.value)}
          height={height - level(column.value)}
          fill="var(--brand)"
          rx={1}
        >
          <title>{`${column.label}: ${formatNumber(column.value)}`}</title>
        </rect>
      ))}
      <text x={40} y={height + 18}>
        {props.columns[0]?.label}
      </text>
      <text x={680} y={height + 18} textAnchor="end">
        {props.columns.at(-1)?.label}
      </text>
    </svg>
  );

  function level(value: number): number {
    return 8 + (height - 8) * (1 - value / top);
  }
}
