/** SMART App Launch scopes of system clients: `system/Patient.rs` (v2) and `system/Patient.read` (v1). Pure. */
import { isResourceType } from '../fhir/names.ts';
import type { Action } from './decide.ts';

export interface Scope {
  /** Resource type or `*`. */
  type: string;
  actions: ReadonlySet<Action>;
}

const V1: Record<string, string> = { read: 'rs', write: 'cud', '*': 'cruds' };
const LETTERS: Record<string, Action> = { c: 'create', r: 'read', u: 'update', d: 'delete', s: 'search' };

/**
 * `system/<type or *>.<permissions>`; null when it is no such scope. Permissions of v2 are letters of `cruds` in that
 * order (SMART 2.0, "Scopes for requesting FHIR Resources"); v1 are read, write, `*`.
 */
export function parseScope(text: string): Scope | null {
  const match = /^system\/(\*|[A-Z][A-Za-z]+)\.(read|write|\*|c?r?u?d?s?)$/.exec(text);
  const permissions = match?.[2];
  if (!match || !permissions || (match[1] !== '*' && !isResourceType(match[1]!))) return null;
  const actions = [...(V1[permissions] ?? permissions)].map((letter) => LETTERS[letter]!);
  return { type: match[1]!, actions: new Set(actions) };
}

/** True when one of the scopes allows the action on the type. */
export function scopesAllow(scopes: readonly Scope[], action: Action, type: string): boolean {
  return scopes.some((scope) => (scope.type === '*' || scope.type === type) && scope.actions.has(action));
}

/** True when everything that `asked` allows is allowed by what the client was registered for. */
export function scopeWithin(asked: Scope, granted: readonly Scope[]): boolean {
  return [...asked.actions].every((action) =>
    granted.some((scope) => (scope.type === '*' || scope.type === asked.type) && scope.actions.has(action)),
  );
}
