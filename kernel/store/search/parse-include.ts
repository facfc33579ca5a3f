/** `_include` and `_revinclude` with `:iterate`, a target type and `*`. Pure. */
import { isResourceType, type StoredType } from '../resource-types.ts';
import { invalidValue, unknownParameter, unsupported } from './faults.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import type { Include } from './query.ts';

/** Reference parameters of a type, one for each element (`patient` is part of `subject`). */
export function referenceParametersOf(type: StoredType): IndexedParameter[] {
  return [...indexedParametersOf(type).values()].filter((parameter) => parameter.storage === 'references');
}

/** @param type the type searched for: what `_include=*` starts from */
export function parseInclude(type: StoredType, name: string, value: string): Include {
  const [word = '', modifier] = name.split(':');
  const reverse = word === '_revinclude';
  if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse') {
    throw unsupported(name, 'chỉ nhận :iterate.', 'takes :iterate only.');
  }
  const iterate = modifier !== undefined;
  if (value === '*' && !reverse) {
    return {
      name,
      source: type,
      parameters: referenceParametersOf(type),
      target: undefined,
      iterate,
      reverse,
    };
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
  if (!reverse && !iterate && source !== type) {
    throw invalidValue(
      name,
      value,
      `tham số của ${type} (hoặc thêm :iterate)`,
      `a parameter of ${type} (or :iterate)`,
    );
  }
  return { name, source, parameters, target, iterate, reverse };
}

function referenceParameter(source: StoredType, code: string, name: string): IndexedParameter {
  const parameter = indexedParametersOf(source).get(code);
  if (!parameter) throw unknownParameter(source, code);
  if (parameter.storage !== 'references') {
    throw unsupported(
      name,
      `${source}.${code} không phải là tham chiếu.`,
      `${source}.${code} is no reference.`,
    );
  }
  return parameter;
}
