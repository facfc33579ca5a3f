/**
 * What accounts have done and do, for the lines of one batch: read in a few statements before the first line is judged, kept
 * while the lines are judged in their order, and written down at the end. Whoever judges holds the lock of the analytics, so
 * nobody else changes these tables in between.
 */
import type { PoolClient } from 'pg';
import type { AuditRow } from '../../../kernel/access/audit-reading.ts';
import { shardKey } from '../../../kernel/store/compartment.ts';
import { type Habits, type Look, networkOf } from './judge.ts';
import { isWithin, type Rules } from './rules.ts';

const DAY_MS = 86_400_000;

/** A line that is judged. */
export interface Line {
  row: AuditRow;
  /** `2026-11-22` in Viet Nam. */
  day: string;
  look: Look;
  /** In force on that day. */
  rules: Rules;
}

interface Today {
  day: string;
  account: string;
  unit: string;
  persons: number;
  night: number;
}

interface Before {
  mean: number;
  nights: number;
  days: number;
}

export class HabitsOfBatch {
  readonly #client: PoolClient;
  /** Persons whom an account had not looked at on that day before this batch; each counts once. */
  readonly #fresh: Set<string>;
  readonly #today: Map<string, Today>;
  readonly #before: Map<string, Before>;
  /** The others of a unit, as they were before this batch. */
  readonly #medians = new Map<string, Promise<number>>();
  /** Networks that were asked for in this batch. */
  readonly #places = new Set<string>();

  private constructor(
    client: PoolClient,
    fresh: Set<string>,
    today: Map<string, Today>,
    before: Map<string, Before>,
  ) {
    this.#client = client;
    this.#fresh = fresh;
    this.#today = today;
    this.#before = before;
  }

  /** Reads what the lines need, and notes the persons whom they are about. */
  static async open(client: PoolClient, lines: readonly Line[]): Promise<HabitsOfBatch> {
    const accounts = new Map(lines.map((line) => [accountKey(line), line]));
    return new HabitsOfBatch(
      client,
      await noteSeen(client, lines.filter(counts)),
      await readToday(client, accounts),
      await readBefore(client, accounts),
    );
  }

  /** What the account did, with this line. Lines are given in their order. */
  async of(line: Line): Promise<Habits> {
    const { row, look, rules, day } = line;
    const night = rules.get('out-of-hours');
    const mass = rules.get('mass-reading');
    const today = this.#todayOf(line);
    if (counts(line) && this.#fresh.delete(seenKey(line))) {
      today.persons += 1;
      if (night !== undefined && isWithin(night, look.minute)) today.night += 1;
    }
    const { mean, nights, days } = this.#before.get(accountKey(line))!;
    return {
      persons: today.persons,
      personsAtNight: today.night,
      ownMean: mean,
      unitMedian: mass && today.persons >= mass.count ? await this.#unitMedian(row, day, mass.days) : 0,
      nightsBefore: nights,
      daysBefore: days,
      newPlace: look.outcome === 'ok' && (await this.#isNewPlace(line)),
      refusedBefore: look.action === 'break-glass' ? await refusedBefore(this.#client, row) : null,
    };
  }

  /** Writes the days of the accounts down. */
  async close(): Promise<void> {
    const days = [...this.#today.values()];
    if (days.length === 0) return;
    await this.#client.query(
      `insert into privacy.activity (day, account, unit, persons, night)
         select * from unnest($1::date[], $2::text[], $3::text[], $4::int4[], $5::int4[])
       on conflict (day, account) do update set persons = excluded.persons, night = excluded.night, unit = excluded.unit`,
      [
        days.map(({ day }) => day),
        days.map(({ account }) => account),
        days.map(({ unit }) => unit),
        days.map(({ persons }) => persons),
        days.map(({ night }) => night),
      ],
    );
  }

  #todayOf(line: Line): Today {
    const key = accountKey(line);
    const { day, row } = line;
    const today = this.#today.get(key) ?? { day, account: row.who, unit: '', persons: 0, night: 0 };
    today.unit = row.unit ?? '';
    this.#today.set(key, today);
    return today;
  }

  #unitMedian({ unit, who }: AuditRow, day: string, days: number): Promise<number> {
    const key = `${day} ${who} ${unit ?? ''}`;
    const median = this.#medians.get(key) ?? unitMedian(this.#client, unit ?? '', who, day, days);
    this.#medians.set(key, median);
    return median;
  }

