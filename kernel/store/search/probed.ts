/** Which other types a criterion looks into, for those who decide who may ask what. Pure. */
import { isResourceType } from '../resource-types.ts';
import { hierarchyOf } from './parameters.ts';
import { parseCriterion } from './parse-criterion.ts';
import type { Criterion } from './query.ts';

/**
 * Types whose content decides about a match: those of chains, reverse chains and lists, also inside `_filter`. None for a
 * criterion that cannot be read: its search fails.
 */
export function probedBy(type: string, name: string, value: string): string[] {
  if (!isResourceType(type)) return [];
  try {
    return typesIn(parseCriterion(type, name, value));
  } catch {
    return [];
  }
}

function typesIn(criterion: Criterion): string[] {
  switch (criterion.kind) {
    case 'and':
    case 'or':
      return criterion.of.flatMap(typesIn);
    case 'not':
      return typesIn(criterion.of);
    case 'holds':
      return [criterion.held, ...criterion.of.flatMap(typesIn)];
    case 'chain':
      return criterion.targets.flatMap(({ type, inner }) => [type, ...typesIn(inner)]);
    case 'has':
      return [criterion.source, ...typesIn(criterion.inner)];
    case 'parameter': {
      const { parameter, modifier } = criterion;
      const climbs = parameter.kind === 'reference' && (modifier === 'above' || modifier === 'below');
      return climbs ? parameter.targets.filter((target) => hierarchyOf(target) !== undefined) : [];
    }
    default:
      return [];
  }
}
