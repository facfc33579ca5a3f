/** HL7's example resources of R4 (npm `hl7.fhir.r4.examples`, CC0), as their files stand, and how they are sent. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FhirWorld } from '../../kernel/fhir/testing.ts';
import type { Resource } from '../../kernel/fhir/types.ts';

export interface Example {
  /** Name of its file. */
  file: string;
  type: string;
  id: string;
  /** The file, without a final line break. */
  text: string;
  resource: Resource;
}

/** Examples that the server refuses: by file, the status, a part of what it says, and why that is right. */
export type Refused = Record<string, { status: number; says: string; why: string }>;

const FOLDER = join(import.meta.dirname, '../../node_modules/hl7.fhir.r4.examples');

export function readRefused(): Refused {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'refused.json'), 'utf8')) as Refused;
}

/** Text of one file. */
export function readExample(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8').trim();
}

/** One file after the other, by name: 5,306 files, 188 MB, of which the reader keeps what it needs. */
export function* readExamples(): Generator<Example> {
  for (const file of readdirSync(FOLDER).sort()) {
    if (!file.endsWith('.json') || file === 'package.json') continue;
    const text = readExample(file);
    const resource = JSON.parse(text) as Resource;
    yield { file, type: resource.resourceType, id: resource.id ?? '', text, resource };
  }
}

const MOST_ENTRIES = 40;
const MOST_LETTERS = 1_000_000;

/** Stores all under their ids by transactions of up to 40; answers the faults of those that failed. */
export async function storeAll(world: FhirWorld, examples: Iterable<Example>): Promise<string[]> {
  const faults: string[] = [];
  await inParallel(2, groupsOf(examples), async (group) => {
    const entries = group.map(
      ({ type, id, text }) => `{"resource":${text},"request":{"method":"PUT","url":"${type}/${id}"}}`,
    );
    const body = `{"resourceType":"Bundle","type":"transaction","entry":[${entries.join(',')}]}`;
    const answer = await world.send('POST', '/fhir', body);
    if (answer.status !== 200) faults.push(`${group.map(({ file }) => file).join(' ')}: ${answer.text}`);
  });
  return faults;
}

function* groupsOf(examples: Iterable<Example>): Generator<Example[]> {
  let group: Example[] = [];
  let letters = 0;
  for (const one of examples) {
    if (group.length === MOST_ENTRIES || (letters > 0 && letters + one.text.length > MOST_LETTERS)) {
      yield group;
      group = [];
      letters = 0;
    }
    group.push(one);
    letters += one.text.length;
  }
  if (group.length > 0) yield group;
}

/** Works on the items with so many at once. */
export async function inParallel<T>(
  width: number,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
