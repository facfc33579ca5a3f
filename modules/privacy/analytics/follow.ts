/**
 * Follows the audit line by line in the order of positions: habits, alerts and the position move in one transaction, so a crash
 * leaves nothing judged twice or not at all. Memory is bounded by the batch and by what `people.ts` remembers.
 */
import type { Pool, PoolClient } from 'pg';
import { type AuditPlace, type AuditRow, readAuditAfter } from '../../../kernel/access/audit-reading.ts';
import { shardKey } from '../../../kernel/store/compartment.ts';
import { inTransaction } from '../../../kernel/store/index.ts';
import { type Habits, judge, type Look, networkOf } from './judge.ts';
import type { People } from './people.ts';
import { isWithin, type RuleName, type Rules } from './rules.ts';

export interface AnalyticsParts {
  pool: Pool;
  people: People;
  /** In force on a day. */
  rules(day: string): Rules;
  /** True: judge from the first line of the audit when nothing was judged yet; else begin with now. */
  fromStart?: boolean;
  onAlert?(id: string): void;
}

const BATCH = 1_000;
const MOST_LINES = 50;
const VIETNAM_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

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
  for (const row of rows) {
    const key = `${row.at.slice(0, 13)} ${row.who} ${row.patient} ${row.ip} ${row.outcome} ${row.action}`;
    if (!isSomebody(row) || batch.quiet.has(key)) continue;
    const raised = await judgeLine(batch, client, row);
    if (raised === null) batch.fresh.push(key);
    else batch.raised.push(...raised);
  }
  await client.query(
    `insert into privacy.position (era, xid, n) values ($1, $2, $3)
     on conflict (one) do update set era = excluded.era, xid = excluded.xid, n = excluded.n`,
    [next.era, next.xid, next.n],
  );
  return rows.length;
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

