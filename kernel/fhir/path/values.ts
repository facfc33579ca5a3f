/** Values of FHIRPath: kinds, equality, order, and the bound on the work that one resource may cost. Pure. */

import { Failure } from '../../failure.ts';
import { isPrimitive } from '../definitions/index.ts';

/** What the evaluation of one resource may still cost, in values looked at. */
export class Work {
  #left: number;

  constructor(most = 1_000_000) {
    this.#left = most;
  }

  /** @throws Failure `too-large` when the resource has cost too much */
  spend(values: number): void {
    this.#left -= values;
    if (this.#left < 0) {
      throw new Failure(
        'too-large',
        'Biểu thức của khung nhìn không dừng hoặc tốn quá nhiều việc với một tài nguyên. Hãy viết gọn hơn.',
        {
          textEn:
            'An expression of the view does not end, or costs too much for one resource: write it narrower.',
        },
      );
    }
  }
}

export type Kind = 'boolean' | 'number' | 'text' | 'date' | 'dateTime' | 'time' | 'complex' | 'unknown';

const KINDS: Record<string, Kind> = {
  boolean: 'boolean',
  integer: 'number',
  positiveInt: 'number',
  unsignedInt: 'number',
  decimal: 'number',
  date: 'date',
  dateTime: 'dateTime',
  instant: 'dateTime',
  time: 'time',
};

/** @param type FHIR type, or null when only the data know it */
export function kindOf(type: string | null): Kind {
  if (type === null) return 'unknown';
  return KINDS[type] ?? (isPrimitive(type) ? 'text' : 'complex');
}

export const isTemporal = (kind: Kind) => kind === 'date' || kind === 'dateTime' || kind === 'time';

/** One value, or null for none. @throws Failure `business-rule` for several */
export function singleOf(nodes: readonly unknown[], what: string): unknown {
  if (nodes.length > 1) {
    throw new Failure(
      'business-rule',
      `Biểu thức "${what}" cho ${nodes.length} giá trị, nhưng ở đây chỉ được một. Hãy dùng first() hoặc where().`,
      {
        textEn: `"${what}" gives ${nodes.length} values where one is expected: use first() or where().`,
        expression: what,
      },
    );
  }
  return nodes[0] ?? null;
}

/** FHIRPath "Singleton evaluation": null for nothing, a value that is no boolean is true. */
export function truthOf(nodes: readonly unknown[], what: string): boolean | null {
  const value = singleOf(nodes, what);
  return value === null ? null : value !== false;
}

/** FHIRPath equals; null when the precision of times leaves it open. */
export function areEqual(a: unknown, b: unknown, temporal: boolean): boolean | null {
  if (temporal && typeof a === 'string' && typeof b === 'string') {
    const order = compareTemporal(a, b);
    return order === null ? null : order === 0;
  }
  return isSame(a, b);
}

export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const one = Object.entries(a);
  const other = b as Record<string, unknown>;
  return (
    Array.isArray(a) === Array.isArray(b) &&
    one.length === Object.keys(b).length &&
    one.every(([name, value]) => Object.hasOwn(other, name) && isSame(value, other[name]))
  );
}

/** Below 0, 0, above 0; null where the values have no order. */
export function compare(a: unknown, b: unknown, temporal: boolean): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== 'string' || typeof b !== 'string') return null;
  if (temporal) return compareTemporal(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

const TEMPORAL =
  /^(?:(\d{4})(?:-(\d\d)(?:-(\d\d))?)?)?(?:T?(?:(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?)?(Z|[+-]\d\d:\d\d)?)?$/;
/** Vietnam's time where no zone is written. */
const ZONE = '+07:00';

/** FHIRPath "Comparison" of dates and times: part by part; null when one is less precise than needed. */
export function compareTemporal(a: string, b: string): number | null {
  const one = partsOf(a);
  const other = partsOf(b);
  if (!one || !other) return null;
  for (let at = 0; at < 6; at++) {
    const left = one[at];
    const right = other[at];
    if (left === undefined && right === undefined) return 0;
    if (left === undefined || right === undefined) return null;
    if (left !== right) return left - right;
  }
  return 0;
}

/** Year, month, day, hour, minute, second as far as they are written; times with a zone as of UTC. */
function partsOf(text: string): (number | undefined)[] | null {
  const isTime = /^\d\d:/.test(text) || /^\d\d$/.test(text);
  const found = TEMPORAL.exec(isTime ? `T${text}` : text);
  if (!found) return null;
  const parts = found.slice(1, 7).map((part) => (part === undefined ? undefined : Number(part)));
  if (isTime) return [0, 0, 0, ...parts.slice(3)];
  if (parts[3] === undefined || parts[4] === undefined) return parts;
  const shift = minutesOf(found[7] ?? ZONE);
  const instant = new Date(Date.UTC(parts[0]!, parts[1]! - 1, parts[2]!, parts[3], parts[4] - shift));
  return [
    instant.getUTCFullYear(),
    instant.getUTCMonth() + 1,
    instant.getUTCDate(),
    instant.getUTCHours(),
    instant.getUTCMinutes(),
    parts[5],
  ];
}

function minutesOf(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
