/** `/api/privacy/alerts`: what the rules found, for the data protection officer; every reading of it is audited. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { auditLine } from '../../../kernel/access/audit.ts';
import { readAuditRows } from '../../../kernel/access/audit-reading.ts';
import type { Actor } from '../../../kernel/access/contract.ts';
import { accountNames } from '../../../kernel/access/looks/looks.ts';
import { readLookWords } from '../../../kernel/access/looks/words.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { isDay } from '../../../kernel/text/vietnam-time.ts';
import { RULES, type Rules } from './rules.ts';

const STATES = ['open', 'reviewing', 'closed'];
const SEVERITIES = ['low', 'medium', 'high'];
const LONGEST_NOTE = 1_000;

export const ALERTS_TOPIC = 'privacy-alerts';

interface AlertRow {
  id: string;
  rule: string;
  severity: string;
  day: string;
  account: string;
  patient: string | null;
  unit: string | null;
  firstAt: string;
  lastAt: string;
  times: number;
  state: string;
  note: string | null;
  by: string | null;
  at: string | null;
}

const iso = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const COLUMNS = `id, rule, severity, day::text as day, account, nullif(patient, '') as patient, unit,
  ${iso('first_at')} as "firstAt", ${iso('last_at')} as "lastAt", times, state, note, by, ${iso('at')} as at`;

type Query = { Querystring: Record<string, string | undefined> };
type One = { Params: { id: string } };

/**
 * @param rules in force now, for the words
 * @param namesOf names of `Patient/x` by reference
 */
export function alertRoutes(
  app: FastifyInstance,
  kernel: Kernel,
  rules: () => Rules,
  namesOf: (references: string[]) => Promise<Map<string, string>>,
): void {
  const reader = (request: FastifyRequest) =>
    kernel.gate.require(request, 'privacy-officer', 'administrator');
  const note = (actor: Actor, action: string, what: string, patient: string | null) =>
    kernel.store.audit([auditLine(actor, action, what, patient)]);
  const words = readLookWords(kernel.content);
  const told = async <T extends AlertRow>(rows: readonly T[]) => {
    const accounts = await accountNames(kernel.pool, [...new Set(rows.map(({ account }) => account))]);
    const persons = await namesOf(
      rows.flatMap(({ patient }) => (patient === null ? [] : [`Patient/${patient}`])),
    );
    return rows.map((row) => {
      const rule = [...rules().values()].find(({ name }) => name === row.rule);
      return {
        ...row,
        name: accounts.get(row.account)?.name ?? null,
        patientName: persons.get(`Patient/${row.patient}`) ?? null,
        vi: rule?.words ?? row.rule,
        en: rule?.wordsEn ?? row.rule,
      };
    });
  };

  app.get<Query>('/api/privacy/alerts', async (request) => {
    const actor = reader(request);
    const { where, values, count } = readQuery(request.query);
    await note(
      actor,
      'search',
      `privacy-alerts?${new URLSearchParams(request.query as Record<string, string>)}`.slice(0, 500),
      request.query.patient ?? null,
    );
    const { rows } = await kernel.pool.query<AlertRow>(
      `select ${COLUMNS} from privacy.alert where ${where} order by last_at desc, id desc limit ${count + 1}`,
      values,
    );
    const page = rows.slice(0, count);
    const last = page.at(-1);
    const open = await kernel.pool.query<{ open: number }>(
      `select count(*)::int as open from privacy.alert where state = 'open'`,
    );
    return {
      rows: await told(page),
      open: open.rows[0]!.open,
      ...(rows.length > count && last ? { next: `${last.lastAt}_${last.id}` } : {}),
    };
  });

  app.get<One>('/api/privacy/alerts/:id', async (request) => {
    const actor = reader(request);
    const row = await alertBy(kernel, request.params.id);
    await note(actor, 'read', `privacy-alert/${row.id}`, row.patient);
    const { rows } = await readAuditRows(
      kernel.pool,
      { ids: row.lines, oldestFirst: true, count: row.lines.length },
      kernel.settings.now(),
    );
    const inWords = rows.map((line) => ({
      ...line,
      act: words.act(line.action, line.what),
      purpose: words.why(line.why),
    }));
    const { lines: _ids, ...alert } = row;
    return { ...(await told([alert]))[0]!, lines: inWords };
  });

  app.post<One>('/api/privacy/alerts/:id', async (request) => {
    const actor = kernel.gate.require(request, 'privacy-officer');
    const { state, note: written } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof state !== 'string' || !STATES.includes(state))
      throw invalid('state', typeof state === 'string' ? state : typeof state, STATES.join(', '));
    const text = typeof written === 'string' ? written.trim().slice(0, LONGEST_NOTE) : '';
    if (state === 'closed' && text.length < 5)
      throw invalid('note', text, 'a reason of 5 characters or more, when an alert is closed');
    const row = await alertBy(kernel, request.params.id);
    await kernel.pool.query(
      'update privacy.alert set state = $2, note = $3, by = $4, at = $5 where id = $1',
      [row.id, state, text === '' ? row.note : text, actor.id, kernel.settings.now()],
    );
    await note(actor, 'review', `privacy-alert/${row.id} ${state}`, row.patient);
    const { lines: _ids, ...alert } = await alertBy(kernel, row.id);
    return (await told([alert]))[0]!;
  });
}

