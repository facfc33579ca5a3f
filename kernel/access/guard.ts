/** Decisions that need facts of the record: which unit a resource belongs to, and whether a person is in its care. */
import { resourceTypeNames } from '../fhir/definitions/index.ts';
import type { Resource, ResourceType } from '../fhir/types.ts';
import type { Store, StoredVersion } from '../store/contract.ts';
import type { Sight } from '../store/sight.ts';
import { vietnamDay } from '../text/vietnam-time.ts';
import type { Care } from './care.ts';
import type { Actor } from './contract.ts';
import { type Action, covers, decide, type Policies, type Reach } from './decide.ts';
import type { BreakGlass } from './glass.ts';
import { openGrants } from './policy/grants.ts';
import type { Masks } from './policy/masks.ts';
import { rememberOpenings } from './policy/openings.ts';
import type { Parts } from './policy/parts.ts';
import { sightOf } from './policy/sight.ts';
import { allowanceOf, mayHold, versionFilter } from './smart/allowance.ts';
import { type UnitLinks, unitLinks } from './units.ts';

export interface Guard {
  /** What the actor's roles and scopes allow, before any fact of a resource. The program itself reaches everything. */
  reach(actor: Actor, action: Action, type: string): Reach;
  /** True when nothing of the type is left out: neither by roles nor by the scopes of a token. */
  reachesAll(actor: Actor, action: Action, type: string): boolean;
  /** Those of the versions that the actor may see, in order: covered by the actor's reach, and within the sight. */
  visible(actor: Actor, versions: readonly StoredVersion[], action: Action): Promise<StoredVersion[]>;
  /** Which of the versions, in their order, the actor's roles and scopes reach; each type by its own row of the table. */
  covered(actor: Actor, versions: readonly StoredVersion[], action: Action): Promise<boolean[]>;
  /** What the actor sees of anything, whatever the roles reach; undefined = all of it. */
  sight(actor: Actor): Promise<Sight | undefined>;
  /** Which of the versions, in their order, are within the actor's sight. What is not is as if it were not there. */
  sees(actor: Actor, versions: readonly StoredVersion[]): Promise<boolean[]>;
  /** True when nothing of the type is hidden from the actor. */
  seesAll(actor: Actor, type: string): boolean;
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
  /** Persons outside of the actor's care who have opened something to the actor by name; only what they opened is seen. */
  granters(sight: Sight | undefined): Promise<readonly string[]>;
  /** Resources that the actor has just written: a visit among them opens its person at once. */
  written(actor: Actor, resources: readonly Resource[]): void;
  /** Which of the persons are open to the actor by care or by broken glass. */
  inCare(actor: Actor, patients: readonly string[]): Promise<Set<string>>;
}

interface GuardParts {
  store: Store;
  policies: Policies;
  care: Care;
  glass: BreakGlass;
  /** What units are part of. */
  units: Parts;
  /** What of a type is sensitive to whom, today. */
  sightRules(): SightRules;
  now(): Date;
  /** Actors of the program itself. */
  isSystem(actor: Actor): boolean;
  /** Categories of dependants that are hidden from a citizen. */
  veilsOf(actor: Actor): Promise<NonNullable<Sight['veils']>>;
}

/** Content of sight in force today. */
export interface SightRules {
  masks(roles: readonly string[], purpose: string): Masks;
  /** Types that every signed-in person reads of nobody. */
  common: ReadonlySet<string>;
  /** Numbers of the types that stay open for a purpose whatever persons deny. */
  openByLaw(purpose: string): readonly number[];
  /** Whether what persons permit and deny binds the actor: it does, but for some systems. */
  asksConsent(actor: Actor): boolean;
}

/** Types whose writes may change what is granted to whom. */
const GRANTING: ReadonlySet<string> = new Set(['Consent', 'CareTeam', 'PractitionerRole']);

