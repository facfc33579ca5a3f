/**
 * Follows the audit in batches, line after line in the order of positions: habits, alerts and the position move in one transaction, so a crash
 * leaves nothing judged twice or not at all. Memory is bounded by the batch and by what `people.ts` remembers.
 */
import type { Pool, PoolClient } from 'pg';
import { type AuditPlace, type AuditRow, readAuditAfter } from '../../../kernel/access/audit-reading.ts';
import { inTransaction } from '../../../kernel/store/index.ts';
import { HabitsOfBatch, type Line } from './habits.ts';
import { judge, type Look, type Looker } from './judge.ts';
import type { People } from './people.ts';
import type { RuleName, Rules } from './rules.ts';

export interface AnalyticsParts {
  pool: Pool;
  people: People;
  /** In force on a day. */
  rules(day: string): Rules;
  /** True: judge from the first line of the audit when nothing was judged yet; else begin with now. */
  fromStart?: boolean;
  onAlert?(id: string): void;
}

const BATCH = 4_000;
const MOST_LINES = 50;
const VIETNAM_MS = 7 * 3_600_000;

/** Looks of the last hours that met no rule: the same look again changes nothing. */
const REMEMBERED = 20_000;

/**
 * Judges what is new, each time it is called.
 * @returns a function that answers how many lines it has judged; 0 when another program is at it
 */
export function openFollower(parts: AnalyticsParts): () => Promise<number> {
  const quiet = new Set<string>();
  return async () => {
    for (let judged = 0; ; ) {
      const raised: string[] = [];
      const fresh: string[] = [];
      const lines = await inTransaction(parts.pool, (client) =>
        judgeBatch({ ...parts, quiet, fresh, raised }, client),
      );
      for (const key of fresh) quiet.add(key);
      while (quiet.size > REMEMBERED) quiet.delete(quiet.keys().next().value!);
      for (const id of raised) parts.onAlert?.(id);
      judged += lines;
      if (lines < BATCH) return judged;
    }
  };
}

interface Batch extends AnalyticsParts {
  quiet: ReadonlySet<string>;
  /** What becomes quiet when the batch is committed. */
  fresh: string[];
  raised: string[];
}

