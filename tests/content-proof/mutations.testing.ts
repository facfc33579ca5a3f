/** Definitions spoilt at random, one place at a time, as a tired officer spoils them. */

type Json = unknown;
type Holder = Record<string | number, Json>;

/** A place in a definition: what holds it, and under which name. */
interface Spot {
  holder: Holder;
  name: string | number;
  place: string;
}

export interface Mutation {
  /** `delete rows[2].where` */
  what: string;
  value: Json;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function spotsOf(value: Json, place = ''): Spot[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((key) => {
    const name = Array.isArray(value) ? Number(key) : key;
    const at = typeof name === 'number' ? `${place}[${name}]` : place === '' ? name : `${place}.${name}`;
    return [{ holder, name, place: at }, ...spotsOf(holder[name], at)];
  });
}

type Spoil = (spot: Spot, random: () => number) => boolean;

const OTHERS: Json[] = [7, -1, 1.5, true, 'chữ', '', null, [], {}, ['x'], { x: 1 }];

const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)]!;

/** Each says whether it could be done there. */
const WAYS: Record<string, Spoil> = {
  delete: ({ holder, name }) => {
    if (Array.isArray(holder)) holder.splice(name as number, 1);
    else delete holder[name];
    return true;
  },
  retype: ({ holder, name }, random) => {
    const others = OTHERS.filter((one) => typeof one !== typeof holder[name] || Array.isArray(one));
    holder[name] = structuredClone(pick(others, random));
    return true;
  },
  misname: ({ holder, name }) => {
    if (Array.isArray(holder) || typeof name !== 'string') return false;
    holder[`${name}x`] = holder[name];
    delete holder[name];
    return true;
  },
  recode: ({ holder, name }) => {
    const value = holder[name];
    if (typeof value !== 'string' || value === '' || /\s/.test(value)) return false;
    holder[name] = `${value.slice(0, -1)}${value.endsWith('q') ? 'z' : 'q'}`;
    return true;
  },
  break: ({ holder, name }, random) => {
    const value = holder[name];
    const signs = typeof value === 'string' ? [...value.matchAll(/[()[\]'=<>%.|&+*]/g)] : [];
    if (typeof value !== 'string' || signs.length === 0) return false;
    const { index } = pick(signs, random);
    holder[name] = value.slice(0, index) + value.slice(index + 1);
    return true;
  },
  twice: ({ holder, name }) => {
    if (!Array.isArray(holder)) return false;
    holder.splice(name as number, 0, structuredClone(holder[name as number]));
    return true;
  },
};

/** So many different spoilt copies of a definition. */
export function mutationsOf(sound: Json, many: number, random: () => number): Mutation[] {
  const mutations: Mutation[] = [];
  while (mutations.length < many) {
    const value = structuredClone(sound);
    const spot = pick(spotsOf(value), random);
    const [way, spoil] = pick(Object.entries(WAYS), random);
    if (spoil(spot, random)) mutations.push({ what: `${way} ${spot.place}`, value });
  }
  return mutations;
}
