/**
 * The profiles that the house knows: content, what clients have stored, R4's own, in this order. What was read is held until
 * a StructureDefinition, ValueSet or CodeSystem changes in the record: by this program at once, by another one within a second.
 */
import type { Issue } from '../../failure.ts';
import type { Resource, ResourceType } from '../types.ts';
import { isObject, type Json, type StructureDefinitionJson } from './definition.ts';
import { judgeResource } from './judge.ts';
import { isProfile, LoadedLibrary, type Sources } from './loaded-library.ts';
import { surveyOf } from './survey.ts';

export interface ProfileSources extends Sources {
  /** Changes with every definition in the record and with the day. */
  generation(): Promise<string>;
}

/** Reads what a check stands on in the name of who asks; null for what is not there or may not be seen. */
export type ReadForCheck = (type: ResourceType, id: string) => Promise<Resource | null>;

export interface ProfileAsk {
  /** To check besides what the resource declares. */
  profiles?: readonly string[];
  /** Warnings and information are told, too. */
  warnings?: boolean;
  /** Left out: only what is checked together is known. */
  read?: ReadForCheck;
}

/** Checks a resource that is right by R4. */
export type ProfileCheck = (resource: Resource, ask?: ProfileAsk) => Issue[];

export interface Profiles {
  /**
   * A check of these resources, and of no others: everything that they name is loaded. Definitions among them stand before
   * those that are stored, as in one transaction.
   */
  checkOf(resources: readonly Resource[], ask?: ProfileAsk): Promise<ProfileCheck>;
  /** What is known is asked anew: a definition was written by this program. */
  forget(): void;
}

/** Types whose writing changes what profiles, or the rules beside them, mean. */
export const DEFINING: ReadonlySet<string> = new Set([
  'StructureDefinition',
  'ValueSet',
  'CodeSystem',
  'PlanDefinition',
]);

/** Milliseconds for which what is held is taken as true without asking. */
const FRESH_MS = 500;
/** Addresses that one resource may name; more are taken as unknown. */
const MOST_NAMED = 200;
/** Addresses that nobody knows are held, too: this many, then all is asked anew. */
const MOST_HELD = 5_000;

export function openProfiles(sources: ProfileSources): Profiles {
  let library = new LoadedLibrary(sources);
  let generation: string | null = null;
  let confirmed = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  let forgotten = 0;

  const ask = async (): Promise<void> => {
    const asked = performance.now();
    const before = forgotten;
    const now = await sources.generation();
    if (now !== generation || library.size > MOST_HELD) library = new LoadedLibrary(sources);
    // Something was written while it was asked: it is asked again at the next check.
    generation = before === forgotten ? now : null;
    confirmed = before === forgotten ? asked : Number.NEGATIVE_INFINITY;
  };
  const current = async (): Promise<LoadedLibrary> => {
    if (performance.now() - confirmed > FRESH_MS) {
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      await asking;
    }
    return library;
  };

  return {
    async checkOf(resources, { profiles = [] } = {}) {
      const surveys = new Map(resources.map((one) => [one, surveyOf(one as unknown as Json)]));
      const named = new Set(profiles);
      for (const { declared, extensions } of surveys.values()) {
        const own = new Set([
          ...declared.flatMap((one) => one.profiles),
          ...extensions.map(({ url }) => url),
        ]);
        for (const url of [...own].slice(0, MOST_NAMED)) named.add(url);
      }
      const given = resources.flatMap((one) => definitionIn(one) ?? []);
      if (named.size === 0 && given.length === 0) return () => [];
      const held = given.length === 0 ? await current() : new LoadedLibrary(sources, given);
      await held.need([...named, ...given.map(({ url }) => url)]);
      return (resource, { profiles: asked = [], warnings = false } = {}) => {
        const found = surveys.get(resource) ?? surveyOf(resource as unknown as Json);
        const definition = definitionIn(resource);
        const own = definition === null ? [] : [...(held.profile(definition.url)?.faults() ?? [])];
        return [
          ...own,
          ...judgeResource(resource as unknown as Json, found, { profiles: asked, warnings }, held),
        ];
      };
    },
    forget() {
      forgotten++;
      confirmed = Number.NEGATIVE_INFINITY;
      generation = null;
    },
  };
}

/** What is wrong with each of several resources: for loads, which write past the gate. */
export async function judgeLoaded(profiles: Profiles, resources: readonly Resource[]): Promise<Issue[][]> {
  const check = await profiles.checkOf(resources);
  return resources.map((one) => check(one));
}

/** Whether profiles have a say in a resource that is right by R4: it declares one, carries an extension, or is one. */
export function namesProfiles(resource: Resource): boolean {
  if (definitionIn(resource) !== null) return true;
  const { declared, extensions } = surveyOf(resource as unknown as Json);
  return declared.length > 0 || extensions.length > 0;
}

/** A profile or an extension among what is written; null for anything else. */
function definitionIn(resource: Resource): StructureDefinitionJson | null {
  if (resource.resourceType !== 'StructureDefinition') return null;
  const definition = resource as unknown as StructureDefinitionJson;
  return isProfile(definition) && isObject(definition) && typeof definition.url === 'string'
    ? definition
    : null;
}
