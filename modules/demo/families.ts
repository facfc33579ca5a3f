/**
 * Puts a block of people together into households: couples, their children, grandparents with a grown child, the
 * grown children still at home, and who is left. Pure; everybody ends in exactly one household.
 */
import type { Draft } from './person.ts';
import type { Random } from './random.ts';

/** Members, the head of the household first. */
export type Family = Draft[];

interface Nest {
  /** The couple, or the one parent. */
  parents: Draft[];
  children: Draft[];
  elders: Draft[];
}

/** How many in a hundred women of an age live with a husband (census 2019, rounded). */
const MARRIED: [fromAge: number, percent: number][] = [
  [0, 0],
  [19, 20],
  [22, 50],
  [25, 78],
  [30, 90],
  [50, 84],
  [60, 70],
  [70, 45],
  [80, 22],
];

const MOTHER_AT_BIRTH = { youngest: 19, oldest: 41, usual: 26.5, spread: 5 };
/** Wish for another child by how many there are. */
const ANOTHER_CHILD = [1, 1.3, 0.35, 0.06, 0];

export function formFamilies(drafts: Draft[], random: Random): Family[] {
  const nests = couples(drafts, random);
  const free = new Set(drafts.filter((draft) => !nests.some((nest) => nest.parents.includes(draft))));
  addChildren(nests, free, random);
  addGrownChildren(nests, free, random);
  joinElders(nests, free, random);
  addLonely(nests, free, random);
  return nests.map((nest) => inOrder(nest, random)).filter((family) => family.length > 0);
}

function couples(drafts: Draft[], random: Random): Nest[] {
  const men = drafts.filter((draft) => draft.sex === 'male' && draft.age >= 20).sort((a, b) => a.age - b.age);
  const women = drafts.filter((draft) => draft.sex === 'female' && draft.age >= 19);
  const nests: Nest[] = [];
  for (const woman of shuffled(women, random)) {
    const percent = MARRIED.findLast(([from]) => from <= woman.age)![1];
    if (random.chance(percent / 100)) {
      const at = nearest(men, woman.age + random.normal(2.8, 2.2));
      const man = men[at];
      if (man && Math.abs(man.age - woman.age - 2.8) <= 8) {
        men.splice(at, 1);
        woman.spouse = man;
        man.spouse = woman;
        nests.push({ parents: [man, woman], children: [], elders: [] });
        continue;
      }
    }
    if (woman.age >= 25 && woman.age < 52 && random.chance(0.35)) {
      nests.push({ parents: [woman], children: [], elders: [] });
    }
  }
  return nests;
}

/** Place of the value nearest in a list sorted by age. */
function nearest(sorted: Draft[], age: number): number {
  let best = 0;
  for (let at = 1; at < sorted.length; at += 1) {
    if (Math.abs(sorted[at]!.age - age) < Math.abs(sorted[best]!.age - age)) best = at;
  }
  return best;
}

/** Under 18: to a mother who could have borne the child, the oldest first so that siblings keep their distance. */
function addChildren(nests: Nest[], free: Set<Draft>, random: Random): void {
  const children = [...free].filter((draft) => draft.age < 18).sort((a, b) => b.age - a.age);
  for (const child of children) {
    const possible = nests.filter((nest) => motherWeight(nest, child) > 0);
    const nest =
      possible.length > 0
        ? random.weighted(possible, (each) => motherWeight(each, child))
        : grandparents(nests, child);
    if (!nest) continue;
    if (possible.length > 0) adopt(nest, child);
    nest.children.push(child);
    free.delete(child);
  }
}

function motherWeight(nest: Nest, child: Draft): number {
  const mother = nest.parents.find((parent) => parent.sex === 'female');
  if (!mother) return 0;
  const { youngest, oldest, usual, spread } = MOTHER_AT_BIRTH;
  const gap = mother.age - child.age;
  if (gap < youngest || gap > oldest) return 0;
  if (nest.children.some((other) => Math.abs(other.age - child.age) < 1.2)) return 0;
  const wish = ANOTHER_CHILD[Math.min(nest.children.length, ANOTHER_CHILD.length - 1)]!;
  return wish * Math.exp(-(((gap - usual) / spread) ** 2) / 2) * (nest.parents.length === 1 ? 0.5 : 1);
}

