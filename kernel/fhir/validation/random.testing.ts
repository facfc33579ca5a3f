/** Random resources that the element tables allow, the same for the same seed: for differential tests. Invariants may be broken. */
import {
  type Element,
  type ElementType,
  elementsOf,
  isPrimitive,
  propertyName,
  requiredCodes,
} from '../definitions/index.ts';

export type Random = () => number;

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)]!;
}

const SAMPLES: Record<string, unknown[]> = {
  boolean: [true, false],
  integer: [0, 3, -2],
  unsignedInt: [0, 7],
  positiveInt: [1, 12],
  decimal: [1.5, 0.2, 100],
  string: ['Nguyễn Văn An', 'abc', 'Đau đầu'],
  markdown: ['Ghi chú'],
  xhtml: ['<div xmlns="http://www.w3.org/1999/xhtml"><p>Tóm tắt</p></div>'],
  uri: ['http://example.org/a', 'urn:oid:1.2.3'],
  url: ['http://example.org/b'],
  canonical: ['http://example.org/c', 'http://example.org/c|1.0'],
  code: ['abc', 'x-1'],
  id: ['id-1', 'A.b'],
  oid: ['urn:oid:1.2.840'],
  uuid: ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'],
  base64Binary: ['YWJj'],
  date: ['2026', '2026-11', '2026-11-22'],
  dateTime: ['2026', '2026-02-28', '2026-11-22T08:30:00+07:00', '2026-11-22T08:30:00.123Z'],
  instant: ['2026-11-22T08:30:00.123+07:00'],
  time: ['08:30:00'],
};

/** @param fill how likely an optional element is given, 0–1 */
export function randomResource(type: string, random: Random, fill: number): Record<string, unknown> {
  return { resourceType: type, id: 'r1', ...randomObject(type, random, fill, 0) };
}

const LEFT_OUT = new Set([
  'id',
  'extension',
  'modifierExtension',
  'contained',
  'implicitRules',
  'language',
  'meta',
]);

function randomObject(path: string, random: Random, fill: number, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const elements = elementsOf(path).filter((e) => e.min > 0 || (depth < 6 && !LEFT_OUT.has(e.name)));
  for (const element of elements) {
    if (element.min === 0 && random() > fill / (depth + 1)) continue;
    put(value, element, random, fill, depth);
  }
  if (Object.keys(value).length === 0) {
    const any = elementsOf(path).filter((e) => !LEFT_OUT.has(e.name));
    const simple = any.filter((e) => e.types.every((t) => isPrimitive(t.code)));
    put(value, pick(random, simple.length > 0 ? simple : any), random, fill, depth);
  }
  return value;
}

function put(
  value: Record<string, unknown>,
  element: Element,
  random: Random,
  fill: number,
  depth: number,
): void {
  const type = pick(random, element.types);
  const one = () => randomValue(element, type, random, fill, depth + 1);
  const count = Math.max(element.min, random() < 0.3 ? 2 : 1);
  value[propertyName(element, type)] = element.max > 1 ? Array.from({ length: count }, one) : one();
}

function randomValue(
  element: Element,
  type: ElementType,
  random: Random,
  fill: number,
  depth: number,
): unknown {
  const codes = element.codes === undefined ? undefined : requiredCodes(element.codes);
  if (codes) {
    const [system, set] = pick(random, [...codes]);
    const code = pick(random, [...set]);
    if (type.code === 'code') return code;
    return type.code === 'CodeableConcept' ? { coding: [{ system, code }] } : { system, code };
  }
  if (element.codes === 'currencies') return 'VND';
  if (element.codes === 'mimetypes') return 'text/plain';
  if (isPrimitive(type.code)) return pick(random, SAMPLES[type.code] ?? ['x']);
  if (type.code === 'Reference') return { reference: `${pick(random, type.targets ?? ['Basic'])}/x1` };
  if (type.code === 'Resource') return { resourceType: 'Basic', code: { text: 'x' } };
  if (type.code === 'Extension') return { url: 'http://example.org/e', valueString: 'x' };
  return randomObject(type.code, random, fill, depth);
}
