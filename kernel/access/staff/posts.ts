/** What the staff register says of a person's work on a day, and what it means for their account. Pure. */
import type { Row } from '../../content/content.ts';
import type { PractitionerRole } from '../../fhir/types.ts';
import { foldText } from '../../text/fold.ts';
import { firstDayOf, lastDayOf } from '../../text/vietnam-time.ts';
import type { Role } from '../contract.ts';

/** A PractitionerRole that carries roles of the platform. */
export interface Post {
  /** PractitionerRole id. */
  role: string;
  practitioner: string;
  /** Organization id. */
  unit: string;
  roles: Role[];
  /** ISO dates, both inclusive; null = open. */
  starts: string | null;
  ends: string | null;
}

/** What an account should be on a day. */
export interface Standing {
  unit: string;
  roles: Role[];
  /** Last day of the post, unless another one follows on it; null = open. */
  endsOn: string | null;
}

/**
 * Null for what carries no account: entered as inactive, without person or unit, or with no code that
 * `content/access/posts.csv` knows. Some roles are not in that table on purpose: nobody becomes an administrator by it.
 * @param rows rows of the table in force
 */
export function postOf(resource: PractitionerRole, rows: readonly Row[]): Post | null {
  const practitioner = idIn('Practitioner', resource.practitioner?.reference);
  const unit = idIn('Organization', resource.organization?.reference);
  if (practitioner === null || unit === null || resource.id === undefined || resource.active === false)
    return null;
  const codings = (resource.code ?? []).flatMap((concept) => concept.coding ?? []);
  const roles = codings.flatMap(({ system, code }) => {
    const row = rows.find((one) => one.system === system && one.code === code);
    return row ? (row.roles!.split(' ') as Role[]) : [];
  });
  if (roles.length === 0) return null;
  const { start, end } = resource.period ?? {};
  return {
    role: resource.id,
    practitioner,
    unit,
    roles: [...new Set(roles)],
    starts: start === undefined ? null : firstDayOf(start),
    ends: end === undefined ? null : lastDayOf(end),
  };
}

/** Null when no post is held on the day. Of posts at several units the one begun last counts: an account has one unit. */
export function standingOn(posts: readonly Post[], day: string): Standing | null {
  const held = posts.filter(
    ({ starts, ends }) => (starts === null || starts <= day) && (ends === null || ends >= day),
  );
  const [newest] = held.toSorted(
    (a, b) => (b.starts ?? '').localeCompare(a.starts ?? '') || a.role.localeCompare(b.role),
  );
  if (!newest) return null;
  const there = held.filter(({ unit }) => unit === newest.unit);
  const ends = held.map((post) => post.ends);
  return {
    unit: newest.unit,
    roles: [...new Set(there.flatMap(({ roles }) => roles))].sort(),
    endsOn: ends.includes(null) ? null : ends.toSorted().at(-1)!,
  };
}

/** Roles after a change of the register: those it gives, and those that were given by hand and it does not know. */
export function rolesAfter(own: readonly Role[], given: readonly Role[], rows: readonly Row[]): Role[] {
  const known = new Set(rows.flatMap(({ roles }) => roles!.split(' ')));
  return [...new Set([...given, ...own.filter((role) => !known.has(role))])].sort();
}

/** A sign-in name from a person's name: `Nguyễn Thị Thu Hà` → `ha.ntt`. */
export function signInName(name: string): string {
  const words = foldText(name)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const given = words.at(-1) ?? 'nhanvien';
  const initials = words
    .slice(0, -1)
    .map((word) => word[0]!)
    .join('');
  return initials === '' ? given.padEnd(2, '1') : `${given}.${initials}`;
}

function idIn(type: string, reference: string | undefined): string | null {
  return new RegExp(`^${type}/([A-Za-z0-9\\-.]{1,64})$`).exec(reference ?? '')?.[1] ?? null;
}
