import { linePoints, type Point } from './scale.ts';

/**
 * A trend beside a repeated number: the last points as a line, the newest marked.
 * @param props.values oldest first; missing values break the line
 * @param props.normal the usual range, drawn as a band
 * @param props.label says the trend in words for screen readers: "Huyết áp 6 lần gần nhất: 150 → 132"
 */
export function Sparkline(props: {
  values: readonly (number | null)[];
  label: string;
  normal?: readonly [number, number];
  width?: number;
  height?: number;
}) {
  const width = props.width ?? 96;
  const height = props.height ?? 28;
  const points = linePoints(props.values, props.normal ?? [], width - 8, height - 8);
  const last = points.line.flat().at(-1);
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={props.label}
      viewBox={`-4 -4 ${width} ${height}`}
    >
      {points.band && (
        <rect
          x={0}
          width={width - 8}
          y={points.band[0]}
          height={points.band[1]}
          fill="var(--done-soft)"
          rx={2}
        />
      )}
      {points.line.map((run) => (
        <polyline
          key={run[0]!.x}
          points={run.map(pair).join(' ')}
          fill="none"
          stroke="var(--ink-soft)"
          strokeWidth={1.5}
        />
      ))}
      {last && <circle cx={last.x} cy={last.y} r={3} fill="var(--brand)" />}
    </svg>
  );
}

function pair(point: Point): string {
  return `${point.x.toFixed(1)},${point.y.toFixed(1)}`;
}
