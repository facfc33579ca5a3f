/** Tables `closure` and `closure_concept`: the codes that clients have named. Their SQL is here. */
import type { Pool, PoolClient } from 'pg';
import type { ClosureConcept } from './closure.ts';

export interface ClosureState {
  version: number;
  concepts: readonly ClosureConcept[];
}

/** A table that nobody asked for so long is gone. */
const KEPT = '90 days';

export class ClosureTable {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Begins a table, or begins it anew. @returns false when the owner has `most` others */
  async begin(owner: string, name: string, most: number): Promise<boolean> {
    return this.#together(async (client) => {
      await client.query(
        `with old as (delete from closure where used < clock_timestamp() - interval '${KEPT}' returning owner, name)
         delete from closure_concept c using old where c.owner = old.owner and c.name = old.name`,
      );
      const { rows } = await client.query<{ others: number }>(
        'select count(*)::int as others from closure where owner = $1 and name <> $2',
        [owner, name],
      );
      if (rows[0]!.others >= most) return false;
      await client.query(
        `insert into closure (owner, name, version) values ($1, $2, 0)
         on conflict (owner, name) do update set version = 0, used = clock_timestamp()`,
        [owner, name],
      );
      await client.query('delete from closure_concept where owner = $1 and name = $2', [owner, name]);
      return true;
    });
  }

  /** Undefined when there is no such table. */
  async state(owner: string, name: string): Promise<ClosureState | undefined> {
    return this.#together((client) => stateOf(client, owner, name));
  }

  /**
   * Adds codes that are not there yet; requests for one table wait for each other.
   * @returns the table after it, and its version before; `full` when it would have more than `most` codes; undefined without such a table
   */
  async add(
    owner: string,
    name: string,
    codes: readonly { system: string; code: string }[],
    most: number,
  ): Promise<{ state: ClosureState; before: number } | 'full' | undefined> {
    return this.#together(async (client) => {
      const known = await stateOf(client, owner, name);
      if (known === undefined) return undefined;
      const keys = new Set(known.concepts.map(({ system, code }) => `${system}|${code}`));
      const added = codes.filter(({ system, code }) => !keys.has(`${system}|${code}`));
      if (added.length === 0) return { state: known, before: known.version };
      if (known.concepts.length + added.length > most) return 'full';
      const version = known.version + 1;
      await client.query('update closure set version = $3 where owner = $1 and name = $2', [
        owner,
        name,
        version,
      ]);
      await client.query(
        `insert into closure_concept (owner, name, system, code, version)
         select $1, $2, system, code, $3 from unnest($4::text[], $5::text[]) as t (system, code)`,
        [owner, name, version, added.map(({ system }) => system), added.map(({ code }) => code)],
      );
      const concepts = [...known.concepts, ...added.map((one) => ({ ...one, version }))];
      return { state: { version, concepts }, before: known.version };
    });
  }

  async #together<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      const answer = await work(client);
      await client.query('commit');
      return answer;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }
}

/** Locks the table until the transaction ends. */
async function stateOf(client: PoolClient, owner: string, name: string): Promise<ClosureState | undefined> {
  const { rows } = await client.query<{ version: string }>(
    'update closure set used = clock_timestamp() where owner = $1 and name = $2 returning version',
    [owner, name],
  );
  if (rows[0] === undefined) return undefined;
  const found = await client.query<{ system: string; code: string; version: string }>(
    'select system, code, version from closure_concept where owner = $1 and name = $2 order by version, system, code',
    [owner, name],
  );
  const concepts = found.rows.map((row) => ({ ...row, version: Number(row.version) }));
  return { version: Number(rows[0].version), concepts };
}
