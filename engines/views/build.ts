/** A view's table made anew from the record as it is, beside the one in use: one pass over the record, one COPY. */
import { once } from 'node:events';
import type { Pool, PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import type { Resource } from '../../kernel/fhir/types.ts';
import type { Store } from '../../kernel/store/contract.ts';
import { sensitivityOf } from '../../kernel/store/search/index.ts';
import { type Cell, evaluateView } from './evaluate.ts';
import {
  createTableSql,
  dropTableSql,
  KEY_COLUMNS,
  putTableSql,
  tableColumns,
  type ViewDefinition,
} from './view-table.ts';

export interface BuildProgress {
  /** Resources of the type seen so far, and those there were when it began. */
  seen: number;
  total: number;
}

/** Name of the table while it is made. No definition may be called so. */
const NEW = (view: ViewDefinition) => `${view.name}~new`;
/** Characters sent at once. */
const ROOM = 256 * 1024;

/**
 * Fills the new table. @returns what puts it in the place of the one in use, inside a transaction of the caller
 * @throws Failure of the first resource that the view cannot be evaluated on; the table in use stays
 */
export async function buildTable(
  store: Pick<Store, 'scan' | 'countOf'>,
  pool: Pool,
  view: ViewDefinition,
  report: (progress: BuildProgress) => Promise<void> | void = () => undefined,
): Promise<(client: PoolClient) => Promise<void>> {
  const ddl = createTableSql(view, NEW(view));
  await pool.query(`${dropTableSql(NEW(view))};\n${ddl.table}`);
  const progress = { seen: 0, total: await store.countOf([view.resource]) };
  await report(progress);
  await copyRows(store, pool, view, async (seen) => {
    progress.seen = seen;
    await report(progress);
  });
  await pool.query(ddl.indexes);
  await pool.query(`analyze views."${NEW(view)}"`);
  return async (client) => void (await client.query(putTableSql(view, NEW(view))));
}

async function copyRows(
  store: Pick<Store, 'scan'>,
  pool: Pool,
  view: ViewDefinition,
  report: (seen: number) => Promise<void>,
): Promise<void> {
  const columns = [...KEY_COLUMNS, ...tableColumns(view)].map(({ name }) => name).join(', ');
  const client = await pool.connect();
  let broken = true;
  try {
    const copy = client.query(from(`copy views."${NEW(view)}" (${columns}) from stdin`));
    const done = once(copy, 'finish');
    // Awaited at the end; a fault of the record may come first.
    done.catch(() => undefined);
    let text = '';
    let seen = 0;
    const flush = async () => {
      const full = !copy.write(text);
      text = '';
      if (full) await Promise.race([once(copy, 'drain'), done]);
      await report(seen);
    };
    for await (const versions of store.scan([view.resource])) {
      for (const { id, type, patient, body } of versions) {
        const person = type === 'Patient' ? id : patient;
        const resource = JSON.parse(body.toString('utf8')) as Resource;
        const sec = sensitivityOf(resource);
        for (const cells of evaluateView(view, resource)) text += lineOf(id, person, [sec, ...cells]);
        seen += 1;
        if (text.length > ROOM) await flush();
      }
    }
    await flush();
    copy.end();
    await done;
    broken = false;
  } finally {
    // A COPY that was not ended is undone with its connection.
    client.release(broken);
  }
}

/** PostgreSQL COPY, text format. */
function lineOf(key: string, person: string | null, cells: readonly Cell[]): string {
  let line = `${key}\t${person ?? '\\N'}`;
  for (const cell of cells) {
    line += '\t';
    if (cell === null) line += '\\N';
    else if (typeof cell === 'string')
      line += SPECIAL.test(cell) ? cell.replace(EVERY_SPECIAL, escaped) : cell;
    else line += String(cell);
  }
  return `${line}\n`;
}

const SPECIAL = /[\\\t\n\r]/;
const EVERY_SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (one: string) => ESCAPES[one]!;
