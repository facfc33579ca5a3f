/**
 * Writes parts of pieces, one transaction each: new resources by COPY, what is there already through the commit's own
 * functions (a new version, or nothing when it is the same). The part is written down in the same transaction.
 */
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import { type Call, type Done, runCall, runGroup } from '../call.ts';
import type { Codecs } from '../codecs.ts';
import { keyInside } from '../ids.ts';
import type { Memory } from '../memory.ts';
import { int2s, int8s, texts } from '../wire.ts';
import { CREATE, isPlacedBy, type PreparedWrite } from '../writes.ts';
import type { Counts, Refusal, ThreadSettings } from './contract.ts';
import { NONE, type NotedPart, notePart, type Part } from './ledger.ts';
import { type Moment, newRows } from './rows.ts';

export interface LaneTools {
  settings: ThreadSettings;
  codecs: Codecs;
  memory: Memory;
}

/** Persons who have their line of this load already, as far as this thread knows. */
const LINED_LIMIT = 500_000;

export class Lane {
  readonly #tools: LaneTools;
  #lined = new Set<bigint>();

  constructor(tools: LaneTools) {
    this.#tools = tools;
  }

  /** Writes one part; undone as a whole when it fails. */
  async write(
    client: PoolClient,
    part: Part,
    writes: PreparedWrite[],
    refused: Refusal[],
  ): Promise<NotedPart> {
    await this.#tools.memory.writeWords(writes, client);
    await client.query('begin; set local synchronous_commit = off');
    try {
      const counts = { ...(await this.#apply(client, writes)), refused: refused.length };
      const lined = await this.lines(client, writes);
      await notePart(client, part, counts, refused);
      await client.query('commit');
      for (const write of writes)
        if (write.patient !== null) this.#tools.memory.rememberPerson(write.pt, write.patient);
      this.#remember(lined);
      return { counts, refused };
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  async #apply(client: PoolClient, writes: PreparedWrite[]): Promise<Counts> {
    const { moment, places } = await this.#open(client, writes);
    await this.#notePersons(client, writes);
    const { fresh, rounds } = sortOut(writes, places);
    await placeNew(client, fresh);
    writes.forEach((write, n) => {
      write.n = n;
    });
    for (const { text, rows } of newRows(fresh, moment)) await copy(client, text, rows.end());
    const counts = { ...NONE, created: fresh.length };
    let place = writes.length;
    for (const { idh, pt } of fresh) places.set(idh, pt);
    for (const round of rounds) {
      await move(client, round, places);
      const changed = await this.#changed(client, round);
      counts.unchanged += round.length - changed.length;
      for (const { act } of await this.#replace(client, changed, place)) count(counts, act);
      place += changed.length;
    }
    return counts;
  }

  /** Locks what has a given id and says where it lies now; undefined = nowhere. */
  async #open(client: PoolClient, writes: PreparedWrite[]) {
    const given = writes.filter((write) => write.op !== CREATE).sort((a, b) => (a.idh < b.idh ? -1 : 1));
    const inside = given.map((write) =>
      isPlacedBy(write.type, write.id, write.pt) ? write.pt : (keyInside(write.id) ?? 0n),
    );
    const { rows } = await client.query<{ places: (string | null)[]; xid: string; ts: number }>({
      name: 'load_open',
      text: 'select places::text[], xid, ts from load_open($1, $2, $3)',
      values: [int2s(given.map(({ t }) => t)), int8s(given.map(({ idh }) => idh)), int8s(inside)],
    });
    const { places, xid, ts } = rows[0]!;
    const at = new Map<bigint, bigint>();
    for (const [i, { idh }] of given.entries()) if (places[i] != null) at.set(idh, BigInt(places[i]));
    const moment: Moment = { era: this.#tools.settings.era, xid: BigInt(xid), at: ts };
    return { moment, places: at };
  }

  async #notePersons(client: PoolClient, writes: PreparedWrite[]): Promise<void> {
    const unknown = new Map<bigint, string>();
    for (const { pt, patient } of writes)
      if (patient !== null && !this.#tools.memory.knowsPerson(pt, patient)) unknown.set(pt, patient);
    if (unknown.size === 0) return;
    const ordered = [...unknown].sort(([a], [b]) => (a < b ? -1 : 1));
    const columns = [int8s(ordered.map(([pt]) => pt)), texts(ordered.map(([, id]) => id))];
    const made = await client.query({
      name: 'load_person',
      text: 'insert into person select * from unnest($1::int8[], $2::text[]) on conflict (pt) do nothing',
      values: columns,
    });
    if (made.rowCount === ordered.length) return;
    const others = await client.query({
      name: 'load_person_check',
      text: 'select from unnest($1::int8[], $2::text[]) as u(pt, id) join person p using (pt) where p.id <> u.id',
      values: columns,
    });
    if (others.rowCount !== 0) throw Object.assign(new Error('two persons with one key'), { code: 'YB409' });
  }

  /** What differs from the version that is there, compared by content: the same text may be packed in two ways. */
  async #changed(client: PoolClient, writes: PreparedWrite[]): Promise<PreparedWrite[]> {
    const there = await client.query<{ i: string; codec: number; body: Buffer }>({
      name: 'load_there',
      text: `select u.i, r.codec, r.body from unnest($1::int8[], $2::int2[], $3::int8[]) with ordinality as u(pt, t, idh, i)
          join res r on r.pt = u.pt and r.t = u.t and r.idh = u.idh
        union all
        select u.i, r.codec, r.body from unnest($1::int8[], $2::int2[], $3::int8[]) with ordinality as u(pt, t, idh, i)
          join shared r on u.pt = 0 and r.pt = u.pt and r.t = u.t and r.idh = u.idh`,
      values: [
        int8s(writes.map(({ pt }) => pt)),
        int2s(writes.map(({ t }) => t)),
        int8s(writes.map(({ idh }) => idh)),
      ],
    });
    const same = new Set<PreparedWrite>();
    for (const { i, codec, body } of there.rows) {
      const write = writes[Number(i) - 1]!;
      const tail = await this.#tools.codecs.unpack(codec, body);
      if (write.packed!.plain.equals(tail)) same.add(write);
    }
    return writes.filter((write) => !same.has(write));
  }

  /** @param place in the feed, behind everything of this transaction before it */
  async #replace(client: PoolClient, writes: PreparedWrite[], place: number): Promise<Done[]> {
    const { era, distributed } = this.#tools.settings;
    const calls: Call[] = [...Map.groupBy(writes, (write) => write.pt).values()].map((those) => ({
      pt: those[0]!.pt,
      patient: null,
      writes: those,
      lines: [],
      locks: [],
      sure: true,
    }));
    const [alone, together] = [
      calls.filter(({ pt }) => distributed || pt === 0n),
      calls.filter(({ pt }) => !distributed && pt !== 0n),
    ];
    const done: Done[] = [];
    let next = place;
    for (const call of alone) {
      for (const write of call.writes) write.n = next++;
      done.push(...(await runCall(client, era, call)));
    }
    if (together.length === 0) return done;
    // A group counts on from the last number of the call before.
    together.forEach((call, i) => {
      for (const [n, write] of call.writes.entries()) write.n = i === 0 ? next + n : n;
    });
    return [...done, ...(await runGroup(client, era, together)).flat()];
  }

  /**
   * One line of the audit for each person and load, at the first of the person's resources: who brought the data in, and
   * why. Which resources they were is in the feed under the transaction.
   * @returns the persons that have their line when this transaction is committed
   */
  async lines(
    client: PoolClient,
    writes: readonly { pt: bigint; patient: string | null }[],
  ): Promise<bigint[]> {
    const persons = new Map<bigint, string>();
    for (const { pt, patient } of writes)
      if (patient !== null && !this.#lined.has(pt)) persons.set(pt, patient);
    if (persons.size === 0) return [];
    const { settings } = this.#tools;
    await client.query({
      name: 'load_lines',
      text: `insert into audit (ts, pt, xid, n, era, who, who_display, patient, action, what, why, outcome, ip, unit)
        select clock_timestamp(), u.pt, pg_current_xact_id()::text::int8, u.i, $3, $4, $5, u.patient, 'load', $6, $7, 'ok', '', null
        from unnest($1::int8[], $2::text[]) with ordinality as u(pt, patient, i)
        where not exists (select from audit a where a.pt = u.pt and a.ts >= $8 and a.action = 'load' and a.what = $6)`,
      values: [
        int8s([...persons.keys()]),
        texts([...persons.values()]),
        settings.era,
        settings.who,
        settings.whoDisplay,
        `load/${settings.load}`,
        settings.why,
        new Date(settings.began),
      ],
    });
    return [...persons.keys()];
  }

  #remember(persons: readonly bigint[]): void {
    if (this.#lined.size >= LINED_LIMIT) this.#lined.clear();
    for (const pt of persons) this.#lined.add(pt);
  }
}

/** New ones, and the others in rounds: a resource that is named twice has its second line in the second round. */
function sortOut(writes: PreparedWrite[], places: ReadonlyMap<bigint, bigint>) {
  const fresh: PreparedWrite[] = [];
  const rounds: PreparedWrite[][] = [];
  const seen = new Map<bigint, number>();
  for (const write of writes) {
    const round = seen.get(write.idh) ?? (write.op === CREATE || !places.has(write.idh) ? 0 : 1);
    seen.set(write.idh, round + 1);
    if (round === 0) fresh.push(write);
    else {
      rounds[round - 1] ??= [];
      rounds[round - 1]!.push(write);
    }
  }
  return { fresh, rounds: rounds.filter(Boolean) };
}

/** Writes down where new resources lie whose ids do not say it. */
async function placeNew(client: PoolClient, writes: PreparedWrite[]): Promise<void> {
  const named = writes.filter((write) => !isPlacedBy(write.type, write.id, write.pt));
  if (named.length === 0) return;
  await client.query('select alias_put($1, $2)', [
    int8s(named.map(({ idh }) => idh)),
    int8s(named.map(({ pt }) => pt)),
  ]);
}

/** Resources whose person was corrected go to the other one with their history. */
async function move(client: PoolClient, writes: PreparedWrite[], places: Map<bigint, bigint>): Promise<void> {
  for (const { t, idh, pt } of writes) {
    const at = places.get(idh);
    if (at !== undefined && at !== pt)
      await client.query('select resource_move($1, $2, $3, $4)', [t, idh, at, pt]);
    places.set(idh, pt);
  }
}

async function copy(client: PoolClient, text: string, rows: Buffer): Promise<void> {
  const stream = client.query(from(text));
  // A connection that breaks may say so twice; the first time fails the copy.
  stream.on('error', () => undefined);
  stream.end(rows);
  await finished(stream);
}

function count(counts: Counts, act: number): void {
  if (act === 1) counts.created += 1;
  else if (act === 2) counts.updated += 1;
  else if (act === 3) counts.deleted += 1;
  else counts.unchanged += 1;
}
