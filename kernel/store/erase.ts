/** Erasure as the law asks it: bodies, superseded versions and index rows are removed, and the feed tells it. */
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../failure.ts';
import { appendLines, placeLines } from './audit-lines.ts';
import { tryAgain } from './commit.ts';
import { shardKey } from './compartment.ts';
import type { AuditLine, ErasureJudge, ResourceName, StoredVersion } from './contract.ts';
import { hash64 } from './hash.ts';
import { type ReadTools, readMany } from './read.ts';
import { type StoredType, typeNumber } from './resource-types.ts';
import { type Queryable, toVersions, type VersionRow, versionColumns } from './rows.ts';
import { inTransaction } from './transaction.ts';
import { int8s } from './wire.ts';

export interface EraseTools extends ReadTools {
  pool: Pool;
  era: number;
}

/** Every version of a person's that has a body. `$2`: only these resources; null = all. */
const CONTENT = `select ${versionColumns('r')} from res r left join person using (pt)
    where r.pt = $1 and ($2::int8[] is null or r.idh = any ($2))
  union all
  select ${versionColumns('h')} from hist h left join person using (pt)
    where h.pt = $1 and ($2::int8[] is null or h.idh = any ($2)) and h.body is not null`;

/**
 * See `Store.erase`.
 * @returns what was erased; empty when nothing of the person was left
 */
export function erase(
  tools: EraseTools,
  patient: string,
  judge: ErasureJudge,
  audit: AuditLine[],
): Promise<ResourceName[]> {
  const pt = shardKey(patient);
  return tryAgain(() => inTransaction(tools.pool, run));

  async function run(client: PoolClient): Promise<ResourceName[]> {
    const opened = await client.query<{ keys: string[] }>('select erase_open($1)::text[] as keys', [
      pt.toString(),
    ]);
    // What is created meanwhile is not locked and comes after the erasure.
    const locked = opened.rows[0]!.keys.map(BigInt);
    if (locked.length === 0) {
      throw new Failure('not-found', `Không tìm thấy Patient/${patient}.`, {
        textEn: `Patient/${patient} does not exist.`,
      });
    }
    const versions = await versionsOf(tools, client, pt, int8s(locked));
    const others = await judge(versions, (refs) => readMany(tools, client, refs));
    const own = namesOf(versions);
    await removeAll(client, 'fhir_erase', tools.era, pt, 0, own);
    await client.query('delete from consent_rule where pt = $1', [pt.toString()]);
    await client.query('delete from consent_note where pt = $1', [pt.toString()]);
    // Writers of these wait; what they write comes after.
    await client.query('select pg_advisory_xact_lock(k) from unnest($1::int8[]) as k', [
      int8s(keysOf(others)),
    ]);
    await removeAll(client, 'shared_erase', tools.era, 0n, own.length, others);
    await client.query('select jobs_forget()');
    // What still runs may have read the person before: its answer is not kept either. What was asked may be a name.
    await client.query(`update job set request = split_part(request, '?', 1)`);
    await client.query(`update job set state = 'failed', status = 410 where state = 'running'`);
    await appendLines(client, tools.era, placeLines(audit));
    return [...own, ...others];
  }
}

/**
 * See `Store.eraseHistory`.
 * @returns how many versions were erased
 */
export function eraseHistory(
  tools: EraseTools,
  current: StoredVersion,
  judge: ErasureJudge,
  audit: AuditLine[],
): Promise<number> {
  const type = current.type as StoredType;
  return inTransaction(tools.pool, async (client) => {
    const place = (await tools.places.find([{ type, id: current.id }], client))[0]!;
    const own = current.deleted ? [] : [current];
    const versions = place.pt === 0n ? own : await versionsOf(tools, client, place.pt, null);
    await judge(versions, (refs) => readMany(tools, client, refs));
    const answer = await client.query<{ erased: number }>('select history_erase($1, $2, $3) as erased', [
      place.pt.toString(),
      typeNumber(type)!,
      place.idh.toString(),
    ]);
    await appendLines(client, tools.era, placeLines(audit));
    return answer.rows[0]!.erased;
  });
}

async function versionsOf(
  { codecs }: EraseTools,
  client: Queryable,
  pt: bigint,
  only: Buffer | null,
): Promise<StoredVersion[]> {
  const { rows } = await client.query<VersionRow>(CONTENT, [pt.toString(), only]);
  return toVersions(rows, codecs);
}

function namesOf(versions: readonly StoredVersion[]): ResourceName[] {
  const names = new Map(versions.map(({ type, id }) => [`${type}/${id}`, { type, id }]));
  return [...names.values()];
}

async function removeAll(
  client: PoolClient,
  call: 'fhir_erase' | 'shared_erase',
  era: number,
  pt: bigint,
  from: number,
  names: readonly ResourceName[],
): Promise<void> {
  if (names.length === 0) return;
  await client.query(`select ${call}($1, $2, $3, $4)`, [pt.toString(), era, from, int8s(keysOf(names))]);
}

function keysOf(names: readonly ResourceName[]): bigint[] {
  return names.map(({ type, id }) => hash64(`${type}/${id}`)).sort((a, b) => (a < b ? -1 : 1));
}