async function judgeBatch(batch: Batch, client: PoolClient): Promise<number> {
  const lock = await client.query<{ got: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('yba privacy analytics')) as got`,
  );
  if (!lock.rows[0]!.got) return 0;
  const place = await placeOf(client, batch.fromStart ?? false);
  const { rows, next } = await readAuditAfter(client, place, BATCH);
  await judgeLines(batch, client, rows);
  await client.query(
    `insert into privacy.position (era, xid, n) values ($1, $2, $3)
     on conflict (one) do update set era = excluded.era, xid = excluded.xid, n = excluded.n`,
    [next.era, next.xid, next.n],
  );
  return rows.length;
}

async function judgeLines(batch: Batch, client: PoolClient, rows: readonly AuditRow[]): Promise<void> {
  const fresh = new Set<string>();
  const asked: AskedLine[] = [];
  for (const row of rows) {
    const key = `${row.at.slice(0, 13)} ${row.who} ${row.patient} ${row.ip} ${row.outcome} ${row.action}`;
    if (!isSomebody(row) || batch.quiet.has(key)) continue;
    const who = await batch.people.looker(row.who, row.whoDisplay);
    if (who.staff || who.closed) asked.push({ line: lineOf(batch, row), who, key });
    else fresh.add(key);
  }
  for (const ofDay of runsOfDays(asked)) batch.raised.push(...(await judgeDay(batch, client, ofDay, fresh)));
  batch.fresh.push(...fresh);
}

interface AskedLine {
  line: Line;
  who: Looker;
  /** What makes a look the same as another. */
  key: string;
}

/** Lines that follow each other within a day: what an account did on a day is a habit on the next. */
function runsOfDays(lines: readonly AskedLine[]): AskedLine[][] {
  const runs: AskedLine[][] = [];
  for (const one of lines) {
    const last = runs.at(-1);
    if (last?.[0]?.line.day === one.line.day) last.push(one);
    else runs.push([one]);
  }
  return runs;
}

/** @returns ids of the alerts that are new; looks that met no rule are added to `quiet` */
async function judgeDay(
  { people }: AnalyticsParts,
  client: PoolClient,
  asked: readonly AskedLine[],
  quiet: Set<string>,
): Promise<string[]> {
  const habits = await HabitsOfBatch.open(
    client,
    asked.map(({ line }) => line),
  );
  const met: Met[] = [];
  for (const { line, who, key } of asked) {
    if (quiet.has(key)) continue;
    const { row, look, rules } = line;
    const person = row.patient === null ? null : await people.person(row.patient);
    const names = judge(rules, look, who, person, await habits.of(line));
    if (names.length === 0) quiet.add(key);
    for (const rule of names) met.push({ ...line, rule });
  }
  await habits.close();
  return raise(client, met);
}

async function placeOf(client: PoolClient, fromStart: boolean): Promise<AuditPlace> {
  const known = await client.query<AuditPlace>('select era, xid, n from privacy.position');
  if (known.rows[0]) return known.rows[0];
  if (fromStart) return { era: 1, xid: '0', n: 0 };
  const now = await client.query<AuditPlace>(
    'select max(n) as era, pg_snapshot_xmin(pg_current_snapshot())::text as xid, 0 as n from era',
  );
  return now.rows[0]!;
}

const isSomebody = ({ who, whoDisplay }: AuditRow) =>
  !who.startsWith('system:') && !whoDisplay.startsWith('Client/');

function lineOf({ rules }: AnalyticsParts, row: AuditRow): Line {
  const local = new Date(Date.parse(row.at) + VIETNAM_MS);
  const day = local.toISOString().slice(0, 10);
  const look: Look = {
    account: row.who,
    patient: row.patient,
    action: row.action,
    outcome: row.outcome,
    minute: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
  return { row, day, look, rules: rules(day) };
}

interface Met extends Line {
  rule: RuleName;
}

const ABOUT_ACCOUNT: ReadonlySet<RuleName> = new Set([
  'mass-reading',
  'out-of-hours',
  'after-leave',
  'new-place',
]);

/** One alert for a rule, day, account and person; what is about the account itself has none. @returns ids of the new ones */
async function raise(client: PoolClient, met: readonly Met[]): Promise<string[]> {
  if (met.length === 0) return [];
  const alerts = new Map<string, Met[]>();
  for (const one of met) {
    const key = `${one.rule} ${one.day} ${one.row.who} ${patientOf(one)}`;
    alerts.set(key, [...(alerts.get(key) ?? []), one]);
  }
  const all = [...alerts.values()];
  const of = <T>(read: (one: Met) => T) => all.map(([first]) => read(first!));
  const { rows } = await client.query<{ id: string; fresh: boolean }>(
    `insert into privacy.alert (rule, severity, day, account, patient, unit, first_at, last_at, times, lines)
       select rule, severity, day, account, patient, unit, first_at, last_at, times, string_to_array(lines, ' ')
       from unnest($1::text[], $2::text[], $3::date[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[],
         $9::int4[], $10::text[]) as u(rule, severity, day, account, patient, unit, first_at, last_at, times, lines)
     on conflict (rule, day, account, patient) do update set times = alert.times + excluded.times,
       first_at = least(alert.first_at, excluded.first_at), last_at = greatest(alert.last_at, excluded.last_at),
       lines = (alert.lines || excluded.lines)[1:${MOST_LINES}]
     returning id, xmax = 0 as fresh`,
    [
      of(({ rule }) => rule),
      of(({ rule, rules }) => rules.get(rule)!.severity),
      of(({ day }) => day),
      of(({ row }) => row.who),
      of(patientOf),
      of(({ row }) => row.unit),
      all.map((some) => some.map(({ row }) => row.at).sort()[0]),
      all.map((some) =>
        some
          .map(({ row }) => row.at)
          .sort()
          .at(-1),
      ),
      all.map((some) => some.length),
      all.map((some) =>
        some
          .slice(0, MOST_LINES)
          .map(({ row }) => row.id)
          .join(' '),
      ),
    ],
  );
  return rows.filter(({ fresh }) => fresh).map(({ id }) => id);
}

const patientOf = ({ rule, row }: Met) => (ABOUT_ACCOUNT.has(rule) ? '' : (row.patient ?? ''));

/** What is too old to be compared with is forgotten. */
export async function forgetHabits(pool: Pool, day: string): Promise<void> {
  await pool.query('delete from privacy.seen where day < $1::date - 2', [day]);
  await pool.query('delete from privacy.activity where day < $1::date - 400', [day]);
  await pool.query('delete from privacy.place where seen < $1::date - 400', [day]);
}
