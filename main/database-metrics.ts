/** What `/metrics` says of the database: the size of each table, how far the feed and the index are. */
import type { Pool } from 'pg';

/** Partitions count as their table; rows are the planner's estimate. */
const TABLES = `select n.nspname as schema, coalesce(p.relname, c.relname) as name,
    sum(pg_total_relation_size(c.oid))::float8 as bytes, sum(greatest(c.reltuples, 0))::float8 as rows
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
  where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
  group by 1, 2 order by 1, 2`;

const STATE = `select
    (select count(*) from search_index where state <> 'level')::float8 as open,
    (select count(*) from search_index where state = 'failed')::float8 as failed,
    (select count(*) from notification where dead is not null)::float8 as dead,
    (select coalesce(extract(epoch from now() - min(made)), 0) from notification)::float8 as oldest,
    (select coalesce(max(extract(epoch from now() - moved)), 0) from consumer c where (c.era, c.xid, c.n) <
      (select l.era, l.xid, l.n from feed() l order by l.era desc, l.xid desc, l.n desc limit 1))::float8 as behind,
    (select extract(epoch from now() - (value->>'ended')::timestamptz) from program.fact where name = 'backup')::float8 as backup,
    (select extract(epoch from now() - (value->>'at')::timestamptz) from program.fact where name = 'audit-check')::float8 as "auditAge",
    (select jsonb_array_length(value->'faults') from program.fact where name = 'audit-check')::float8 as "auditFaults",
    (select extract(epoch from now() - (value->>'at')::timestamptz) from program.fact
      where name = 'drill' and (value->>'ok')::bool)::float8 as drill,
    (select (value->>'seconds')::float8 from program.fact where name = 'drill') as "drillTook",
    (select (value->>'lostSeconds')::float8 from program.fact where name = 'drill') as "drillLost",
    (select pg_current_wal_lsn() - restart_lsn from pg_replication_slots where slot_name = 'yba_backup')::float8 as waiting`;

interface State {
  open: number;
  failed: number;
  behind: number;
  dead: number;
  oldest: number;
  /** Null = there was none. */
  backup: number | null;
  drill: number | null;
  drillTook: number | null;
  drillLost: number | null;
  waiting: number | null;
  auditAge: number | null;
  auditFaults: number | null;
}

interface TableRow {
  schema: string;
  name: string;
  bytes: number;
  rows: number;
}

interface Gauge {
  name: string;
  help: string;
  values: [labels: string, value: number][];
}

/** Lines in the form of Prometheus; none when the database does not answer, so that the others are still told. */
export async function databaseMetrics(pool: Pool): Promise<string[]> {
  try {
    const tables = (await pool.query<TableRow>(TABLES)).rows;
    const state = (await pool.query<State>(STATE)).rows[0]!;
    return [
      ...tableGauges(tables),
      ...stateGauges(state),
      ...backupGauges(state),
      ...auditGauges(state),
    ].flatMap(linesOf);
  } catch {
    return [];
  }
}

function tableGauges(tables: readonly TableRow[]): Gauge[] {
  const labelled = (pick: (table: TableRow) => number) =>
    tables.map((table): [string, number] => [
      `{table="${table.schema === 'public' ? '' : `${table.schema}.`}${table.name}"}`,
      pick(table),
    ]);
  return [
    {
      name: 'yba_table_bytes',
      help: 'Disk of a table with its indexes.',
      values: labelled(({ bytes }) => bytes),
    },
    { name: 'yba_table_rows', help: 'Rows of a table, estimated.', values: labelled(({ rows }) => rows) },
  ];
}

/** What never happened is infinitely long ago: an alert on the age hears of it. */
const never = Number.POSITIVE_INFINITY;

function backupGauges({ backup, drill, drillTook, drillLost, waiting }: State): Gauge[] {
  return [
    {
      name: 'yba_backup_age_seconds',
      help: 'Time since the newest whole backup ended; +Inf = none.',
      values: [['', backup ?? never]],
    },
    {
      name: 'yba_backup_log_waiting_bytes',
      help: 'Log of the database that is not in the backups yet; +Inf = it is not kept.',
      values: [['', waiting ?? never]],
    },
    {
      name: 'yba_drill_age_seconds',
      help: 'Time since a restore was last drilled with success; +Inf = never.',
      values: [['', drill ?? never]],
    },
    {
      name: 'yba_drill_seconds',
      help: 'How long the newest drill took: the time to recover (RTO).',
      values: [['', drillTook ?? never]],
    },
    {
      name: 'yba_drill_lost_seconds',
      help: 'How much before the newest drill its data ended: what would be lost (RPO).',
      values: [['', drillLost ?? never]],
    },
  ];
}

function auditGauges({ auditAge, auditFaults }: State): Gauge[] {
  return [
    {
      name: 'yba_audit_check_age_seconds',
      help: 'Time since the audit was last verified by the program; +Inf = never.',
      values: [['', auditAge ?? never]],
    },
    {
      name: 'yba_audit_faults',
      help: 'Places where that verification found the audit altered; 0 = none.',
      values: [['', auditFaults ?? 0]],
    },
  ];
}

function stateGauges({ open, failed, behind, dead, oldest }: State): Gauge[] {
  return [
    {
      name: 'yba_index_types_open',
      help: 'Resource types whose older rows do not follow all search parameters yet.',
      values: [['', open]],
    },
    { name: 'yba_index_types_failed', help: 'Those whose pass failed.', values: [['', failed]] },
    {
      name: 'yba_feed_behind_seconds',
      help: 'Time since the consumer that is furthest behind last moved; 0 = all are level.',
      values: [['', behind]],
    },
    {
      name: 'yba_notifications_dead',
      help: 'Notifications that subscribers have not taken after all tries (yba subscriptions dead).',
      values: [['', dead]],
    },
    {
      name: 'yba_notifications_oldest_seconds',
      help: 'Age of the oldest notification that waits; 0 = none waits.',
      values: [['', oldest]],
    },
  ];
}

function linesOf({ name, help, values }: Gauge): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...values.map(([labels, value]) => `${name}${labels} ${value === never ? '+Inf' : value}`),
  ];
}
