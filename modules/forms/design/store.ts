/** Designs and their test cases. All SQL of `forms.design` and `forms.trial` stands here. */
import type { Pool } from 'pg';
import type { Questionnaire } from '../../../kernel/fhir/types.ts';
import type { Trial } from './trials.ts';

export interface Design {
  key: string;
  version: number;
  form: Questionnaire;
  by: string;
  at: Date;
}

interface DesignRow {
  key: string;
  version: number;
  body: Questionnaire;
  by: string;
  at: Date;
}

const designOf = ({ body, ...row }: DesignRow): Design => ({ ...row, form: body });

export async function allDesigns(pool: Pool): Promise<Design[]> {
  const { rows } = await pool.query<DesignRow>(
    'select key, version, body, by, at from forms.design order by key',
  );
  return rows.map(designOf);
}

export async function readDesign(pool: Pool, key: string): Promise<Design | null> {
  const { rows } = await pool.query<DesignRow>(
    'select key, version, body, by, at from forms.design where key = $1',
    [key],
  );
  return rows[0] ? designOf(rows[0]) : null;
}

/** @param seen version that was open; 0 = none. @returns null when somebody has saved meanwhile */
export async function saveDesign(
  pool: Pool,
  design: { key: string; form: Questionnaire; by: string; at: Date },
  seen: number,
): Promise<Design | null> {
  const { rows } = await pool.query<DesignRow>(
    seen === 0
      ? `insert into forms.design (key, version, body, by, at) values ($1, 1, $2, $3, $4)
         on conflict (key) do nothing returning key, version, body, by, at`
      : `update forms.design set version = version + 1, body = $2, by = $3, at = $4
          where key = $1 and version = $5 returning key, version, body, by, at`,
    [design.key, JSON.stringify(design.form), design.by, design.at, ...(seen === 0 ? [] : [seen])],
  );
  return rows[0] ? designOf(rows[0]) : null;
}

export async function removeDesign(pool: Pool, key: string): Promise<void> {
  await pool.query('delete from forms.design where key = $1', [key]);
}

export async function trialsOf(pool: Pool, key: string): Promise<Trial[]> {
  const { rows } = await pool.query<{ body: Trial }>(
    'select body from forms.trial where key = $1 order by name',
    [key],
  );
  return rows.map(({ body }) => body);
}

export async function saveTrial(pool: Pool, key: string, trial: Trial): Promise<void> {
  await pool.query(
    'insert into forms.trial (key, name, body) values ($1, $2, $3) on conflict (key, name) do update set body = excluded.body',
    [key, trial.name, JSON.stringify(trial)],
  );
}

export async function removeTrial(pool: Pool, key: string, name: string): Promise<void> {
  await pool.query('delete from forms.trial where key = $1 and name = $2', [key, name]);
}

/** Drafts that were begun with a form, by version. @param url of the Questionnaire */
export async function draftsInUse(pool: Pool, url: string): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    "select count(*) from forms.draft where body is not null and (form = $1 or starts_with(form, $1 || '|'))",
    [url],
  );
  return Number(rows[0]!.count);
}
