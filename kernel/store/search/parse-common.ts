/** Parameters that every type has beside those of the definitions. Pure. */
import { isId } from '../ids.ts';
import type { StoredType } from '../resource-types.ts';
import { parseCurrentList } from './current-lists.ts';
import { invalidValue, unknownModifier, unsupported } from './faults.ts';
import { indexedParametersOf } from './parameters.ts';
import type { Criterion } from './query.ts';
import { parseTexts } from './text-ask.ts';

export const COMMON = ['_id', '_lastUpdated', '_text', '_content', '_list', '_filter'] as const;

/** `_id`, `_lastUpdated`, `_text`, `_content`, `_list`; null for any other name. */
export function parseCommon(
  type: StoredType,
  name: string,
  code: string,
  modifier: string | undefined,
  values: string[],
): Criterion | null {
  if (modifier === 'missing' && ALWAYS.has(code)) return parseMissing(name, values);
  switch (code) {
    case '_id': {
      if (modifier !== undefined && modifier !== 'not')
        throw unknownModifier(code, modifier, ['not', 'missing']);
      // `|x`: a token without a system.
      const ids: Criterion = { kind: 'id', name, type, ids: values.map((one) => one.replace(/^\|/, '')) };
      return modifier === 'not' ? { kind: 'not', name, of: ids } : ids;
    }
    case '_lastUpdated':
      if (modifier !== undefined) throw unknownModifier(code, modifier, ['missing']);
      return { kind: 'updated', name, values };
    case '_text':
    case '_content':
      if (modifier !== undefined) throw unknownModifier(code, modifier, []);
      return {
        kind: 'text',
        name,
        type,
        content: code === '_content',
        values: parseTexts(name, values.join(',')),
      };
    case '_list':
      if (modifier !== undefined) throw unknownModifier(code, modifier, []);
      return parseList(type, name, values);
    default:
      return null;
  }
}

/** What every resource has. */
const ALWAYS: ReadonlySet<string> = new Set(['_id', '_lastUpdated']);

/** R4 search.html#modifiers: `:missing` is for all parameters. */
function parseMissing(name: string, values: readonly string[]): Criterion {
  const [value] = values;
  if (values.length !== 1 || (value !== 'true' && value !== 'false'))
    throw invalidValue(name, values.join(','), 'true hoặc false', 'true or false');
  const present: Criterion = { kind: 'and', name, of: [] };
  return value === 'false' ? present : { kind: 'not', name, of: present };
}

/** R4 search.html#list: the resources that a List names, or those on a person's current list of a kind. */
function parseList(type: StoredType, name: string, values: string[]): Criterion {
  const functional = values.filter((value) => value.startsWith('$'));
  if (functional.length > 0 && values.length > 1) {
    throw unsupported(
      name,
      'danh sách chức năng phải đứng một mình.',
      'a functional list stands alone; repeat the parameter to ask for both.',
    );
  }
  if (functional.length > 0) return parseCurrentList(type, name, functional[0]!);
  const parameter = indexedParametersOf('List').get('item')!;
  const ids = values.map((value) => value.replace(/^List\//, ''));
  const wrong = ids.find((id) => !isId(id));
  if (wrong !== undefined) throw invalidValue(name, wrong, 'mã của một List', 'the id of a List');
  const inner: Criterion = { kind: 'id', name, type: 'List', ids };
  return { kind: 'has', name, target: type, source: 'List', parameter, inner };
}

export function refuseNul(name: string, value: string): void {
  if (value.includes('\0'))
    throw invalidValue(name, value, 'giá trị không có ký tự NUL', 'a value without the character NUL');
}
