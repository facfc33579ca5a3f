/** Criteria on references and addresses → conditions. Pure. */
import { shardKey } from '../compartment.ts';
import { isId } from '../ids.ts';
import { isResourceType, RESOURCE_TYPES, type StoredType } from '../resource-types.ts';
import { isCanonical, isOnlyCanonical } from './canonical.ts';
import { type Condition, FALSE, or, type Word } from './condition.ts';
import { referenceTarget } from './emit-reference.ts';
import { invalidValue } from './faults.ts';
import { identifierParameter, referenceKey } from './keys.ts';
import { hierarchyOf, type IndexedParameter } from './parameters.ts';
import { planIdentifier } from './plan-token.ts';
import { parseToken, unescapeValue } from './values.ts';

/** `Patient/x`, `x`, an absolute address, `:Patient=x` or `:identifier=system|value`. */
export function planReference(
  parameter: IndexedParameter,
  name: string,
  modifier: string | undefined,
  value: string,
): Condition {
  if (modifier === 'identifier') {
    const asked = parseToken(value);
    if (!asked) throw invalidValue(name, value, 'hệ|giá trị', 'system|value');
    return planIdentifier(identifierParameter(parameter.q), asked);
  }
  const text = unescapeValue(value);
  if (modifier === 'above' || modifier === 'below') {
    const isAddress = isOnlyCanonical(parameter) || (isCanonical(parameter) && text.includes('|'));
    return isAddress
      ? planVersions(parameter, modifier, text)
      : planHierarchy(parameter, name, modifier, text);
  }
  if (!text.includes('/') && !text.includes(':')) {
    if (!isId(text)) throw invalidValue(name, value, 'Loại/id hoặc id', 'Type/id or id');
    const types =
      modifier !== undefined ? [modifier] : parameter.targets.length > 0 ? parameter.targets : RESOURCE_TYPES;
    return or([
      planTargets(
        parameter,
        types.map((type) => `${type}/${text}`),
      ),
      canonical(parameter, text),
    ]);
  }
  const target = referenceTarget(text);
  if (target === null || isNeither(parameter, target))
    throw invalidValue(name, value, 'Loại/id hoặc địa chỉ', 'Type/id or an address');
  if (modifier !== undefined && !target.startsWith(`${modifier}/`)) return FALSE;
  return planTargets(parameter, [target]);
}

/**
 * R4 search.html#reference, references and versions: `:below=url|1` are 1, 1.0 and 1.4.2, `:above=url|1.4.2` are 1, 1.4 and
 * 1.4.2; of an address without a version, any.
 */
function planVersions({ q }: IndexedParameter, direction: 'above' | 'below', text: string): Condition {
  const bar = text.indexOf('|');
  if (bar < 0) return { op: 'tok', any: [referenceKey(q, text)] };
  const version = text.slice(bar + 1);
  if (direction === 'below') {
    const accept = ({ code }: Word) =>
      code === text || code.startsWith(`${text}.`) || code.startsWith(`${text}-`);
    return { op: 'words', queries: [{ p: q, prefix: text, accept }] };
  }
  const shorter = [...version.matchAll(/[.-]/g)].map(({ index }) => version.slice(0, index));
  const addresses = [...shorter, version].map((one) => text.slice(0, bar + 1) + one);
  return { op: 'tok', any: addresses.map((address) => referenceKey(q, address)) };
}

/** `Type/id`, or an id of each type that is a hierarchy; a target of any other type has nothing above or below it. */
function planHierarchy(
  parameter: IndexedParameter,
  name: string,
  direction: 'above' | 'below',
  text: string,
): Condition {
  const [type = '', id, ...more] = text.split('/');
  const types = parameter.targets.filter(
    (target): target is StoredType => isResourceType(target) && hierarchyOf(target) !== undefined,
  );
  const targets = (id === undefined ? types : types.filter((one) => one === type)).map((one) => {
    return { type: one, id: id ?? type };
  });
  if (more.length > 0 || !isId(id ?? type) || targets.length === 0) {
    const wanted = types.map((one) => `${one}/id`).join(', ');
    throw invalidValue(name, text, wanted, wanted);
  }
  return { op: 'hierarchy', parameter, direction, targets, name };
}

/** A relative address of a Reference is `Type/id` and nothing else: `Patient/`, `patient/x` or `a/b/c` would find nothing. */
function isNeither(parameter: IndexedParameter, target: string): boolean {
  if (target.includes(':') || parameter.paths.some((path) => path.type !== 'Reference')) return false;
  const [type = '', id = '', ...more] = target.split('/');
  return more.length > 0 || !isResourceType(type) || !isId(id);
}

/** A canonical may be a plain word (`urn` and addresses have a colon). */
function canonical(parameter: IndexedParameter, text: string): Condition {
  const plain = parameter.paths.some((path) => path.type !== 'Reference');
  return plain ? { op: 'tok', any: [referenceKey(parameter.q, text)] } : FALSE;
}

/** Rows that refer to one of the targets, `Type/id` or absolute. */
export function planTargets(parameter: IndexedParameter, targets: readonly string[]): Condition {
  const own = parameter.own ? targets.filter((target) => target.startsWith('Patient/')) : [];
  const others = targets.filter((target) => !own.includes(target));
  // A person is referred to by the rows of one life; a place or a practitioner by very many.
  const rare = others.length > 0 && others.every((target) => target.startsWith('Patient/'));
  return or([
    { op: 'person', pts: own.map((target) => shardKey(target.slice('Patient/'.length))) },
    { op: 'tok', any: others.map((target) => referenceKey(parameter.q, target)), ...(rare ? { rare } : {}) },
  ]);
}

/**
 * An address, exactly; a canonical is also found without its version. R4 search.html#uri: `:below` are those that begin
 * with it, `:above` those that it begins with, step by step of its path. Both are for URLs and not for URNs.
 */
export function planUri(
  parameter: IndexedParameter,
  name: string,
  modifier: string | undefined,
  value: string,
): Condition {
  const address = unescapeValue(value);
  const exact = [referenceKey(parameter.q, address)];
  if (modifier === undefined) return { op: 'tok', any: exact };
  if (/^urn:/i.test(address)) throw invalidValue(name, value, 'URL (không phải URN)', 'a URL (no URN)');
  if (modifier === 'below') return { op: 'words', queries: [{ p: parameter.q, prefix: address }] };
  const above = [...address.matchAll(/\//g)].flatMap(({ index }) => [
    address.slice(0, index),
    address.slice(0, index + 1),
  ]);
  return { op: 'tok', any: [...exact, ...above.map((one) => referenceKey(parameter.q, one))] };
}
