/** Criteria on sounds of names, positions and stretches of sequences → conditions. Pure. */
import { and, type Condition, type WordQuery } from './condition.ts';
import { invalidValue } from './faults.ts';
import { PART, soundKey, tokenKey } from './keys.ts';
import type { IndexedParameter } from './parameters.ts';
import { soundsOf } from './phonetic.ts';
import { numberBounds } from './plan-order.ts';
import { convert, unitOf } from './ucum.ts';
import { parseToken, splitUnescaped, unescapeValue } from './values.ts';

/** Every word of the value sounds like some word of the name. */
export function planSounds({ q }: IndexedParameter, name: string, value: string): Condition {
  const sounds = soundsOf(unescapeValue(value));
  if (sounds.length === 0) throw invalidValue(name, value, 'chữ', 'letters');
  return and(sounds.map((sound) => ({ op: 'tok', any: [soundKey(q, sound)] })));
}

/** When `near` names no distance. R4 leaves it to the server. */
const NEARBY_METERS = 10_000;
const DEGREES = /^-?\d{1,3}(\.\d+)?$/;

/** R4 location.html#search: `latitude|longitude|distance|units`, in degrees and, without units, kilometres. */
export function planNear({ p }: IndexedParameter, name: string, value: string): Condition {
  const parts = splitUnescaped(value, '|').map((part) => unescapeValue(part).trim());
  const [north = '', east = '', far = '', unit = ''] = parts;
  const [latitude, longitude] = [Number(north), Number(east)];
  const isPlace =
    DEGREES.test(north) && DEGREES.test(east) && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  const meters = far === '' ? NEARBY_METERS : metersOf(far, unit === '' ? 'km' : unit);
  if (parts.length > 4 || parts.length < 2 || !isPlace || meters === null) {
    throw invalidValue(
      name,
      value,
      'vĩ độ|kinh độ|khoảng cách|đơn vị, như 21.31|105.4|5|km',
      'latitude|longitude|distance|units, such as 21.31|105.4|5|km',
    );
  }
  return { op: 'near', p, latitude, longitude, meters };
}

function metersOf(distance: string, unit: string): number | null {
  const [asked, meter] = [unitOf(unit), unitOf('m')!];
  if (!/^\d+(\.\d+)?$/.test(distance) || asked?.dimension !== meter.dimension) return null;
  return convert(Number(distance), asked, meter);
}

/** `chromosome-variant-coordinate=NC_000001.11$ge100$lt200`: start and end of one stretch. */
export function planStretch({ q }: IndexedParameter, name: string, value: string): Condition {
  const [first = '', start = '', end = '', ...more] = splitUnescaped(value, '$');
  const token = parseToken(first);
  if (!token || token.code === undefined || start === '' || end === '' || more.length > 0) {
    throw invalidValue(name, value, 'mã$đầu$cuối', 'code$start$end');
  }
  const { system, code } = token;
  const words: WordQuery = { p: q, code: `${code}${PART}` };
  return {
    op: 'stretch',
    p: system === undefined ? [] : [tokenKey(q, `${system}${PART}`, `${code}${PART}`)],
    words: system === undefined ? [words] : [],
    start: numberBounds(name, start),
    end: numberBounds(name, end),
  };
}
