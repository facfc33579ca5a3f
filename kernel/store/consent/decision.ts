/** What a person's consent says of one resource and one reader. Pure; `predicate.ts` says the same in SQL. */
import type { ConsentReader, ConsentRule, ConsentSubject } from './rule.ts';

/**
 * `hidden`: the person denies it. `granted`: the person opens it to this reader by name, beyond what policy opens.
 * `none`: the person says nothing of it.
 */
export type ConsentDecision = 'hidden' | 'granted' | 'none';

/**
 * R4 consent.html: a nested provision is an exception to the one around it. Where several provisions count, the innermost
 * of each branch speaks, and a denial beats a permission.
 * @param rules of the resource's person
 * @param now epoch milliseconds
 */
export function consentDecision(
  rules: readonly ConsentRule[],
  reader: ConsentReader,
  subject: ConsentSubject,
  now: number,
): ConsentDecision {
  const counting = rules.filter((rule) => counts(rule, reader, subject, now));
  const speaking = counting.filter(
    (rule) => !counting.some((inner) => inner.consent === rule.consent && inner.parent === rule.n),
  );
  if (speaking.some((rule) => !rule.permit)) return isOpenByLaw(reader, subject) ? 'none' : 'hidden';
  return speaking.some((rule) => rule.actors !== null) ? 'granted' : 'none';
}

/** What a restriction cannot hide: what the reader's own unit wrote, and what the law opens for the reader's purpose. */
function isOpenByLaw({ unit, open }: ConsentReader, { org, t }: ConsentSubject): boolean {
  return (unit !== null && org === unit) || open.includes(t);
}

function counts(rule: ConsentRule, reader: ConsentReader, subject: ConsentSubject, now: number): boolean {
  return (
    (rule.from === null || rule.from <= now) &&
    (rule.until === null || rule.until > now) &&
    (rule.actors === null ? !reader.citizen : rule.actors.every((name) => reader.names.includes(name))) &&
    (rule.purposes === null || rule.purposes.includes(reader.purpose)) &&
    (subject.sec & rule.bits) === rule.bits &&
    (rule.types === null || rule.types.includes(subject.t)) &&
    (rule.codes === null || rule.codes.some((code) => subject.tok.includes(code))) &&
    isHeld(rule, subject) &&
    (rule.idh === null || rule.idh === subject.idh) &&
    isOfTime(rule, subject)
  );
}

/**
 * A resource is held by its owner, else by the owner of its visit. What nobody is known to hold is denied with what is held,
 * and not permitted with it.
 */
function isHeld({ permit, holders }: ConsentRule, { org, visits }: ConsentSubject): boolean {
  if (holders === null) return true;
  if (org !== null) return holders.includes(org);
  if (visits.length === 0) return !permit;
  const held = (owner: number) => holders.includes(owner);
  return permit ? visits.every(held) : visits.some(held);
}

/** What has no date is denied with the dated, and not permitted with them. */
function isOfTime({ permit, dataFrom, dataUntil }: ConsentRule, { d0, d1 }: ConsentSubject): boolean {
  if (dataFrom === null && dataUntil === null) return true;
  if (d0 === null || d1 === null) return !permit;
  return (dataFrom === null || d1 > dataFrom) && (dataUntil === null || d0 < dataUntil);
}
