/**
 * Outlines of the 36 units for the wall's map: GeoJSON of the reference data → `content/geo/units.json`, SVG paths in one view box.
 * Equirectangular at the middle latitude; borders are simplified already and good for thematic maps only, not for legal ones.
 * `node content/convert/geo.ts [shared folder]`
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Point = [number, number];

interface Feature {
  properties: { ward_code: string; ward_name: string; label_lon: number; label_lat: number };
  geometry: { type: 'Polygon'; coordinates: Point[][] } | { type: 'MultiPolygon'; coordinates: Point[][][] };
}

export interface UnitShapes {
  width: number;
  height: number;
  units: { code: string; name: string; path: string; x: number; y: number }[];
}

const WIDTH = 1000;

/** Projects, scales to the view box and writes each unit as one SVG path with its label point. */
export function shapesOf(features: Feature[]): UnitShapes {
  const all = features.flatMap((feature) => rings(feature).flat());
  const [west, east] = extent(all.map((point) => point[0]));
  const [south, north] = extent(all.map((point) => point[1]));
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = WIDTH / ((east - west) * squeeze);
  const place = ([longitude, latitude]: Point): Point => [
    round((longitude - west) * squeeze * scale),
    round((north - latitude) * scale),
  ];
  const units = features.map((feature) => {
    const placed = rings(feature).map((ring) => ring.map(place));
    const [x, y] = place([feature.properties.label_lon, feature.properties.label_lat]);
    return {
      code: feature.properties.ward_code,
      name: feature.properties.ward_name,
      path: placed.map((ring) => `M${ring.map((point) => point.join(' ')).join('L')}Z`).join(''),
      x,
      y,
    };
  });
  return { width: WIDTH, height: Math.ceil((north - south) * scale), units };
}

function rings(feature: Feature): Point[][] {
  return feature.geometry.type === 'Polygon'
    ? feature.geometry.coordinates
    : feature.geometry.coordinates.flat();
}

function extent(values: number[]): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

const round = (value: number): number => Math.round(value * 10) / 10;

if (import.meta.main) {
  const shared = process.argv[2] ?? '../shared';
  const source = readFileSync(join(shared, 'data/geo/vinh-phuc-area-2026-wards.geojson'), 'utf8');
  const target = join(import.meta.dirname, '../geo');
  mkdirSync(target, { recursive: true });
  const shapes = shapesOf((JSON.parse(source) as { features: Feature[] }).features);
  writeFileSync(join(target, 'units.json'), `${JSON.stringify(shapes)}\n`);
}