function adopt(nest: Nest, child: Draft): void {
  child.mother = nest.parents.find((parent) => parent.sex === 'female') ?? null;
  child.father = nest.parents.find((parent) => parent.sex === 'male') ?? null;
}

/** Children whose parents work elsewhere live with the couple nearest to a grandparent's age. */
function grandparents(nests: Nest[], child: Draft): Nest | undefined {
  const distance = (nest: Nest) => Math.abs(nest.parents[0]!.age - child.age - 52);
  return nests.reduce<Nest | undefined>(
    (best, nest) => (!best || distance(nest) < distance(best) ? nest : best),
    undefined,
  );
}

/** Unmarried 18 to 32: most still live with their parents. */
function addGrownChildren(nests: Nest[], free: Set<Draft>, random: Random): void {
  for (const grown of [...free].filter((draft) => draft.age >= 18 && draft.age < 33)) {
    const possible = nests.filter((nest) => motherWeight(nest, grown) > 0);
    if (possible.length === 0 || !random.chance(0.85)) continue;
    const nest = random.weighted(possible, (each) => motherWeight(each, grown));
    adopt(nest, grown);
    nest.children.push(grown);
    free.delete(grown);
  }
}

/** Parents of 60 and more move in with a grown child's family: mostly the husband's parents. */
function joinElders(nests: Nest[], free: Set<Draft>, random: Random): void {
  const old = nests.filter(
    (nest) => Math.min(...nest.parents.map((parent) => parent.age)) >= 58 && nest.children.length === 0,
  );
  for (const elders of old) {
    const host = hostFor(nests, elders.parents, random, 0.5);
    if (!host) continue;
    become(host, elders.parents);
    elders.parents = [];
  }
  for (const alone of [...free].filter((draft) => draft.age >= 60)) {
    const host = hostFor(nests, [alone], random, 0.75);
    if (!host) continue;
    become(host, [alone]);
    free.delete(alone);
  }
}

function hostFor(nests: Nest[], elders: Draft[], random: Random, share: number): Nest | null {
  if (!random.chance(share)) return null;
  const hosts = nests.filter((nest) => {
    const child = nest.parents.find((parent) => parent.sex === 'male') ?? nest.parents[0];
    if (!child || nest.elders.length > 0 || child.age >= 62) return false;
    return elders.every((elder) => elder.age - child.age >= 19 && elder.age - child.age <= 42);
  });
  return hosts.length > 0 ? random.pick(hosts) : null;
}

function become(host: Nest, elders: Draft[]): void {
  const child = host.parents.find((parent) => parent.sex === 'male') ?? host.parents[0]!;
  for (const elder of elders) {
    if (elder.sex === 'female') child.mother = elder;
    else child.father = elder;
  }
  host.elders.push(...elders);
}

/** Who is left lives alone, or with somebody of the family who has room. */
function addLonely(nests: Nest[], free: Set<Draft>, random: Random): void {
  for (const alone of free) {
    if (alone.age >= 18 && random.chance(0.6)) nests.push({ parents: [alone], children: [], elders: [] });
    else random.pick(nests.filter((nest) => nest.parents.length > 0)).children.push(alone);
  }
}

/** The head first: a living elder in a third of the three-generation homes, otherwise the living father or mother. */
function inOrder(nest: Nest, random: Random): Family {
  const members = [...nest.parents, ...nest.elders, ...nest.children];
  const living = (drafts: Draft[]) => drafts.find((draft) => draft.deathDate === null);
  const elder = nest.elders.length > 0 && random.chance(0.35) ? living(nest.elders) : undefined;
  const head =
    elder ?? living(nest.parents) ?? living(members.filter((draft) => draft.age >= 18)) ?? members[0];
  return head ? [head, ...members.filter((member) => member !== head)] : [];
}

function shuffled<T>(items: T[], random: Random): T[] {
  const all = [...items];
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = random.int(0, at);
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all;
}
