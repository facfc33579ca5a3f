/**
 * Standings of persons written into `programmes.member` and the tables under it, where they differ from what stands there. A few
 * statements for all persons: one by one they cost a round trip each, and the follower falls behind those who write.
 */
import type { PoolClient } from 'pg';
import { hash64 } from '../../kernel/store/hash.ts';
import type { StandingRows } from './projection.ts';

/** How a person stands in the programmes that were asked. */
export interface Standing {
  patient: string;
  rows: readonly StandingRows[];
  /** Programmes that were not asked: what stands of them stays. */
  unasked: readonly string[];
}

interface Known {
  pt: string;
  programme: string;
  unit: string;
  content: string;
  look_again: string | null;
}

const KNOWN = `select pt::text, programme, unit, content, look_again::text from programmes.member
  where pt = any($1::int8[]) order by pt, programme for update`;
const LOOK_AGAIN = `update programmes.member m set look_again = u.day
  from unnest($1::int8[], $2::text[], $3::date[]) as u(pt, programme, day)
  where m.pt = u.pt and m.programme = u.programme`;
/** Tables under `member`, by the same key. */
const UNDER = ['task', 'dose', 'not_given'] as const;

/**
 * What a person was in and is not any more is taken away.
 * @returns units for whom something changed
 */
export async function writeStandings(
  client: PoolClient,
  standings: readonly Standing[],
): Promise<Set<string>> {
  const units = new Set<string>();
  if (standings.length === 0) return units;
  const pts = standings.map(({ patient }) => ptOf(patient));
  const { rows: known } = await client.query<Known>(KNOWN, [pts]);
  const before = new Map(known.map((row) => [keyOf(row), row]));
  const stays = new Set<string>();
  const written: (StandingRows & { pt: string })[] = [];
  const looks: Known[] = [];
  for (const [at, { rows, unasked }] of standings.entries()) {
    const pt = pts[at]!;
    for (const programme of unasked) stays.add(keyOf({ pt, programme }));
    for (const row of rows) {
      const stands = before.get(keyOf({ pt, ...row.member }));
      stays.add(keyOf({ pt, ...row.member }));
      if (stands?.content !== row.member.content) written.push({ pt, ...row });
      else if (stands.look_again !== row.member.look_again)
        looks.push({ ...stands, look_again: row.member.look_again });
    }
  }
  const gone = known.filter((row) => !stays.has(keyOf(row)));
  if (looks.length > 0)
    await client.query(LOOK_AGAIN, [...keysOf(looks), looks.map(({ look_again }) => look_again)]);
  await remove(client, 'member', gone);
  for (const table of UNDER)
    await remove(client, table, [...gone, ...written.map(({ pt, member }) => ({ pt, ...member }))]);
  await insert(client, written);
  const left = written.flatMap(({ pt, member }) => before.get(keyOf({ pt, ...member })) ?? []);
  for (const { unit } of [...gone, ...left, ...written.map(({ member }) => member)]) units.add(unit);
  return units;
}

const ptOf = (patient: string) => hash64(`Patient/${patient}`).toString();
const keyOf = ({ pt, programme }: { pt: string; programme: string }) => `${pt}|${programme}`;
const keysOf = (rows: readonly { pt: string; programme: string }[]) => [
  rows.map(({ pt }) => pt),
  rows.map(({ programme }) => programme),
];

async function remove(
  client: PoolClient,
  table: 'member' | (typeof UNDER)[number],
  rows: readonly { pt: string; programme: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `delete from programmes.${table} d using unnest($1::int8[], $2::text[]) as u(pt, programme)
      where d.pt = u.pt and d.programme = u.programme`,
    keysOf(rows),
  );
}

async function insert(client: PoolClient, rows: readonly (StandingRows & { pt: string })[]): Promise<void> {
  const members = rows.map(({ pt, member }) => ({
    ...{ pt, ...member },
    targets: JSON.parse(member.targets) as unknown,
    advice: JSON.parse(member.advice) as unknown,
  }));
  await insertAll(client, 'member', members, 'on conflict (pt, programme) do update set');
  const under = rows.map(({ pt, member: { programme, patient }, ...others }) => ({
    key: { pt, programme, patient },
    ...others,
  }));
  const tasks = rows.flatMap(({ pt, member: { programme, patient, unit, village }, tasks }) =>
    tasks.map((task) => ({ pt, programme, patient, unit, village, ...task })),
  );
  await insertAll(client, 'task', tasks);
  await insertAll(
    client,
    'dose',
    under.flatMap(({ key, doses }) => doses.map((dose) => ({ ...key, ...dose }))),
  );
  await insertAll(
    client,
    'not_given',
    under.flatMap(({ key, notGiven }) => notGiven.map((one) => ({ ...key, ...one }))),
  );
}

/** One statement; members have the names of columns, all rows the same. */
async function insertAll(
  client: PoolClient,
  table: string,
  rows: readonly object[],
  replacing?: string,
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(rows[0]!);
  const columns = names.join(', ');
  const replaced = names.map((name) => `${name} = excluded.${name}`).join(', ');
  await client.query(
    `insert into programmes.${table} (${columns})
      select ${columns} from jsonb_populate_recordset(null::programmes.${table}, $1::jsonb)
      ${replacing === undefined ? '' : `${replacing} ${replaced}`}`,
    [JSON.stringify(rows)],
  );
}