async function alertBy(kernel: Kernel, id: string): Promise<AlertRow & { lines: string[] }> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    const { rows } = await kernel.pool.query<AlertRow & { lines: string[] }>(
      `select ${COLUMNS}, lines from privacy.alert where id = $1`,
      [id],
    );
    if (rows[0]) return rows[0];
  }
  throw new Failure('not-found', 'Không có cảnh báo này.', { textEn: 'There is no such alert.' });
}

const NAMES = ['state', 'rule', 'severity', 'account', 'patient', 'unit', 'from', 'to', 'before', 'count'];

function readQuery(query: Query['Querystring']) {
  const strange = Object.keys(query).find((name) => !NAMES.includes(name));
  if (strange !== undefined)
    throw new Failure('unknown-parameter', `Không tìm cảnh báo theo "${strange}".`, {
      textEn: `Alerts are not searched by "${strange}"; parameters are ${NAMES.join(', ')}.`,
      expression: strange,
    });
  const where = ['true'];
  const values: unknown[] = [];
  const add = (column: string, value: string | undefined, allowed?: readonly string[]) => {
    if (value === undefined) return;
    if (allowed && !allowed.includes(value)) throw invalid(column, value, allowed.join(', '));
    where.push(`${column} = $${values.push(value)}`);
  };
  add('state', query.state, STATES);
  add('rule', query.rule, RULES);
  add('severity', query.severity, SEVERITIES);
  add('account', query.account);
  add('patient', query.patient);
  add('unit', query.unit);
  for (const [name, sign] of [
    ['from', '>='],
    ['to', '<'],
  ] as const) {
    const day = query[name];
    if (day === undefined) continue;
    if (!isDay(day)) throw invalid(name, day, 'a day like 2026-11-22');
    where.push(`day ${sign} $${values.push(day)}::date`);
  }
  const before = query.before ?? query.cursor;
  if (before !== undefined) {
    const mark = /^([\d\-:TZ.]{20,30})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(before);
    if (!mark || Number.isNaN(Date.parse(mark[1]!))) throw invalid('before', before, 'the "next" of a page');
    values.push(mark[1], mark[2]);
    where.push(`(last_at, id) < ($${values.length - 1}::timestamptz, $${values.length}::uuid)`);
  }
  const count = Number(query.count ?? 50);
  if (!Number.isInteger(count) || count < 1 || count > 500)
    throw invalid('count', String(query.count), 'a number from 1 to 500');
  return { where: where.join(' and '), values, count };
}

function invalid(name: string, value: string, wanted: string): Failure {
  return new Failure('invalid-parameter', `Giá trị "${value.slice(0, 100)}" của ${name} không dùng được.`, {
    textEn: `${name}="${value.slice(0, 100)}" is not ${wanted}.`,
    expression: name,
  });
}
