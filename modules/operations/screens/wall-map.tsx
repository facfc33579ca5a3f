/** The 36 units as a map: the darker, the more visits; a unit without any is hatched, not hidden. */
import { formatNumber, t, useQuery } from '../../../web/ui/index.ts';
import type { Wall } from '../wall.ts';

interface UnitShapes {
  width: number;
  height: number;
  units: { code: string; name: string; path: string; x: number; y: number }[];
}

export function WallMap(props: { wall: Wall; onOpen: (unit: string) => void }) {
  const shapes = useQuery<UnitShapes>(['wall-map'], '/api/operations/map');
  const byCode = new Map(
    props.wall.units.filter((unit) => unit.kind === 'tram-y-te').map((unit) => [unit.unitCode, unit]),
  );
  const alerts = new Set(props.wall.alerts.map((alert) => alert.unit));
  const greatest = Math.max(1, ...[...byCode.values()].map((unit) => unit.visits));
  return (
    <section className="op-map" aria-label={t('operations.map', 'Bản đồ lượt khám tại trạm hôm nay')}>
      {shapes.data && (
        <svg
          viewBox={`0 0 ${shapes.data.width} ${shapes.data.height}`}
          role="img"
          aria-label={t('operations.map', 'Bản đồ lượt khám tại trạm hôm nay')}
        >
          {shapes.data.units.map((shape) => {
            const unit = byCode.get(shape.code);
            const visits = unit?.visits ?? 0;
            const text = `${shape.name}: ${t('operations.map.visits', '{n} lượt', { n: formatNumber(visits) })}`;
            return (
              <g
                key={shape.code}
                onClick={unit ? () => props.onOpen(unit.unit) : undefined}
                className="op-shape"
                data-alert={(unit && alerts.has(unit.unit)) || undefined}
              >
                <title>{text}</title>
                <path
                  d={shape.path}
                  style={{ fillOpacity: visits === 0 ? 0 : 0.18 + (0.72 * visits) / greatest }}
                />
                <text x={shape.x} y={shape.y}>
                  {visits > 0 ? formatNumber(visits) : '–'}
                </text>
              </g>
            );
          })}
        </svg>
      )}
      <p>
        {t(
          'operations.map.note',
          'Số trên bản đồ: lượt khám hôm nay tại trạm. Viền đỏ: có cảnh báo trong 7 ngày. Ranh giới chỉ để minh hoạ.',
        )}
      </p>
    </section>
  );
}
