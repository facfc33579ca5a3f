/**
 * Order by references (R4 leaves to the server what of a reference is compared; here `Type/id`). Only hashes of references
 * are kept with a row, so the names come from where they are known: the row's own person from `person`, what belongs to
 * nobody or to others from the dictionary, and what belongs to the same person from its own row.
 */
import { isSharedType } from '../compartment.ts';
import { isResourceType, RESOURCE_TYPES, type StoredType, typeNumber } from '../resource-types.ts';
import type { IndexedParameter } from './parameters.ts';
import { hashSql } from './render-hash.ts';
import type { Statement } from './statement.ts';

/** SQL of the least reference of a row, or the greatest. */
export function referenceKeySql(
  parameter: IndexedParameter,
  pick: 'min' | 'max',
  statement: Statement,
): (r: string) => string {
  const q = statement.text(parameter.q);
  const targets = (
    parameter.targets.length > 0 ? parameter.targets : RESOURCE_TYPES
  ) as readonly StoredType[];
  const personal = targets.filter(
    (type) => isResourceType(type) && type !== 'Patient' && !isSharedType(type),
  );
  const key = (name: string) => hashSql(`${q} || '|' || ${name}`);
  const known = (r: string) =>
    `(select ${pick}(c.code collate "C") from code c where c.h = any (${r}.tok) and c.p = ${q})`;
  const person = (r: string) => {
    const isNamed = parameter.own ? '' : ` and ${key(`'Patient/' || p.id`)} = any (${r}.tok)`;
    return `(select 'Patient/' || p.id collate "C" from person p where p.pt = ${r}.pt${isNamed})`;
  };
  const names = personal.map((type) => `(${typeNumber(type)}::int2, '${type}')`).join(', ');
  const siblings = (
    r: string,
  ) => `(select ${pick}((n.name || '/' || x.id) collate "C") from (values ${names}) n(t, name)
    join res x on x.pt = ${r}.pt and x.t = n.t where ${key(`n.name || '/' || x.id`)} = any (${r}.tok))`;
  const parts = [known];
  if (targets.includes('Patient')) parts.push(person);
  if (personal.length > 0) parts.push(siblings);
  const best = pick === 'min' ? 'least' : 'greatest';
  return (r) => `${best}(${parts.map((part) => part(r)).join(', ')})`;
}
