/**
 * Functional lists (R4 search.html#list, lifecycle of "current" lists in list.html): what is on a person's current list, said
 * by the state of the resources themselves, for nobody keeps such a List by hand here. Pure.
 */
import type { StoredType } from '../resource-types.ts';
import { invalidValue, unsupported } from './faults.ts';
import { indexedParametersOf } from './parameters.ts';
import type { Criterion } from './query.ts';

/** Parameter, modifier, alternatives. */
type Test = readonly [code: string, modifier: 'not' | undefined, values: readonly string[]];

const CONFIRMED: Test = ['verification-status', 'not', ['refuted', 'entered-in-error']];
const ALLERGIES: readonly Test[] = [['clinical-status', 'not', ['inactive', 'resolved']], CONFIRMED];
const ACTIVE: readonly Test[] = [['status', undefined, ['active']]];

/** List → type → what must hold. A condition or allergy whose state is not said is taken as current. */
const LISTS: Readonly<Record<string, Partial<Record<string, readonly Test[]>>>> = {
  '$current-problems': {
    Condition: [['clinical-status', 'not', ['inactive', 'remission', 'resolved']], CONFIRMED],
  },
  '$current-allergies': { AllergyIntolerance: ALLERGIES },
  '$current-drug-allergies': {
    AllergyIntolerance: [...ALLERGIES, ['category', undefined, ['medication']]],
  },
  '$current-medications': {
    MedicationStatement: ACTIVE,
    MedicationRequest: ACTIVE,
    MedicationAdministration: [['status', undefined, ['in-progress', 'on-hold']]],
  },
};

/** Fails with `invalid-parameter` on a list that R4 does not name, or that holds nothing of the type. */
export function parseCurrentList(type: StoredType, name: string, value: string): Criterion {
  const list = Object.hasOwn(LISTS, value) ? LISTS[value]! : undefined;
  if (!list) {
    const known = Object.keys(LISTS).join(', ');
    throw invalidValue(name, value, `mã của một List hoặc ${known}`, `the id of a List, or ${known}`);
  }
  const tests = list[type];
  if (!tests) {
    const types = Object.keys(list).join(', ');
    throw unsupported(name, `${value} là danh sách của ${types}.`, `${value} is a list of ${types}.`);
  }
  return { kind: 'and', name, of: tests.map((test) => criterionOf(type, name, test)) };
}

function criterionOf(type: StoredType, name: string, [code, modifier, values]: Test): Criterion {
  const parameter = indexedParametersOf(type).get(code)!;
  return { kind: 'parameter', name, parameter, modifier, values: [...values] };
}
