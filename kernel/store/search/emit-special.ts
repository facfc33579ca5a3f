/** Index entries of the few parameters that are like no other: sounds, positions, stretches of sequences, narrative. */
import { foldText } from '../../text/fold.ts';
import { tokensOf } from './emit-composite.ts';
import { STRING_LIMIT, soundKey } from './keys.ts';
import type { IndexedParameter } from './parameters.ts';
import { resolvePaths, valuesAt } from './paths.ts';
import { soundsOf } from './phonetic.ts';
import type { Sink } from './sink.ts';
import { type Site, siteOf } from './site.ts';

/** `Patient.deceased.exists() and Patient.deceased != false`: true or false for every patient. */
export function emitDeceased(site: Site, patient: unknown, sink: Sink, bit: number): void {
  const { deceasedBoolean, deceasedDateTime } = patient as {
    deceasedBoolean?: unknown;
    deceasedDateTime?: unknown;
  };
  if (deceasedBoolean !== undefined || deceasedDateTime !== undefined) sink.present(bit);
  const isDead = deceasedBoolean === true || deceasedDateTime !== undefined;
  sink.entry(site.code('', isDead ? 'true' : 'false', ''));
}

/** A HumanName or a string: one token for the sound of each word. */
export function emitSounds(site: Site, value: unknown, sink: Sink): void {
  const parts = typeof value === 'string' ? [value] : nameParts(value as Record<string, unknown>);
  for (const part of parts)
    for (const word of part.split(' ')) for (const key of site.sounds(word, soundKeysOf)) sink.token(key);
}

/** The words of the parts, and of the text unless it is the parts written one after the other. */
function nameParts({ text, family, given }: Record<string, unknown>): string[] {
  const parts = [family, given].flat().filter((part) => typeof part === 'string');
  return typeof text !== 'string' || text === parts.join(' ') ? parts : [text, ...parts];
}

function soundKeysOf(q: string, word: string): readonly bigint[] {
  return soundsOf(word).map((sound) => soundKey(q, sound));
}

/** `Location.position`: latitude and longitude in degrees (WGS 84) in one row. */
export function emitPosition(site: Site, value: unknown, sink: Sink): void {
  const { latitude, longitude } = value as { latitude?: unknown; longitude?: unknown };
  if (typeof latitude === 'number' && typeof longitude === 'number')
    sink.ord.push({ p: site.p, lo: latitude, hi: longitude });
}

/**
 * Stretches of a MolecularSequence: chromosome or reference sequence with start and end, as one row a stretch. The token
 * stands in `referenceSeq`, also for the stretches of `variant`. @returns an emitter for the whole resource
 */
export function stretchEmitter({ q, type, paths, components }: IndexedParameter) {
  const site = siteOf(q);
  const [element] = paths;
  const [token, start, end] = components.map(({ expression }) => {
    const outer = /^%resource\.(.*)$/.exec(expression)?.[1];
    return resolvePaths(outer ? type : element!.type, outer ?? expression).map((path) => ({
      path,
      outer: outer !== undefined,
    }));
  });
  return (resource: unknown, sink: Sink): void => {
    for (const part of valuesAt(resource, element!)) {
      const read = (one: typeof token) =>
        one!.flatMap(({ path, outer }) =>
          valuesAt(outer ? resource : part, path).map((v) => [path.type, v] as const),
        );
      const [lo] = numbers(read(start).map(([, v]) => v));
      const [hi] = numbers(read(end).map(([, v]) => v));
      if (lo === undefined || hi === undefined) continue;
      for (const one of read(token).flatMap(([kind, v]) => tokensOf(kind, v))) {
        const entry = site.pairs(one.system, one.code).entry('', '', '', false);
        sink.word(entry);
        sink.ord.push({ p: entry.h, lo, hi });
      }
    }
  };
}

function numbers(values: readonly unknown[]): number[] {
  return values.filter((value) => typeof value === 'number');
}

/** Characters of a narrative that are indexed. */
const NARRATIVE_LIMIT = 20_000;

/** `_text`: the narrative without its markup, in rows of whole words. */
export function emitNarrative(p: bigint, value: unknown, sink: Sink): void {
  const { div } = (value ?? {}) as { div?: unknown };
  if (typeof div !== 'string') return;
  for (const s of rowsOf(foldText(plainText(div)).slice(0, NARRATIVE_LIMIT))) sink.str.push({ p, s });
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** XHTML → text: tags are blanks, entities what they stand for. */
export function plainText(xhtml: string): string {
  return xhtml
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (_all, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name] ?? ' ';
      const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return point <= 0x10ffff ? String.fromCodePoint(point) : ' ';
    });
}

function rowsOf(text: string): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    if (row !== '' && row.length + 1 + word.length > STRING_LIMIT) {
      rows.push(row);
      row = '';
    }
    row = row === '' ? word.slice(0, STRING_LIMIT) : `${row} ${word}`;
  }
  return row === '' ? rows : [...rows, row];
}
