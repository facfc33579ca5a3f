/** What a profile fixes of the elements that an extraction has made: written by nobody, the same in every resource of it. Pure. */
import { elementsOf, hasStructure } from '../../../kernel/fhir/definitions/elements.ts';
import type { ElementDefinition, Questionnaire, StructureDefinition } from '../../../kernel/fhir/types.ts';
import { isObject } from '../answer.ts';
import { EXT, extensionsOf, partOf } from '../extension.ts';
import { questionsOf } from '../question.ts';
import { markSlice, ofStep, propertyOf, stepsOf } from './place.ts';

type Json = Record<string, unknown>;

/** Profiles by the canonical address under which a form names them. */
export type Profiles = ReadonlyMap<string, StructureDefinition>;

const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/** Canonical addresses of the profiles that a form extracts into; R4's own types are none. */
export function profilesNamed(questionnaire: Questionnaire): string[] {
  const named = questionsOf(questionnaire).all.flatMap(({ item }) =>
    extensionsOf(item, EXT.definitionExtract).flatMap((one) => {
      const definition = partOf(one, 'definition');
      return typeof definition === 'string' && !definition.startsWith(CORE) ? [definition] : [];
    }),
  );
  return [...new Set(named)];
}

const elementsIn = ({ snapshot, differential }: StructureDefinition): readonly ElementDefinition[] =>
  snapshot?.element ?? differential?.element ?? [];

/** Slices that a path names and the profile does not have: `Patient.identifier:cccd`. */
export function unknownSlices(profile: StructureDefinition, path: string): string[] {
  const ids = new Set(
    elementsIn(profile).map(({ id, path: plain, sliceName }) => id ?? named(plain, sliceName)),
  );
  const steps = path.split('.');
  return steps.flatMap((step, at) => {
    const slice = step.split(':')[1];
    // `value[x]:valueQuantity` says a type.
    if (slice === undefined || step.includes('[x]')) return [];
    const id = steps.slice(0, at + 1).join('.');
    return ids.has(id) ? [] : [id];
  });
}

const named = (path: string, slice: string | undefined) => (slice === undefined ? path : `${path}:${slice}`);

/**
 * Puts fixed and pattern values of the profile in, wherever the element above them is there or must be, and nothing is written.
 * @param resource is changed
 */
export function fillFixed(resource: Json, type: string, profile: StructureDefinition): void {
  const elements = elementsIn(profile);
  const least = new Map(elements.flatMap(({ id, min }) => (id && min !== undefined ? [[id, min]] : [])));
  for (const element of elements) {
    const fixed = fixedOf(element);
    const id = element.id ?? named(element.path, element.sliceName);
    if (fixed) fillAt({ holder: resource, structure: type, id: type }, stepsOf(id), fixed, least);
  }
}

interface Fixed {
  value: unknown;
  /** FHIR type. */
  type: string;
}

function fixedOf(element: ElementDefinition): Fixed | null {
  for (const [name, value] of Object.entries(element)) {
    const [, kind] = /^(?:fixed|pattern)([A-Z]\w*)$/.exec(name) ?? [];
    if (kind === undefined) continue;
    const plain = kind.charAt(0).toLowerCase() + kind.slice(1);
    return { value, type: hasStructure(kind) ? kind : plain };
  }
  return null;
}

interface At {
  holder: Json;
  structure: string;
  /** Id of the element that the holder is. */
  id: string;
}

function fillAt(at: At, steps: readonly string[], fixed: Fixed, least: ReadonlyMap<string, number>): void {
  const [step, ...below] = steps;
  if (step === undefined) return;
  const id = `${at.id}.${step}`;
  const found = propertyOf(at.structure, step, below.length === 0 ? fixed.type : null);
  if (!found) return;
  const { property, many, type } = found;
  const standing = at.holder[property];
  const list = Array.isArray(standing) ? standing : standing === undefined ? [] : [standing];
  const here = many ? ofStep(list, step) : list;
  const isLast = below.length === 0;
  if (here.length === 0) {
    const isNeeded = (least.get(id) ?? leastOf(at.structure, step)) > 0;
    if (!isNeeded && !(isLast && at.id !== at.structure)) return;
    const made = isLast ? structuredClone(fixed.value) : {};
    if (many) markSlice(made, step);
    at.holder[property] = many ? [...list, made] : made;
    if (!isLast) fillAt({ holder: made as Json, structure: type, id }, below, fixed, least);
    return;
  }
  for (const one of here) {
    if (!isObject(one)) continue;
    if (isLast) laidUnder(one, fixed.value);
    else fillAt({ holder: one, structure: type, id }, below, fixed, least);
  }
}

/** R4's own least number. */
function leastOf(structure: string, step: string): number {
  const name = step.split(':')[0]!.replace(/\[x\]$/, '');
  // A slice may be left out although one element of the list must be there.
  if (step.includes(':')) return 0;
  return elementsOf(structure).find((one) => one.name === name)?.min ?? 0;
}

/** A pattern of an object that is there: parts that are missing are added, what is written stays. */
function laidUnder(written: Json, pattern: unknown): void {
  if (!isObject(pattern)) return;
  for (const [name, value] of Object.entries(pattern))
    if (written[name] === undefined) written[name] = structuredClone(value);
}
