/** Table `consent_note`: which Consents are carried out otherwise than they say, and where, for whoever watches over privacy. */
import type { Issue } from '../../failure.ts';
import { shardKey } from '../compartment.ts';
import type { Queryable } from '../rows.ts';

/** One Consent that is not carried out as it stands. */
export interface ConsentNote {
  patient: string;
  consent: string;
  /** ISO instant of when it was read. */
  at: string;
  issues: Issue[];
}

/** Puts the notes of a Consent in the place of those before; none leaves none. */
export async function writeNotes(
  db: Queryable,
  patient: string,
  consent: string,
  issues: readonly Issue[],
): Promise<void> {
  const pt = shardKey(patient).toString();
  await db.query('delete from consent_note where pt = $1 and consent = $2', [pt, consent]);
  if (issues.length === 0) return;
  await db.query(
    'insert into consent_note (pt, consent, patient, noted_at, issues) values ($1, $2, $3, now(), $4)',
    [pt, consent, patient, JSON.stringify(issues)],
  );
}

/** The newest first, at most so many; of one person when asked. */
export async function readNotes(
  db: Queryable,
  { patient, count }: { patient?: string; count: number },
): Promise<ConsentNote[]> {
  const { rows } = await db.query<Omit<ConsentNote, 'at'> & { noted_at: Date }>(
    `select patient, consent, noted_at, issues from consent_note
     where $1::int8 is null or (pt = $1 and patient = $2) order by noted_at desc, consent limit $3`,
    [patient === undefined ? null : shardKey(patient).toString(), patient ?? null, count],
  );
  return rows.map(({ noted_at, ...note }) => ({ ...note, at: noted_at.toISOString() }));
}
