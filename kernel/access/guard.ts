/** Decisions that need facts of the record: which unit a resource belongs to, and whether a person is in its care. */
import type { Resource, ResourceType } from '../fhir/types.ts';
import type { Store, StoredVersion } from '../store/contract.ts';
import type { Care } from './care.ts';
import type { Actor } from './contract.ts';
import { type Action, covers, decide, type Policies, type Reach } from './decide.ts';
import type { BreakGlass } from './glass.ts';
import { allowanceOf, mayHold, versionFilter } from './smart/allowance.ts';
import { type UnitLinks, unitLinks } from './units.ts';

export interface Guard {
  /** What the actor's roles and scopes allow, before any fact of a resource. The program itself reaches everything. */
  reach(actor: Actor, action: Action, type: string): Reach;
  /** True when nothing of the type is left out: neither by roles nor by the scopes of a token. */
  reachesAll(actor: Actor, action: Action, type: string): boolean;
  /** Those of the versions that the actor may see, in order. Each type is judged by its own row of the table. */
  visible(actor: Actor, versions: readonly StoredVersion[], action: Action): Promise<StoredVersion[]>;
  /** Whether the actor may write the resource; `siblings` are the other resources of the same commit. */
  mayWrite(
    actor: Actor,
    action: Action,
    resource: Resource,
    patient: string | null,
    siblings: readonly Resource[],
  ): Promise<boolean>;
  /** Persons whose record is open to the actor's unit: the bounds of a search that names no person. */
  persons(actor: Actor): Promise<string[]>;
  /** Resources that were just written: a visit among them opens its person at once. */
  written(resources: readonly Resource[]): void;
  /** Which of the persons are open to the actor by care or by broken glass. */
  inCare(actor: Actor, patients: readonly string[]): Promise<Set<string>>;
}

interface GuardParts {
  store: Store;
  policies: Policies;
  care: Care;
  glass: BreakGlass;
  /** Actors of the program itself. */
  isSystem(actor: Actor): boolean;
}

export function openGuard({ store, policies, care, glass, isSystem }: GuardParts): Guard {
  const reach = (actor: Actor, action: Action, type: string): Reach =>
    isSystem(actor) ? 'province' : decide(policies, actor, action, type);

  async function inCare(actor: Actor, patients: readonly string[]): Promise<Set<string>> {
    // Only people of a unit break the glass, and it is asked only for whom care does not open.
    if (actor.unit === null || patients.length === 0) return new Set();
    const open = new Set(await care.among(actor.unit, patients));
    const closed = patients.filter((patient) => !open.has(patient));
    for (const patient of await glass.among(actor.id, closed)) open.add(patient);
    return open;
  }

  return {
    reach,
    reachesAll: (actor, action, type) =>
      reach(actor, action, type) === 'province' && allowanceOf(actor, action, type) === 'all',
    inCare,
    written: (resources) => care.notice(resources.filter((one) => one.resourceType === 'Encounter')),
    async persons(actor) {
      if (actor.unit === null) return [];
      const [own, opened] = await Promise.all([care.all(actor.unit), glass.all(actor.id)]);
      return [...new Set([...own, ...opened])];
    },
    async visible(actor, all, action) {
      const versions = all.filter(versionFilter(actor, action));
      const byType = new Map<string, Reach>();
      const reaches = versions.map(({ type }) => {
        const known = byType.get(type);
        if (known !== undefined) return known;
        const found = reach(actor, action, type);
        byType.set(type, found);
        return found;
      });
      if (reaches.every((one) => one === 'province')) return [...versions];
      const doubtful = versions.filter((_, at) => reaches[at] === 'care' || reaches[at] === 'unit');
      const open = await inCare(actor, persons(doubtful));
      const kept: StoredVersion[] = [];
      for (const [at, version] of versions.entries()) {
        const facts = { units: [] as string[], inCare: open.has(personOf(version) ?? '') };
        if (reaches[at] === 'unit' || (reaches[at] === 'care' && !facts.inCare)) {
          facts.units = await unitsOf(store, actor, linksOf(version), []);
        }
        if (covers(reaches[at]!, actor.unit, facts)) kept.push(version);
      }
      return kept;
    },
    async mayWrite(actor, action, resource, patient, siblings) {
      if (!mayHold(actor, action, resource)) return false;
      const allowed = reach(actor, action, resource.resourceType);
      if (allowed === 'province' || allowed === 'none') return allowed === 'province';
      const units = await unitsOf(store, actor, unitLinks(resource), siblings);
      const cared = patient !== null && (await inCare(actor, [patient])).has(patient);
      return covers(allowed, actor.unit, { units, inCare: cared });
    },
  };
}

/** The person a version is about; a Patient is about itself. */
export function personOf(version: StoredVersion): string | null {
  return version.type === 'Patient' ? version.id : version.patient;
}

function persons(versions: readonly StoredVersion[]): string[] {
  return versions.map(personOf).filter((patient) => patient !== null);
}

function linksOf(version: StoredVersion): UnitLinks {
  return unitLinks(JSON.parse(version.body.toString('utf8')) as Resource);
}

async function unitsOf(
  store: Store,
  actor: Actor,
  links: UnitLinks,
  siblings: readonly Resource[],
): Promise<string[]> {
  const units = [...links.organizations];
  if (
    actor.unit !== null &&
    actor.practitioner !== null &&
    links.practitioners.includes(actor.practitioner)
  ) {
    units.push(actor.unit);
  }
  if (actor.unit !== null && units.includes(actor.unit)) return units;
  const wanted = [
    ...links.encounters.map((id) => ({ type: 'Encounter' as ResourceType, id })),
    ...links.places.map((place) => {
      const [type, id] = place.split('/') as [ResourceType, string];
      return { type, id };
    }),
  ];
  const missing = wanted.filter(({ type, id }) => {
    const sibling = siblings.find((one) => one.resourceType === type && one.id === id);
    if (sibling) units.push(...unitLinks(sibling).organizations);
    return !sibling;
  });
  if (missing.length === 0) return units;
  for (const version of await store.readMany(missing)) units.push(...linksOf(version).organizations);
  return units;
}
