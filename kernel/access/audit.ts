/** Lines of the audit, made from who acts and what was touched. Pure; the store writes them. */
import type { AuditLine } from '../store/contract.ts';
import type { Actor } from './contract.ts';

export type Outcome = AuditLine['outcome'];

/** One line; `patient` null for data of no person. */
export function auditLine(
  actor: Actor,
  action: string,
  what: string,
  patient: string | null,
  outcome: Outcome = 'ok',
): AuditLine {
  return {
    who: actor.id,
    whoDisplay: displayOf(actor),
    patient,
    action,
    what,
    why:
      actor.purpose.reason === undefined
        ? actor.purpose.code
        : `${actor.purpose.code}: ${actor.purpose.reason}`,
    outcome,
    ip: actor.ip,
    unit: actor.unit,
    ...(actor.client === undefined ? {} : { client: actor.client }),
    ...(actor.request === undefined ? {} : { request: actor.request }),
    ...(actor.token === undefined ? {} : { token: actor.token }),
  };
}

/** One line for each person that a search returned, or one line without a person when it returned none. */
export function searchLines(actor: Actor, what: string, patients: Iterable<string | null>): AuditLine[] {
  const persons = [...new Set(patients)].filter((patient) => patient !== null);
  if (persons.length === 0) return [auditLine(actor, 'search', what, null)];
  return persons.map((patient) => auditLine(actor, 'search', what, patient));
}

/** Resources written together, one line for each person and action: `what` lists them with a space between. */
export function writeLines(
  actor: Actor,
  touched: readonly {
    action: 'create' | 'update' | 'delete' | 'declassify';
    what: string;
    patient: string | null;
  }[],
): AuditLine[] {
  const lines = new Map<string, AuditLine>();
  for (const { action, what, patient } of touched) {
    const key = `${action}|${patient ?? ''}`;
    const line = lines.get(key);
    if (line) line.what += ` ${what}`;
    else lines.set(key, auditLine(actor, action, what, patient));
  }
  return [...lines.values()];
}

function displayOf(actor: Actor): string {
  if (actor.practitioner !== null) return `Practitioner/${actor.practitioner}`;
  return actor.roles.includes('system-client') ? `Client/${actor.id}` : actor.name;
}
