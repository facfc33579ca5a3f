/** From a parsed criterion to the condition a row must fulfil. Pure: the dictionary and other resources are not asked yet. */
import { shardKey } from '../compartment.ts';
import type { SearchRequest } from '../contract.ts';
import { hash64 } from '../hash.ts';
import { and, type Condition, FALSE, or } from './condition.ts';
import { looksInside } from './exact.ts';
import { invalidValue, unsupported } from './faults.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import { parseQuery } from './parse.ts';
import { planComposite } from './plan-composite.ts';
import { dateBounds, planDate, planNumber, planQuantity } from './plan-order.ts';
import { planReference, planUri } from './plan-reference.ts';
import { planString } from './plan-text.ts';
import { planToken } from './plan-token.ts';
import type { Criterion } from './query.ts';

/** Throws what a search throws for its parameters, without running it: `unknown-parameter`, `invalid-parameter`. */
export function checkSearch(request: SearchRequest): void {
  planCriteria(parseQuery(request).criteria);
}

/** All criteria together. */
export function planCriteria(criteria: readonly Criterion[]): Condition {
  return and(criteria.map((criterion) => planCriterion(criterion, false)));
}

function planCriterion(criterion: Criterion, inside: boolean): Condition {
  switch (criterion.kind) {
    case 'parameter':
      return planParameter(criterion, inside);
    case 'id':
      return { op: 'ids', type: criterion.type, ids: criterion.ids };
    case 'updated':
      return or(
        criterion.values.map((value) => ({ op: 'updated', bounds: dateBounds(criterion.name, value) })),
      );
    case 'chain':
      return or(
        criterion.targets.map(({ type, inner }): Condition => {
          const reference = criterion.parameter.own && type === 'Patient' ? 'own' : criterion.parameter.q;
          return { op: 'refers', reference, target: type, inner: planCriterion(inner, true) };
        }),
      );
    case 'has': {
      const { target, source, parameter } = criterion;
      const reference = parameter.own && target === 'Patient' ? 'own' : parameter.q;
      return { op: 'referred', reference, target, source, inner: planCriterion(criterion.inner, true) };
    }
  }
}

function planParameter(criterion: Criterion & { kind: 'parameter' }, inside: boolean): Condition {
  const { parameter, modifier, values, name } = criterion;
  if (modifier === 'missing') return planMissing(parameter, name, values);
  if (inside && looksInside(parameter, modifier)) {
    throw unsupported(
      name,
      `:${modifier} không dùng được trong chuỗi.`,
      `:${modifier} cannot be used in a chain.`,
    );
  }
  const any = or(values.map((value) => planValue(parameter, name, modifier, value)));
  return modifier === 'not' ? { op: 'not', of: any } : any;
}

function planValue(
  parameter: IndexedParameter,
  name: string,
  modifier: string | undefined,
  value: string,
): Condition {
  switch (parameter.storage) {
    case 'union':
      return or(
        parameter.parts
          .map((code) => indexedParametersOf(parameter.type).get(code))
          .map((part) => (part ? planValue(part, name, modifier, value) : FALSE)),
      );
    case 'tokens':
    case 'contact':
      return planToken(parameter, name, modifier, value);
    case 'words':
    case 'strings':
    case 'names':
      return planString(parameter, name, modifier, value);
    case 'references':
      return planReference(parameter, name, modifier, value);
    case 'uris':
      return planUri(parameter, name, modifier, value);
    case 'main-date':
    case 'dates':
      return planDate(parameter, name, value);
    case 'numbers':
      return planNumber(parameter, name, value);
    case 'quantities':
      return planQuantity(parameter, name, value);
    case 'composite':
      return planComposite(parameter, name, value);
  }
}

/** `:missing=true` or `false`, by the bit of the parameter. */
function planMissing(parameter: IndexedParameter, name: string, values: string[]): Condition {
  const [value] = values;
  if (values.length !== 1 || (value !== 'true' && value !== 'false')) {
    throw invalidValue(name, values.join(','), 'true hoặc false', 'true or false');
  }
  const present: Condition = { op: 'present', bits: 1n << BigInt(parameter.bit) };
  return value === 'false' ? present : { op: 'not', of: present };
}

/** Rows of these persons only (policy). */
export function planPersons(patients: readonly string[] | undefined): Condition {
  return patients === undefined ? { op: 'true' } : { op: 'person', pts: patients.map((id) => shardKey(id)) };
}

/** Key of a row: `idh`. */
export function rowKey(type: string, id: string): bigint {
  return hash64(`${type}/${id}`);
}