export function openGuard(parts: GuardParts): Guard {
  const { store, policies, care, glass, sightRules, now, isSystem } = parts;
  const grants = openGrants(store, () => now().getTime());
  const openings = rememberOpenings(glass, () => now().getTime());

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

  async function sight(actor: Actor): Promise<Sight | undefined> {
    if (isSystem(actor)) return undefined;
    const rules = sightRules();
    const { code } = actor.purpose;
    return sightOf(actor, {
      units: actor.unit === null ? [] : (parts.units.known(actor.unit) ?? (await parts.units.of(actor.unit))),
      masks: rules.masks(actor.roles, code),
      // Only people of a unit break the glass.
      opened: actor.unit === null ? [] : await openings(actor.id),
      common: rules.common,
      unitOnly: unitOnlyOf(actor),
      veils: await parts.veilsOf(actor),
      openByLaw: rules.openByLaw(code),
      asksConsent: rules.asksConsent(actor),
      now: now().getTime(),
    });
  }

  /** By roles and purpose: reaches change at midnight at most. */
  const unitOnly = new Map<string, ReadonlySet<string>>();
  function unitOnlyOf(actor: Actor): ReadonlySet<string> {
    const key = `${vietnamDay(now())}|${actor.roles.join(' ')}|${actor.purpose.code}`;
    const known = unitOnly.get(key);
    if (known) return known;
    const types = resourceTypeNames.filter(
      (type) => policies.reach(actor.roles, 'search', type, actor.purpose.code) === 'unit',
    );
    if (unitOnly.size > 1_000) unitOnly.clear();
    const made = new Set<string>(types);
    unitOnly.set(key, made);
    return made;
  }

  async function sees(actor: Actor, versions: readonly StoredVersion[]): Promise<boolean[]> {
    const seen = versions.length === 0 ? undefined : await sight(actor);
    return seen === undefined ? versions.map(() => true) : store.seen(versions, seen);
  }

  async function covered(
    actor: Actor,
    versions: readonly StoredVersion[],
    action: Action,
  ): Promise<boolean[]> {
    const allowed = versionFilter(actor, action);
    const byType = new Map<string, Reach>();
    const reaches = versions.map((version): Reach => {
      if (!allowed(version)) return 'none';
      const found = byType.get(version.type) ?? reach(actor, action, version.type);
      byType.set(version.type, found);
      return found;
    });
    const doubtful = versions.filter((_, at) => reaches[at] === 'care' || reaches[at] === 'unit');
    const open = await inCare(actor, persons(doubtful));
    const found: boolean[] = [];
    for (const [at, version] of versions.entries()) {
      const facts = { units: [] as string[], inCare: open.has(personOf(version) ?? '') };
      if (reaches[at] === 'unit' || (reaches[at] === 'care' && !facts.inCare)) {
        facts.units = await unitsOf(store, actor, linksOf(version), []);
      }
      found.push(covers(reaches[at]!, actor.unit, facts));
    }
    return action === 'read' || action === 'search' ? withGrants(actor, versions, reaches, found) : found;
  }

  /** What the person has opened to this reader by name counts as care. */
  async function withGrants(
    actor: Actor,
    versions: readonly StoredVersion[],
    reaches: readonly Reach[],
    found: readonly boolean[],
  ): Promise<boolean[]> {
    const closed = (version: StoredVersion, at: number) =>
      !found[at] && reaches[at] === 'care' && version.ruled !== false;
    const asked = versions.filter(closed);
    const reader = asked.length === 0 ? undefined : (await sight(actor))?.reader;
    if (reader === undefined) return [...found];
    const granted = (await store.granted(asked, reader))[Symbol.iterator]();
    return versions.map((version, at) => (closed(version, at) ? granted.next().value === true : found[at]!));
  }

  return {
    reach,
    covered,
    sight,
    sees,
    seesAll(actor, type) {
      if (isSystem(actor)) return true;
      const rules = sightRules();
      // People are asked for where it counts: what a person denies them is not of the type.
      if (actor.roles.includes('system-client') && rules.asksConsent(actor)) return false;
      const masks = rules.masks(actor.roles, actor.purpose.code);
      return actor.persons === undefined && (masks.byType.get(type) ?? masks.others).elsewhere === 0;
    },
    reachesAll: (actor, action, type) =>
      reach(actor, action, type) === 'province' && allowanceOf(actor, action, type) === 'all',
    inCare,
    granters: async (sight) => (sight?.reader ? grants.to(sight.reader.names) : []),
    written(actor, resources) {
      care.notice(resources, actor.unit);
      for (const { resourceType } of resources) {
        if (resourceType === 'Organization') parts.units.forget();
        if (GRANTING.has(resourceType)) grants.forget();
      }
    },
    async persons(actor) {
      if (actor.unit === null) return [];
      const [own, opened] = await Promise.all([care.all(actor.unit), glass.all(actor.id)]);
      return [...new Set([...own, ...opened])];
    },
    async visible(actor, versions, action) {
      const within = await covered(actor, versions, action);
      const near = versions.filter((_, at) => within[at]);
      const seen = await sees(actor, near);
      return near.filter((_, at) => seen[at]);
    },
    async mayWrite(actor, action, resource, patient, siblings) {
      if (!mayHold(actor, action, resource)) return false;
      if (actor.persons !== undefined && (patient === null || !actor.persons.includes(patient))) return false;
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
  // A deleted version says nothing of a unit: it is of those who care for the person.
  if (version.deleted) return unitLinks({ resourceType: version.type } as Resource);
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
