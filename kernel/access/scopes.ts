/**
 * SMART App Launch 2.2 scopes for FHIR resources, v2 and v1: `patient/Observation.rs?category=laboratory`,
 * `system/Patient.read`. Pure.
 */
import { Failure } from '../failure.ts';
import { isResourceType } from '../fhir/names.ts';
import type { ResourceType } from '../fhir/types.ts';
import { ownCondition } from '../store/search/index.ts';
import type { Action } from './decide.ts';

/** `patient`: of the patient of the launch; `user`: what the person's roles allow; `system`: what the client is allowed. */
export type ScopeLevel = 'patient' | 'user' | 'system';

export interface Scope {
  level: ScopeLevel;
  /** Resource type or `*`. */
  type: string;
  actions: ReadonlySet<Action>;
  /** What a resource must match, as a search would: all of these. */
  query?: readonly (readonly [string, string])[];
}

const V1: Record<string, string> = { read: 'rs', write: 'cud', '*': 'cruds' };
const LETTERS = new Map<string, Action>([
  ['c', 'create'],
  ['r', 'read'],
  ['u', 'update'],
  ['d', 'delete'],
  ['s', 'search'],
]);
const FORM = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]+)\.(read|write|\*|c?r?u?d?s?)(?:\?(.+))?$/;

/** Criteria in one scope, and characters of one. */
const MOST_CRITERIA = 8;
const LONGEST = 1_000;

/**
 * `<level>/<type or *>.<permissions>[?param=value&…]`. Permissions of v2 are letters of `cruds` in that order (SMART 2.2,
 * "Scopes for requesting FHIR Resources"); v1 are read, write, `*`.
 * @returns the scope; null when the text is none; a sentence in English when its query cannot be kept
 */
export function readScope(text: string): Scope | string | null {
  if (text.length > LONGEST) return null;
  const [, level, type = '', permissions = '', query] = FORM.exec(text) ?? [];
  if (level === undefined || permissions === '' || (type !== '*' && !isResourceType(type))) return null;
  const actions = [...(V1[permissions] ?? permissions)].map((letter) => LETTERS.get(letter)!);
  const scope: Scope = { level: level as ScopeLevel, type, actions: new Set(actions) };
  if (query === undefined) return scope;
  const params = readQuery(query);
  if (params === null) return null;
  const fault = queryFault(type, params);
  return fault ?? { ...scope, query: params };
}

/** A scope for resources; null when the text is no such scope, or its query cannot be kept. */
export function parseScope(text: string): Scope | null {
  const scope = readScope(text);
  return typeof scope === 'string' ? null : scope;
}

function readQuery(query: string): [string, string][] | null {
  const pairs = query.split('&').map((pair): [string, string] | null => {
    const at = pair.indexOf('=');
    if (at < 1) return null;
    try {
      // A `+` stays one: scopes are separated by blanks, so none is hidden in it.
      return [decodeURIComponent(pair.slice(0, at)), decodeURIComponent(pair.slice(at + 1))];
    } catch {
      return null;
    }
  });
  if (pairs.length > MOST_CRITERIA || pairs.includes(null)) return null;
  return pairs as [string, string][];
}

/** Parameters of the form and order of an answer. */
const RESULT =
  /^_(sort|count|total|cursor|include|revinclude|summary|elements|format|pretty|explain|contained|containedType|maxresults|score)\b/;
/** Parameters that every type has: the only ones of `*`. */
const OF_ALL = new Set(['_id', '_profile', '_security', '_source', '_tag']);

function queryFault(type: string, params: readonly [string, string][]): string | null {
  for (const [name] of params) {
    if (RESULT.test(name)) return `${name} is no criterion: it cannot narrow a scope`;
    if (type === '*' && !OF_ALL.has(name.split(':')[0]!))
      return `${name} is not a parameter of every type: name the type`;
  }
  try {
    ownCondition(type === '*' ? 'Basic' : (type as ResourceType), params);
    return null;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** v2 form, letters in order. */
export function formatScope({ level, type, actions, query }: Scope): string {
  const letters = [...LETTERS].filter(([, action]) => actions.has(action)).map(([letter]) => letter);
  const head = `${level}/${type}.${letters.join('')}`;
  if (query === undefined || query.length === 0) return head;
  return `${head}?${query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')}`;
}

/** What ends a parameter, a scope or a list of scopes, and what RFC 6749 (appendix A.4) does not let stand in one. */
function encoded(text: string): string {
  return text.replace(/[^\x21\x23-\x24\x27-\x5b\x5d-\x7e]/gu, encodeURIComponent);
}

/** True when one of the scopes allows the action on some resources of the type. */
export function scopesAllow(scopes: readonly Scope[], action: Action, type: string): boolean {
  return scopes.some((scope) => (scope.type === '*' || scope.type === type) && scope.actions.has(action));
}

/** The scopes that count for an actor: a client by itself has those of a system, a person's app those of the person. */
export function effectiveScopes(scopes: readonly Scope[], isSystem: boolean): Scope[] {
  return scopes.filter(({ level }) => (level === 'system') === isSystem);
}

/** True when everything that `asked` allows is allowed by what was granted. */
export function scopeWithin(asked: Scope, granted: readonly Scope[]): boolean {
  return [...asked.actions].every((action) =>
    granted.some(
      (scope) =>
        levelWithin(asked.level, scope.level) &&
        (scope.type === '*' || scope.type === asked.type) &&
        scope.actions.has(action) &&
        queryWithin(asked.query ?? [], scope.query ?? []),
    ),
  );
}

/** What of `asked` is granted: the parts that both allow. */
export function narrowScope(asked: Scope, granted: readonly Scope[]): Scope[] {
  if (scopeWithin(asked, granted)) return [asked];
  const parts = granted.flatMap((scope): Scope[] => {
    const fits = asked.type === '*' || scope.type === '*' || asked.type === scope.type;
    const actions = [...asked.actions].filter((action) => scope.actions.has(action));
    if (!fits || !levelWithin(asked.level, scope.level) || actions.length === 0) return [];
    const type = asked.type === '*' ? scope.type : asked.type;
    const more = (scope.query ?? []).filter(([name, value]) => !has(asked.query ?? [], name, value));
    const query = [...(asked.query ?? []), ...more];
    return [{ level: asked.level, type, actions: new Set(actions), ...(query.length > 0 && { query }) }];
  });
  return parts.filter(
    (part, at) => !parts.some((one, other) => other !== at && covers(one, part, other < at)),
  );
}

/** True when a part says nothing that the other does not say; of two equal ones the first stays. */
function covers(one: Scope, part: Scope, isBefore: boolean): boolean {
  return scopeWithin(part, [one]) && (isBefore || !scopeWithin(one, [part]));
}

/** What is of one patient lies within what the person may see; a system has no patient of a launch. */
function levelWithin(asked: ScopeLevel, granted: ScopeLevel): boolean {
  return asked === granted || (asked === 'patient' && granted === 'user');
}

type Pairs = readonly (readonly [string, string])[];

/** Every criterion of the wider one stands in the narrower one, with the same or fewer alternatives. */
function queryWithin(narrower: Pairs, wider: Pairs): boolean {
  return wider.every(([name, value]) =>
    narrower.some(([other, values]) => {
      if (other !== name) return false;
      if (values === value) return true;
      if (name.includes(':')) return false;
      const allowed = new Set(value.split(/(?<!\\),/));
      return values.split(/(?<!\\),/).every((one) => allowed.has(one));
    }),
  );
}

function has(pairs: Pairs, name: string, value: string): boolean {
  return pairs.some(([one, other]) => one === name && other === value);
}
