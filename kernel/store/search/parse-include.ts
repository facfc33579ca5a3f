/** `_include` and `_revinclude` with `:iterate`, a target type and `*`. Pure. */
import { resourceTypeNames } from '../../fhir/definitions/index.ts';
import { isResourceType, type StoredType } from '../resource-types.ts';
import { invalidValue, unknownParameter, unsupported } from './faults.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import type { Include } from './query.ts';

/** Reference parameters of a type, one for each element (`patient` is part of `subject`). */
export function referenceParametersOf(type: StoredType): IndexedParameter[] {
  return [...indexedParametersOf(type).values()].filter((parameter) => parameter.storage === 'references');
}

/** @param type the type searched for: what `_include=*` starts from, and what `_revinclude=*` leads back to */
export function parseInclude(type: StoredType, name: string, value: string): Include[] {
  const [word = '', modifier, ...others] = name.split(':');
  const reverse = word === '_revinclude';
  if ((modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse') || others.length > 0) {
    throw unsupported(name, 'chỉ nhận :iterate.', 'takes :iterate only.');
  }
  const iterate = modifier !== undefined;
  const include = (source: StoredType, parameters: IndexedParameter[], target?: StoredType): Include => {
    return { name, source, parameters, target, iterate, reverse };
  };
  if (value === '*') {
    const sources = reverse || iterate ? (resourceTypeNames.filter(isResourceType) as StoredType[]) : [type];
    return sources.flatMap((source) => {
      const parameters = referenceParametersOf(source).filter(
        (one) => !reverse || iterate || mayLeadTo(one, type),
      );
      return parameters.length === 0 ? [] : [include(source, parameters)];
    });
  }
  const [source = '', code = '', target, ...more] = value.split(':');
  const targetKnown = target === undefined || isResourceType(target);
  if (!isResourceType(source) || code === '' || !targetKnown || more.length > 0) {
    throw invalidValue(
      name,
      value,
      'Loại:thamsố hoặc Loại:thamsố:LoạiĐích',
      'Type:parameter or Type:parameter:Target',
    );
  }
  const parameters = code === '*' ? referenceParametersOf(source) : [referenceParameter(source, code, name)];
  if (target !== undefined && !parameters.some((parameter) => mayLeadTo(parameter, target))) {
    const targets = [...new Set(parameters.flatMap((parameter) => parameter.targets))].join(', ');
    throw unsupported(
      name,
      `${source}.${code} không dẫn đến ${target}, mà đến ${targets}.`,
      `${source}.${code} does not lead to ${target}, but to ${targets}.`,
    );
  }
  return [include(source, parameters, target)];
}

/**
 * An include without `:iterate` starts from the matches (R4 search.html#include). One from a type that other includes
 * bring finds nothing then, and is no mistake; from a type that nothing brings it is one.
 */
export function refuseLostIncludes(type: StoredType, includes: readonly Include[]): void {
  for (const one of includes) {
    if (one.reverse || one.iterate || one.source === type) continue;
    const isBrought = includes.some((other) => other !== one && brings(other, one.source));
    if (isBrought) continue;
    throw invalidValue(
      one.name,
      one.parameters[0]!.q.replace('.', ':'),
      `tham số của ${type} (hoặc thêm :iterate)`,
      `a parameter of ${type} (or :iterate)`,
    );
  }
}

function brings({ reverse, source, target, parameters }: Include, type: StoredType): boolean {
  if (reverse) return source === type;
  return target === undefined ? parameters.some((one) => mayLeadTo(one, type)) : target === type;
}

function mayLeadTo({ targets }: IndexedParameter, type: StoredType): boolean {
  return targets.length === 0 || targets.includes(type);
}

function referenceParameter(source: StoredType, code: string, name: string): IndexedParameter {
  const parameter = indexedParametersOf(source).get(code);
  if (!parameter) throw unknownParameter(source, code);
  if (parameter.storage !== 'references') {
    throw unsupported(
      name,
      `${source}.${code} không phải là tham chiếu đến nơi khác.`,
      `${source}.${code} is no reference to another resource.`,
    );
  }
  return parameter;
}
