/** What people write in a report: numbers typed and corrected, comments and flags. Append only: the newest number holds. */
import type { Pool, PoolClient } from 'pg';
import { misfit, type Plan } from '../../engines/reports/index.ts';
import type { Actor } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import { LONGEST_WORDS } from './longest-words.ts';

export interface SheetKey {
  form: string;
  unit: string;
  period: string;
}

export interface Entry {
  cell: string;
  /** 1, 2, …; who writes says the one that was seen, 0 for none. */
  n: number;
  kind: 'typed' | 'corrected';
  value: number | null;
  counted: number | null;
  reason: string | null;
  by: string;
  byName: string;
  at: Date;
}

export interface Remark {
  cell: string;
  text: string;
  follow: boolean;
  byName: string;
  at: Date;
}

/** What somebody wants to write in a cell. */
export interface CellChange {
  cell: string;
  /** null takes the number back: a corrected cell shows the counted one again. */
  value: number | null;
  /** `n` of the entry that the writer saw. */
  seen: number;
  reason?: string;
}

const ENTRY = `cell, n, kind, value, counted, reason, by, by_name as "byName", at`;
const LARGEST = 1e12;

/** The newest entry of each cell. */
export async function entriesOf(db: Pick<Pool, 'query'>, key: SheetKey): Promise<Map<string, Entry>> {
  const { rows } = await db.query<Entry>(
    `select distinct on (cell) ${ENTRY} from statistics.entry where form = $1 and unit = $2 and period = $3
     order by cell, n desc`,
    [key.form, key.unit, key.period],
  );
  return new Map(rows.map((entry) => [entry.cell, entry]));
}

/** Newest entries of many units and periods of a form, by `unit period`. */
export async function entriesOfMany(
  db: Pick<Pool, 'query'>,
  form: string,
  units: readonly string[],
  periods: readonly string[],
): Promise<Map<string, Map<string, number | null>>> {
  const { rows } = await db.query<{ unit: string; period: string; cell: string; value: number | null }>(
    `select distinct on (unit, period, cell) unit, period, cell, value from statistics.entry
     where form = $1 and unit = any($2) and period = any($3) order by unit, period, cell, n desc`,
    [form, units, periods],
  );
  const entries = new Map<string, Map<string, number | null>>();
  for (const { unit, period, cell, value } of rows) {
    const key = `${unit} ${period}`;
    const own = entries.get(key) ?? new Map<string, number | null>();
    entries.set(key, own.set(cell, value));
  }
  return entries;
}

/** All numbers that ever stood in a cell, newest first. */
export async function historyOf(db: Pick<Pool, 'query'>, key: SheetKey, cell: string): Promise<Entry[]> {
  const { rows } = await db.query<Entry>(
    `select ${ENTRY} from statistics.entry where form = $1 and unit = $2 and period = $3 and cell = $4 order by n desc`,
    [key.form, key.unit, key.period, cell],
  );
  return rows;
}

export async function remarksOf(db: Pick<Pool, 'query'>, key: SheetKey): Promise<Map<string, Remark>> {
  const { rows } = await db.query<Remark>(
    `select cell, text, follow, by_name as "byName", at from statistics.remark where form = $1 and unit = $2 and period = $3`,
    [key.form, key.unit, key.period],
  );
  return new Map(rows.map((remark) => [remark.cell, remark]));
}

/**
 * Changes as they may be written: known cells, finite numbers, a reason beside every correction of a counted number.
 * @throws Failure `invalid-parameter` with one issue for each cell
 */
export function checkChanges(plan: Plan, changes: readonly CellChange[]): void {
  const issues = changes.flatMap((change) => {
    const fault = faultOf(plan, change);
    return fault === null
      ? []
      : [
          {
            severity: 'error' as const,
            code: 'value',
            text: fault[0],
            textEn: fault[1],
            expression: change.cell,
          },
        ];
  });
  if (issues.length > 0)
    throw new Failure('invalid-parameter', issues[0]!.text, { textEn: issues[0]!.textEn, issues });
}

function faultOf(plan: Plan, { cell, value, reason }: CellChange): [vi: string, en: string] | null {
  const planned = plan.cells.get(cell);
  if (!planned || planned.kind === 'none')
    return [`Biểu không có ô “${cell}” để ghi.`, `the form has no cell "${cell}" to write in`];
  if (planned.kind === 'formula')
    return ['Ô này tính từ ô khác: sửa ở các ô đó.', 'this cell is made of others: change those'];
  if (value !== null && !(Number.isFinite(value) && Math.abs(value) <= LARGEST))
    return ['Chỉ ghi số.', 'only numbers are written'];
  const unfit = value === null ? null : misfit(plan, cell, value);
  if (unfit !== null) return [unfit.text, unfit.textEn];
  if (planned.kind === 'counted' && value !== null && (reason ?? '').trim() === '')
    return [
      'Số này đếm từ hồ sơ: sửa thì phải ghi lý do.',
      'this number was counted from the record: correcting it needs a reason',
    ];
  if ((reason ?? '').length > LONGEST_WORDS)
    return [`Lý do dài quá ${LONGEST_WORDS} ký tự.`, `a reason has at most ${LONGEST_WORDS} characters`];
  return null;
}

/**
 * Writes all changes or none.
 * @throws Failure `version-conflict` with what others wrote in the cells meanwhile (`details.theirs`)
 */
export async function writeEntries(
  client: PoolClient,
  key: SheetKey,
  plan: Plan,
  changes: readonly CellChange[],
  by: { actor: Actor; at: Date; counted: (cell: string) => number | null },
): Promise<void> {
  const standing = await entriesOf(client, key);
  const theirs = changes.flatMap(({ cell, seen, value }) => {
    const entry = standing.get(cell);
    return (entry?.n ?? 0) === seen || (entry && entry.value === value) ? [] : [entry ?? { cell, n: 0 }];
  });
  if (theirs.length > 0)
    throw new Failure('version-conflict', 'Người khác vừa ghi vào cùng ô. Hãy xem số của họ rồi chọn.', {
      textEn: 'Somebody else has written in the same cells meanwhile: look at their numbers and choose.',
      details: { theirs },
    });
  const rows = changes.filter(
    ({ cell, value }) => standing.get(cell)?.value !== value || !standing.has(cell),
  );
  const kindOf = (cell: string) => (plan.cells.get(cell)?.kind === 'counted' ? 'corrected' : 'typed');
  await client.query(
    `insert into statistics.entry (form, unit, period, cell, n, kind, value, counted, reason, by, by_name, at)
     select $1, $2, $3, e.cell, e.n, e.kind, e.value, e.counted, e.reason, $10, $11, $12
     from unnest($4::text[], $5::int[], $6::text[], $7::float8[], $8::float8[], $9::text[]) as e (cell, n, kind, value, counted, reason)`,
    [
      key.form,
      key.unit,
      key.period,
      rows.map(({ cell }) => cell),
      rows.map(({ cell }) => (standing.get(cell)?.n ?? 0) + 1),
      rows.map(({ cell }) => kindOf(cell)),
      rows.map(({ value }) => value),
      rows.map(({ cell }) => (kindOf(cell) === 'corrected' ? by.counted(cell) : null)),
      rows.map(({ reason }) => reason?.trim() || null),
      by.actor.id,
      by.actor.name,
      by.at,
    ],
  );
}
