/** Definitions as a tired hand leaves them: a member too few, a letter too many, a value of another kind, a formula that names itself. */

type Json = unknown;
type Holder = Record<string, Json>;

export interface Mutated<T> {
  value: T;
  /** What was done, and where: for the message of a test. */
  what: string;
}

const FOREIGN: readonly Json[] = [
  null,
  7,
  -1,
  0.5,
  '',
  ' ',
  [],
  {},
  true,
  'kites',
  'constructor',
  '2026-02-30',
  [null],
  { a: 1 },
];
const PIECES = [
  '(',
  ')',
  "'",
  '[',
  ']',
  ',',
  '.',
  '=',
  '<',
  ' not ',
  ' null ',
  ' or ',
  ' / 0',
  '5',
  "'x'",
  '-',
  'person',
  '@-1',
  '*',
  ' is null',
];

/** One change of a definition, by chance. @param random numbers in [0, 1) */
export function mutated<T>(definition: T, random: () => number): Mutated<T> {
  const value = structuredClone(definition);
  const places = placesOf(value as Json, '');
  const pick = <I>(items: readonly I[]): I => items[Math.floor(random() * items.length)]!;
  const { holder, name, path } = pick(places);
  const texts = places.map((one) => one.holder[one.name]).filter((one) => typeof one === 'string');
  const old = holder[name];
  const done = (next: Json): Mutated<T> => {
    holder[name] = next;
    return { value, what: `${path}: ${said(old)} → ${said(next)}` };
  };
  const ways: (() => Mutated<T>)[] = [
    () => {
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
      return { value, what: `${path}: left out` };
    },
    () => done(pick(FOREIGN)),
    () => {
      if (Array.isArray(holder)) return done([old, old]);
      delete holder[name];
      const typo = random() < 0.5 ? name.slice(0, -1) : `${name}${name.at(-1) ?? 'x'}`;
      holder[typo] = old;
      return { value, what: `${path}: called ${typo}` };
    },
    () => done(pick(texts)),
  ];
  if (typeof old === 'string') {
    const at = Math.floor(random() * (old.length + 1));
    ways.push(
      () => done(old.slice(0, at) + old.slice(at + 1)),
      () => done(old.slice(0, at) + pick(PIECES) + old.slice(at)),
      () => done(old.split(' ').toReversed().join(' ')),
      () => done(`${old} ${pick(['and', '+', '-', '=', '/'])} ${pick(texts)}`),
    );
  }
  if (Array.isArray(old) && old.length > 0) ways.push(() => done([...old, pick(old)]));
  return pick(ways)();
}

interface Place {
  holder: Holder;
  name: string;
  path: string;
}

function placesOf(value: Json, path: string): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const here = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
    return [{ holder: value as Holder, name, path: here }, ...placesOf(one, here)];
  });
}

const said = (value: Json) => JSON.stringify(value)?.slice(0, 80) ?? 'nothing';

const STEP = /^(?:\.?([^.[\]]+)|\[(\d+)\]|\['([^']*)'\])/;

/** Whether a fault's place leads somewhere in the definition; its last step may be what is missing. */
export function isPlaceIn(definition: Json, place: string): boolean {
  if (place === '{}') return true;
  let at = definition;
  let rest = place;
  while (rest !== '') {
    const [step = '', plain, index, quoted] = STEP.exec(rest) ?? [];
    if (step === '' || typeof at !== 'object' || at === null) return false;
    rest = rest.slice(step.length);
    const next = (at as Holder)[plain ?? index ?? quoted ?? ''];
    if (next === undefined) return rest === '';
    at = next;
  }
  return true;
}
