/** `docs/database.md` against the schema as it is, and the metrics it names. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../kernel/fhir/testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'database.md'), 'utf8');
/** Everything between backticks; `*` stands for any ending. */
const named = [...text.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name!);
const patterns = named.filter((name) => name.includes('*')).map((name) => name.replaceAll('*', ''));
const isNamed = (name: string) =>
  named.includes(name) || patterns.some((start) => start !== '' && name.startsWith(start));

/** Partitions are their table's; a primary key needs no name of its own, its columns are the key order. */
const OBJECTS = `select case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname as name, c.relkind as kind
  from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_index i on i.indexrelid = c.oid
  where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p', 'i', 'I', 'm', 'v')
    and not c.relispartition and not coalesce(i.indisprimary, false)`;

test('every table and every index of the schema stands in docs/database.md, and nothing that is gone', async () => {
  const { rows } = await world.program.kernel.pool.query<{ name: string; kind: string }>(OBJECTS);
  const missing = rows.map(({ name }) => name).filter((name) => !isNamed(name));
  assert.deepEqual(missing, [], 'not in docs/database.md');
  const there = new Set(rows.map(({ name }) => name));
  const rowNames = [...text.matchAll(/^\| `([^`*]+)`/gm)].map(([, name]) => name!);
  assert.ok(rowNames.length > 30);
  assert.deepEqual(
    rowNames.filter((name) => !there.has(name)),
    [],
    'no longer in the schema',
  );
});

test('every metric that docs/database.md names is in /metrics, with a line for each table', async () => {
  const metrics = (await world.bare('GET', '/metrics')).text;
  const asked = [...text.matchAll(/`(yba_[a-z_]+)(?:\{[^`]*\})?`/g)].map(([, name]) => name!);
  assert.ok(asked.length >= 4);
  for (const name of asked) assert.match(metrics, new RegExp(`^# TYPE ${name} `, 'm'));
  for (const table of ['res', 'audit', 'search_index', 'access.account']) {
    assert.match(metrics, new RegExp(`^yba_table_bytes\\{table="${table}"\\} \\d`, 'm'));
  }
});
