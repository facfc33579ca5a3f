/** Values over months as lines: a unit as it is now, carried back over a change of boundaries, beside the units of which it was made. */
import { formatNumber, roundTop, t } from '../../../web/ui/index.ts';
import { numberOf } from './number-of.ts';

const WIDTH = 560;
const HEIGHT = 230;
const LEFT = 52;
const RIGHT = 30;
const BOTTOM = 26;
const TOP = 10;
/** Former units have no colour of their own: dashes tell them apart, and so does the legend. */
const DASHES = ['2 3', '8 4', '8 3 2 3', '14 4', '4 2 1 2', '1 4'];
const MOST_LABELS = 8;

export interface Series {
  name: string;
  values: readonly (number | null)[];
}

export function SeriesChart(props: {
  label: string;
  periods: readonly string[];
  now: Series;
  former: readonly Series[];
  /** First days of new boundaries. */
  changes: readonly string[];
  decimals: number;
}) {
  const { periods } = props;
  const all = [props.now, ...props.former].flatMap(({ values }) => values.filter((value) => value !== null));
  const top = roundTop(Math.max(0, ...all));
  const x = (at: number) =>
    LEFT + (periods.length === 1 ? 0.5 : at / (periods.length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);
  const step = Math.ceil(periods.length / MOST_LABELS);
  const breaks = props.changes
    .map((day) => periods.findIndex((period) => period >= day.slice(0, 7)))
    .filter((at) => at > 0);
  return (
    <figure className="st-chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={props.label}>
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line className="st-chart-grid" x1={LEFT} x2={WIDTH} y1={y(part * top)} y2={y(part * top)} />
            <text x={LEFT - 6} y={y(part * top) + 4} textAnchor="end">
              {formatNumber(part * top)}
            </text>
          </g>
        ))}
        {periods.map((period, at) =>
          at % step === 0 ? (
            <text key={period} x={x(at)} y={HEIGHT - 8} textAnchor="middle">
              {`${period.slice(5)}/${period.slice(2, 4)}`}
            </text>
          ) : null,
        )}
        {breaks.map((at) => (
          <line
            key={at}
            className="st-chart-change"
            x1={(x(at - 1) + x(at)) / 2}
            x2={(x(at - 1) + x(at)) / 2}
            y1={TOP}
            y2={HEIGHT - BOTTOM}
          />
        ))}
        {props.former.map((series, at) => (
          <Line
            key={series.name}
            series={series}
            {...{ x, y }}
            kind="former"
            dash={DASHES[at % DASHES.length]!}
          />
        ))}
        <Line series={props.now} {...{ x, y }} kind="now" />
        {props.now.values.map((value, at) =>
          value === null ? null : (
            <circle key={periods[at]} className="st-chart-dot" cx={x(at)} cy={y(value)} r={3}>
              <title>{`${props.now.name} ${periods[at]}: ${numberOf(value, props.decimals)}`}</title>
            </circle>
          ),
        )}
      </svg>
      <figcaption>
        <Legend name={props.now.name} kind="now" />
        {props.former.map(({ name }, at) => (
          <Legend key={name} name={name} kind="former" dash={DASHES[at % DASHES.length]!} />
        ))}
        {breaks.length > 0 && <Legend name={t('statistics.chart.change', 'đổi địa giới')} kind="change" />}
      </figcaption>
    </figure>
  );
}

/** A month without a value breaks the line: nothing is drawn where nothing is known. */
function Line(props: {
  series: Series;
  x: (at: number) => number;
  y: (value: number) => number;
  kind: 'now' | 'former';
  dash?: string;
}) {
  const path = props.series.values
    .map((value, at) => {
      if (value === null) return '';
      const before = at > 0 ? props.series.values[at - 1] : null;
      return `${before === null || before === undefined ? 'M' : 'L'}${props.x(at)} ${props.y(value)}`;
    })
    .join('');
  const last = props.series.values.findLastIndex((value) => value !== null);
  return (
    <>
      <path className="st-chart-line" data-kind={props.kind} strokeDasharray={props.dash} d={path} />
      {props.kind === 'former' && last >= 0 && (
        <circle className="st-chart-end" cx={props.x(last)} cy={props.y(props.series.values[last]!)} r={3.5}>
          <title>{props.series.name}</title>
        </circle>
      )}
    </>
  );
}

function Legend({ name, kind, dash }: { name: string; kind: 'now' | 'former' | 'change'; dash?: string }) {
  return (
    <span>
      <svg width="28" height="10" aria-hidden="true">
        {kind === 'change' ? (
          <line className="st-chart-change" x1="14" x2="14" y1="0" y2="10" />
        ) : (
          <path className="st-chart-line" data-kind={kind} strokeDasharray={dash} d="M0 5L28 5" />
        )}
      </svg>
      {name}
    </span>
  );
}
