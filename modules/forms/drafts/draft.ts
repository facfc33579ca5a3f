/** Drafts of forms on the server: resumed on any PC, never written over unseen. All SQL of `forms.draft` stands here. */
import type { Pool } from 'pg';
import type { QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import { shardKey } from '../../../kernel/store/compartment.ts';

/** Whose draft of what. */
export interface DraftKey {
  account: string;
  /** Patient id. */
  patient: string;
  /** `url|version` of the Questionnaire that it was begun with. */
  form: string;
  /** Id of the finished response that is amended; '' = a new one. */
  answer: string;
}

export interface Draft extends DraftKey {
  version: number;
  /** Null when it was cleaned as too old. */
  body: QuestionnaireResponse | null;
  /** The browser that saved it last, in its own words. */
  place: string;
  begunAt: Date;
  savedAt: Date;
}

interface DraftRow {
  account: string;
  patient: string;
  form: string;
  answer: string;
  version: number;
  body: QuestionnaireResponse | null;
  place: string;
  begun_at: Date;
  saved_at: Date;
}

const COLUMNS = 'account, patient, form, answer, version, body, place, begun_at, saved_at';
const KEY = 'pt = $1 and account = $2 and form = $3 and answer = $4';
const keyOf = ({ patient, account, form, answer }: DraftKey) => [
  shardKey(`${patient}`),
  account,
  form,
  answer,
];

/** What somebody has begun for a person, the last saved first. @param url of the Questionnaire, without version */
export async function draftsFor(
  pool: Pool,
  of: { account: string; patient: string; url: string; answer: string },
): Promise<Draft[]> {
  const { rows } = await pool.query<DraftRow>(
    `select ${COLUMNS} from forms.draft
      where pt = $1 and account = $2 and answer = $3 and body is not null and (form = $4 or starts_with(form, $4 || '|'))
      order by saved_at desc`,
    [shardKey(of.patient), of.account, of.answer, of.url],
  );
  return rows.map(draftOf);
}

export async function readDraft(pool: Pool, key: DraftKey): Promise<Draft | null> {
  const { rows } = await pool.query<DraftRow>(`select ${COLUMNS} from forms.draft where ${KEY}`, keyOf(key));
  return rows[0] ? draftOf(rows[0]) : null;
}

/**
 * Saves over the version that the caller saw; 0 = none was there.
 * @returns the draft as it stands; null when somebody (the same person at another PC) has saved meanwhile
 */
export async function saveDraft(
  pool: Pool,
  key: DraftKey,
  saved: { seen: number; body: QuestionnaireResponse; place: string; at: Date },
): Promise<Draft | null> {
  const { rows } = await pool.query<DraftRow>(
    saved.seen === 0
      ? `insert into forms.draft (pt, account, form, answer, patient, version, body, place, begun_at, saved_at)
         values ($1, $2, $3, $4, $5, 1, $6, $7, $8, $8)
         on conflict (pt, account, form, answer) do update
           set version = forms.draft.version + 1, body = excluded.body, place = excluded.place,
               begun_at = excluded.begun_at, saved_at = excluded.saved_at
           where forms.draft.body is null
         returning ${COLUMNS}`
      : `update forms.draft set patient = $5, version = version + 1, body = $6, place = $7, saved_at = $8
          where ${KEY} and version = $9 and body is not null returning ${COLUMNS}`,
    [
      ...keyOf(key),
      key.patient,
      JSON.stringify(saved.body),
      saved.place,
      saved.at,
      ...(saved.seen === 0 ? [] : [saved.seen]),
    ],
  );
  return rows[0] ? draftOf(rows[0]) : null;
}

export async function removeDraft(pool: Pool, key: DraftKey): Promise<void> {
  await pool.query(`delete from forms.draft where ${KEY}`, keyOf(key));
}

/** Everything that an account has begun, the last saved first, with what was cleaned lately. */
export async function draftsOf(pool: Pool, account: string, most: number): Promise<Draft[]> {
  const { rows } = await pool.query<DraftRow>(
    `select ${COLUMNS} from forms.draft where account = $1 order by saved_at desc limit $2`,
    [account, most],
  );
  return rows.map(draftOf);
}

/**
 * Empties drafts that nobody has touched for long; what is left of them says so to their owner for as long again, then goes.
 * @returns how many were emptied
 */
export async function cleanDrafts(pool: Pool, now: Date, days: number): Promise<number> {
  const before = (times: number) => new Date(now.getTime() - times * days * 86_400_000);
  await pool.query('delete from forms.draft where saved_at < $1', [before(2)]);
  const { rowCount } = await pool.query(
    'update forms.draft set body = null where saved_at < $1 and body is not null',
    [before(1)],
  );
  return rowCount ?? 0;
}

/** A person was erased: nothing typed about them stays. */
export async function forgetPerson(pool: Pick<Pool, 'query'>, patient: string): Promise<void> {
  await pool.query('delete from forms.draft where pt = $1 and patient = $2', [shardKey(patient), patient]);
}

function draftOf({ begun_at, saved_at, ...row }: DraftRow): Draft {
  return { ...row, begunAt: begun_at, savedAt: saved_at };
}
