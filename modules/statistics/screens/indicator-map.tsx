/** Units as a map: the darker, the higher the value; a unit without one is hatched by its dash, not hidden. */
import { t, useQuery } from '../../../web/ui/index.ts';
import { numberOf } from './number-of.ts';

interface Shapes {
  width: number;
  height: number;
  units: { code: string; name: string; path: string; x: number; y: number }[];
}

export function IndicatorMap(props: {
  label: string;
  values: ReadonlyMap<string, number | null>;
  decimals: number;
}) {
  const shapes = useQuery<Shapes>(['wall-map'], '/api/operations/map');
  const known = [...props.values.values()].filter((value) => value !== null);
  const greatest = Math.max(...known, Number.MIN_VALUE);
  if (!shapes.data) return null;
  return (
    <svg
      className="st-map"
      viewBox={`0 0 ${shapes.data.width} ${shapes.data.height}`}
      role="img"
      aria-label={props.label}
    >
      {shapes.data.units.map((shape) => {
        const value = props.values.get(shape.code) ?? null;
        const text =
          value === null ? t('statistics.map.none', 'không có số') : numberOf(value, props.decimals);
        return (
          <g key={shape.code}>
            <title>{`${shape.name}: ${text}`}</title>
            <path
              d={shape.path}
              style={{ fillOpacity: value === null ? 0 : 0.1 + (0.65 * value) / greatest }}
            />
            <text x={shape.x} y={shape.y}>
              {value === null ? '–' : text}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
