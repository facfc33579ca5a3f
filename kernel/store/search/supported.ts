/** What searches are really answered, for the capability statement: made from the tables that answer them. */
import { resourceTypeNames, type SearchParameter } from '../../fhir/definitions/index.ts';
import { isResourceType } from '../resource-types.ts';
import { modifiersOf } from './modifiers.ts';
import { ownParametersOf } from './own-parameters.ts';
import { indexedParametersOf, writtenParametersOf } from './parameters.ts';
import { COMMON } from './parse-common.ts';
import { referenceParametersOf } from './parse-include.ts';

export interface SupportedParameter {
  name: string;
  type: SearchParameter['kind'];
  /** Without `:[type]`, which every reference takes. */
  modifiers: readonly string[];
  /** Targets of a reference; empty = any. */
  targets: readonly string[];
  /** Canonical address of the definition, for parameters of our own. */
  definition?: string;
}

const EVERYWHERE: SupportedParameter[] = [
  { name: '_id', type: 'token', modifiers: ['not', 'missing'], targets: [] },
  { name: '_lastUpdated', type: 'date', modifiers: ['missing'], targets: [] },
  { name: '_text', type: 'string', modifiers: [], targets: [] },
  { name: '_content', type: 'string', modifiers: [], targets: [] },
  { name: '_list', type: 'reference', modifiers: [], targets: ['List'] },
  { name: '_filter', type: 'special', modifiers: [], targets: [] },
];

/** Search parameters of a type; empty for a name that is no R4 resource type. */
export function supportedSearchParameters(type: string): SupportedParameter[] {
  if (!isResourceType(type)) return [];
  const own = [...indexedParametersOf(type).values()].map((parameter) => ({
    name: parameter.code,
    type: parameter.kind,
    modifiers: modifiersOf(parameter),
    targets: parameter.targets,
    ...definitionOf(type, parameter.code),
  }));
  return [...EVERYWHERE, ...own];
}

function definitionOf(type: string, code: string): { definition?: string } {
  const definition = ownParametersOf(type).find((own) => own.code === code)?.url;
  return definition ? { definition } : {};
}

/** Values of `_include` and `_revinclude` that a search of the type takes. */
export function supportedIncludes(type: string): { include: string[]; revinclude: string[] } {
  if (!isResourceType(type)) return { include: [], revinclude: [] };
  const include = ['*', ...referenceParametersOf(type).map((parameter) => `${type}:${parameter.code}`)];
  const revinclude = resourceTypeNames.filter(isResourceType).flatMap((source) =>
    referenceParametersOf(source)
      .filter(({ targets }) => targets.length === 0 || targets.includes(type))
      .map((parameter) => `${source}:${parameter.code}`),
  );
  return { include, revinclude: ['*', ...revinclude] };
}

/** Control parameters that the store itself answers beside the search parameters. */
export const searchControls = [
  '_count',
  '_sort',
  '_total',
  '_summary',
  '_cursor',
  '_include',
  '_revinclude',
  '_has',
] as const;

/** Types that a reference parameter may point to, empty = any; undefined when the type has no such parameter. */
export function searchTargetsOf(type: string, name: string): readonly string[] | undefined {
  return isResourceType(type) ? writtenParametersOf(type).get(name)?.targets : undefined;
}

/** True for a parameter name (without modifier or chain) that a search of the type takes, or will soon (`Unready`). */
export function knowsSearchParameter(type: string, name: string): boolean {
  if (!isResourceType(type)) return false;
  if ((searchControls as readonly string[]).includes(name)) return true;
  return (COMMON as readonly string[]).includes(name) || writtenParametersOf(type).has(name);
}
