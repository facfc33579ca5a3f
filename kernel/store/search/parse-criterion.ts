/** One criterion of a query: a parameter with its modifier, at the end of a chain or not. Pure. */
import { isResourceType, type StoredType } from '../resource-types.ts';
import { invalidValue, unknownModifier, unknownParameter } from './faults.ts';
import { modifiersOf } from './modifiers.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import { parseCommon, refuseNul } from './parse-common.ts';
import { parseFilter } from './parse-filter.ts';
import { followPath, mayTarget } from './parse-path.ts';
import type { Criterion } from './query.ts';
import { splitUnescaped } from './values.ts';

/** `name[:modifier]=value`, `name.name=value` or `_has:…=value`. Fails by name on everything else. */
export function parseCriterion(type: StoredType, name: string, value: string): Criterion {
  return followPath(type, name, (end, rest) => parseLeaf(end, rest, value), { depth: 0, readings: 0 });
}

function parseLeaf(type: StoredType, name: string, value: string): Criterion {
  const [code = '', modifier, ...more] = name.split(':');
  if (more.length > 0) throw unknownModifier(code, `${modifier}:${more.join(':')}`, []);
  refuseNul(name, value);
  if (code === '_filter') return ofFilter(type, name, modifier, value);
  if (code === '_contained') return parseHolds(type, name, value);
  const values = valuesOf(name, value);
  const common = parseCommon(type, name, code, modifier, values);
  if (common) return common;
  const parameter = indexedParametersOf(type).get(code);
  if (!parameter) throw unknownParameter(type, code);
  if (modifier !== undefined) checkModifier(parameter, code, modifier);
  return { kind: 'parameter', name, parameter, modifier, values };
}

function ofFilter(type: StoredType, name: string, modifier: string | undefined, value: string): Criterion {
  if (modifier !== undefined) throw unknownModifier('_filter', modifier, []);
  return parseFilter(type, name, value);
}

function valuesOf(name: string, value: string): string[] {
  const values = splitUnescaped(value, ',');
  if (values.some((v) => v.trim() === ''))
    throw invalidValue(name, value, 'giá trị không rỗng', 'a value that is not empty');
  if (value.includes('\\') && isLoose(value))
    throw invalidValue(
      name,
      value,
      'dấu \\ chỉ đứng trước , $ | hoặc \\',
      'a backslash only before a comma, $, | or a backslash',
    );
  return values;
}

/** R4 search.html#escaping: a backslash that escapes nothing "is illegal". */
const isLoose = (value: string) => value.replace(/\\[,$|\\]/g, '').includes('\\');

function checkModifier(parameter: IndexedParameter, code: string, modifier: string): void {
  const allowed = modifiersOf(parameter);
  if (allowed.includes(modifier)) return;
  const isTarget =
    parameter.kind === 'reference' && isResourceType(modifier) && mayTarget(parameter, modifier);
  if (!isTarget)
    throw unknownModifier(code, modifier, parameter.kind === 'reference' ? [...allowed, '[type]'] : allowed);
}

/** `_contained:Medication=code=x&status=active`. */
export function parseHolds(type: StoredType, name: string, value: string): Criterion & { kind: 'holds' } {
  const held = name.slice('_contained:'.length);
  if (!isResourceType(held)) throw unknownModifier('_contained', held, []);
  const of = [...new URLSearchParams(value)].map(([inner, one]) => {
    if (inner.startsWith('_contained')) throw unknownParameter(held, inner);
    return parseCriterion(held, inner, one);
  });
  return { kind: 'holds', name, type, held, of };
}