/** @returns ids of alerts that are new; null when no rule was met */
async function judgeLine(parts: AnalyticsParts, client: PoolClient, row: AuditRow): Promise<string[] | null> {
  const local = new Date(Date.parse(row.at) + VIETNAM_MS);
  const day = local.toISOString().slice(0, 10);
  const rules = parts.rules(day);
  const who = await parts.people.looker(row.who, row.whoDisplay);
  if (!who.staff && !who.closed) return null;
  const look: Look = {
    account: row.who,
    patient: row.patient,
    action: row.action,
    outcome: row.outcome,
    minute: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
  const habits = await habitsOf(client, rules, row, look, day);
  const person = row.patient === null ? null : await parts.people.person(row.patient);
  const met = judge(rules, look, who, person, habits);
  if (met.length === 0) return null;
  const raised: string[] = [];
  for (const rule of met) {
    const id = await raise(client, rules, rule, row, day);
    if (id) raised.push(id);
  }
  return raised;
}

/** Writes down what the account does, and says what it did before. */
async function habitsOf(
  client: PoolClient,
  rules: Rules,
  row: AuditRow,
  look: Look,
  day: string,
): Promise<Habits> {
  const night = rules.get('out-of-hours');
  const atNight = night !== undefined && isWithin(night, look.minute);
  const counts = look.patient !== null && look.outcome === 'ok';
  const today = await client.query<{ persons: number; night: number }>(
    `with fresh as (
       insert into privacy.seen (day, account, pt) select $1, $2, $3::int8 where $4 on conflict do nothing returning 1)
     insert into privacy.activity (day, account, unit, persons, night)
       select $1, $2, $5, count(*), count(*) filter (where $6) from fresh
     on conflict (day, account) do update set persons = activity.persons + excluded.persons,
       night = activity.night + excluded.night, unit = excluded.unit
     returning persons, night`,
    [day, row.who, shardKey(row.patient).toString(), counts, row.unit ?? '', atNight],
  );
  const { persons, night: personsAtNight } = today.rows[0]!;
  const before = await client.query<{ mean: number; nights: number; days: number }>(
    `select coalesce(avg(persons) filter (where day >= $1::date - $3::int), 0)::float8 as mean,
       count(*) filter (where night > 0 and day >= $1::date - $4::int)::int as nights,
       count(*) filter (where day >= $1::date - $5::int)::int as days
     from privacy.activity where account = $2 and day < $1::date and day >= $1::date - 400`,
    [day, row.who, rules.get('mass-reading')?.days ?? 0, night?.days ?? 0, rules.get('new-place')?.days ?? 0],
  );
  const { mean, nights, days } = before.rows[0]!;
  const mass = rules.get('mass-reading');
  return {
    persons,
    personsAtNight,
    ownMean: mean,
    unitMedian: mass && persons >= mass.count ? await unitMedian(client, row, day, mass.days) : 0,
    nightsBefore: nights,
    daysBefore: days,
    newPlace:
      look.outcome === 'ok' && (await isNewPlace(client, row, day, rules.get('new-place')?.days ?? 0)),
    refusedBefore: look.action === 'break-glass' ? await refusedBefore(client, row) : null,
  };
}

async function unitMedian(client: PoolClient, row: AuditRow, day: string, days: number): Promise<number> {
  const { rows } = await client.query<{ median: number | null }>(
    `select percentile_cont(0.5) within group (order by persons)::float8 as median from privacy.activity
     where unit = $1 and account <> $2 and day >= $3::date - $4::int and day <= $3::date and persons > 0`,
    [row.unit ?? '', row.who, day, days],
  );
  return rows[0]!.median ?? 0;
}

async function isNewPlace(client: PoolClient, row: AuditRow, day: string, days: number): Promise<boolean> {
  const network = networkOf(row.ip);
  if (network === null) return false;
  const known = await client.query<{ seen: string }>(
    'select seen::text from privacy.place where account = $1 and network = $2',
    [row.who, network],
  );
  await client.query(
    `insert into privacy.place (account, network, seen) values ($1, $2, $3)
     on conflict (account, network) do update set seen = greatest(place.seen, excluded.seen)`,
    [row.who, network, day],
  );
  const seen = known.rows[0]?.seen;
  return seen === undefined || (Date.parse(day) - Date.parse(seen)) / DAY_MS > days;
}

/** Minutes since the last refusal of the person's record to the account, within a day. */
async function refusedBefore(client: PoolClient, row: AuditRow): Promise<number | null> {
  const { rows } = await client.query<{ minutes: number | null }>(
    `select extract(epoch from $3::timestamptz - max(ts))::float8 / 60 as minutes from audit
     where pt = $1 and ts < $3::timestamptz and ts > $3::timestamptz - interval '1 day' and who = $2 and outcome = 'refused'
       and patient = $4`,
    [shardKey(row.patient).toString(), row.who, row.at, row.patient],
  );
  return rows[0]!.minutes;
}

/** One alert for a rule, day, account and person; what is about the account itself has none. @returns its id when it is new */
async function raise(
  client: PoolClient,
  rules: Rules,
  rule: RuleName,
  row: AuditRow,
  day: string,
): Promise<string | null> {
  const aboutAccount = ['mass-reading', 'out-of-hours', 'after-leave', 'new-place'].includes(rule);
  const { rows } = await client.query<{ id: string; fresh: boolean }>(
    `insert into privacy.alert (rule, severity, day, account, patient, unit, first_at, last_at, times, lines)
     values ($1, $2, $3, $4, $5, $6, $7, $7, 1, array[$8])
     on conflict (rule, day, account, patient) do update set times = alert.times + 1,
       first_at = least(alert.first_at, excluded.first_at), last_at = greatest(alert.last_at, excluded.last_at),
       lines = case when cardinality(alert.lines) < ${MOST_LINES} then alert.lines || excluded.lines else alert.lines end
     returning id, times = 1 as fresh`,
    [
      rule,
      rules.get(rule)!.severity,
      day,
      row.who,
      aboutAccount ? '' : (row.patient ?? ''),
      row.unit,
      row.at,
      row.id,
    ],
  );
  return rows[0]!.fresh ? rows[0]!.id : null;
}

/** What is too old to be compared with is forgotten. */
export async function forgetHabits(pool: Pool, day: string): Promise<void> {
  await pool.query('delete from privacy.seen where day < $1::date - 2', [day]);
  await pool.query('delete from privacy.activity where day < $1::date - 400', [day]);
  await pool.query('delete from privacy.place where seen < $1::date - 400', [day]);
}