  async #isNewPlace({ row, day, rules }: Line): Promise<boolean> {
    const network = networkOf(row.ip);
    if (network === null) return false;
    const key = `${day} ${row.who} ${network}`;
    if (this.#places.has(key)) return false;
    this.#places.add(key);
    const known = await this.#client.query<{ seen: string }>(
      'select seen::text from privacy.place where account = $1 and network = $2',
      [row.who, network],
    );
    await this.#client.query(
      `insert into privacy.place (account, network, seen) values ($1, $2, $3)
       on conflict (account, network) do update set seen = greatest(place.seen, excluded.seen)`,
      [row.who, network, day],
    );
    const seen = known.rows[0]?.seen;
    const days = rules.get('new-place')?.days ?? 0;
    return seen === undefined || (Date.parse(day) - Date.parse(seen)) / DAY_MS > days;
  }
}

const accountKey = ({ day, row }: Line) => `${day} ${row.who}`;
const seenKey = (line: Line) => `${accountKey(line)} ${shardKey(line.row.patient)}`;
const counts = ({ look }: Line) => look.patient !== null && look.outcome === 'ok';

/** @returns keys of those who had not been seen by the account on that day */
async function noteSeen(client: PoolClient, lines: readonly Line[]): Promise<Set<string>> {
  if (lines.length === 0) return new Set();
  const once = [...new Map(lines.map((line) => [seenKey(line), line])).values()];
  const { rows } = await client.query<{ key: string }>(
    `insert into privacy.seen (day, account, pt)
       select * from unnest($1::date[], $2::text[], $3::int8[])
     on conflict do nothing returning day || ' ' || account || ' ' || pt as key`,
    [
      once.map(({ day }) => day),
      once.map(({ row }) => row.who),
      once.map(({ row }) => shardKey(row.patient).toString()),
    ],
  );
  return new Set(rows.map(({ key }) => key));
}

async function readToday(
  client: PoolClient,
  accounts: ReadonlyMap<string, Line>,
): Promise<Map<string, Today>> {
  const lines = [...accounts.values()];
  const { rows } = await client.query<Today>(
    `select a.day::text as day, a.account, a.unit, a.persons, a.night
     from unnest($1::date[], $2::text[]) as u(day, account) join privacy.activity a using (day, account)`,
    [lines.map(({ day }) => day), lines.map(({ row }) => row.who)],
  );
  return new Map(rows.map((row) => [`${row.day} ${row.account}`, row]));
}

async function readBefore(
  client: PoolClient,
  accounts: ReadonlyMap<string, Line>,
): Promise<Map<string, Before>> {
  const lines = [...accounts.values()];
  const daysOf = (rule: 'mass-reading' | 'out-of-hours' | 'new-place') =>
    lines.map(({ rules }) => rules.get(rule)?.days ?? 0);
  const { rows } = await client.query<Before & { key: string }>(
    `select u.key, b.* from unnest($1::text[], $2::date[], $3::text[], $4::int4[], $5::int4[], $6::int4[])
         as u(key, day, account, mass, night, place),
       lateral (select coalesce(avg(persons) filter (where a.day >= u.day - u.mass), 0)::float8 as mean,
           count(*) filter (where a.night > 0 and a.day >= u.day - u.night)::int as nights,
           count(*) filter (where a.day >= u.day - u.place)::int as days
         from privacy.activity a where a.account = u.account and a.day < u.day and a.day >= u.day - 400) as b`,
    [
      [...accounts.keys()],
      lines.map(({ day }) => day),
      lines.map(({ row }) => row.who),
      daysOf('mass-reading'),
      daysOf('out-of-hours'),
      daysOf('new-place'),
    ],
  );
  return new Map(rows.map((row) => [row.key, row]));
}

async function unitMedian(
  client: PoolClient,
  unit: string,
  account: string,
  day: string,
  days: number,
): Promise<number> {
  const { rows } = await client.query<{ median: number | null }>(
    `select percentile_cont(0.5) within group (order by persons)::float8 as median from privacy.activity
     where unit = $1 and account <> $2 and day >= $3::date - $4::int and day <= $3::date and persons > 0`,
    [unit, account, day, days],
  );
  return rows[0]!.median ?? 0;
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
