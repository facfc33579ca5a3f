/** A part of the demo province without a database, for tests of what is generated. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openContent } from '../../kernel/content/content.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import { openUnits } from '../places/index.ts';
import { placeRecords } from './generate.ts';
import { householdRecords } from './life.ts';
import type { Making } from './making.ts';
import type { Household } from './person.ts';
import { BLOCK_SIZE, drawBlock } from './population.ts';
import { readDemoTables } from './tables.ts';
import { openWords } from './words.ts';

export const TODAY = '2026-11-22';

export function testMaking(more: Partial<Making> = {}): Making {
  const content = openContent(join(import.meta.dirname, '../../content'));
  return {
    seed: 'test',
    today: TODAY,
    time: '16:00',
    from: '2024-07-23',
    content,
    tables: readDemoTables(content),
    units: openUnits(content),
    words: openWords(content),
    idWithin: (patient, tail) =>
      createHash('md5').update(patient).digest('base64url').slice(0, 11).replaceAll('_', '.') + tail,
    ...more,
  };
}

export function testHouseholds(making: Making, blocks: number): Household[] {
  return Array.from({ length: blocks }, (_, block) =>
    drawBlock(making.seed, block, BLOCK_SIZE, block * BLOCK_SIZE, making.tables),
  ).flat();
}

/** Every resource of the households, in the order in which they are written. */
export function testRecords(making: Making, households: Household[]): Resource[] {
  const { posts } = placeRecords(making);
  return households.flatMap((household) => {
    const { people, group } = householdRecords(household, posts, making);
    return [...people.flatMap((person) => person.resources), group];
  });
}

/** Every place in a resource, by path; array places are left out of the path. */
export function* everyValue(
  value: unknown,
  path = '',
): Generator<{ path: string; value: unknown; holder: unknown }> {
  if (Array.isArray(value)) {
    for (const item of value) yield* everyValue(item, path);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      const here = path === '' ? name : `${path}.${name}`;
      yield { path: here, value: item, holder: value };
      yield* everyValue(item, here);
    }
  }
}
