/**
 * `$closure` (R4 conceptmap-operation-closure.html): a client keeps a table of which of its codes lie below which, and asks only for
 * what is new. By name alone the table begins (anew); with codes it grows; with a version it is told again what came later.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Failure } from '../../../failure.ts';
import { readDemand } from '../../http/demand.ts';
import { send } from '../../http/reply.ts';
import { bodyOf, JSON_TYPES, queryOf, requireMediaType } from '../../http/request.ts';
import { readJson } from '../../json/read.ts';
import type { FhirGate } from '../../record.ts';
import { type ClosureConcept, closureEntries, closureGroups } from '../../terminology/closure.ts';
import { type ClosureState, ClosureTable } from '../../terminology/closure-table.ts';
import type { CodeSystemView } from '../../terminology/system.ts';
import { systemOf } from './coded.ts';
import { defined, inputs, outputs } from './defined.ts';
import { type Input, readTyped, wrongInput } from './input.ts';
import { Terms } from './terms.ts';

export const CONCEPT_MAP_CLOSURE = {
  ...defined({
    name: 'closure',
    resource: 'ConceptMap',
    at: ['system'],
    title: { en: 'Closure Table Maintenance', vi: 'Duy trì bảng quan hệ cha con của mã' },
    description: {
      en: 'A client keeps a table of which of its codes lie below which; each answer holds what is new.',
      vi: 'Bên gọi giữ một bảng mã nào nằm dưới mã nào; mỗi lần chỉ nhận phần mới.',
    },
    parameters: [
      ...inputs('name:string!', 'concept:Coding*', 'version:string'),
      ...outputs('return:ConceptMap!'),
    ],
  }),
  affectsState: true as const,
  postOnly: true as const,
};

/** Tables of one client, codes of one table, codes of one request. */
const MOST_TABLES = 100;
const MOST_CODES = 10_000;
const MOST_AT_ONCE = 1_000;
const LONGEST_NAME = 200;

export interface ClosureParts {
  gate: FhirGate;
  pool: Pool;
}

/** Registers the operation; the plugin has the prefix and the error handler of `fhirRoutes`. */
export function closureRoutes(app: FastifyInstance, { gate, pool }: ClosureParts): void {
  const table = new ClosureTable(pool);
  app.post('/$closure', async (request, reply) => handle(gate, table, request, reply));
}

async function handle(gate: FhirGate, table: ClosureTable, request: FastifyRequest, reply: FastifyReply) {
  const session = gate.session(request);
  const demand = readDemand(queryOf(request));
  const sent = bodyOf(request);
  if (sent.length > 0) requireMediaType(request, JSON_TYPES);
  const input = readTyped(CONCEPT_MAP_CLOSURE, demand.params, sent.length > 0 ? readJson(sent) : undefined);
  const terms = new Terms(session, undefined);
  const answer = await closure(terms, table, session.actor.id, input);
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(answer)) }, demand.pretty);
}

async function closure(terms: Terms, table: ClosureTable, owner: string, input: Input): Promise<object> {
  const name = nameOf(input);
  const asked = input.codings('concept');
  if (input.has('version')) {
    if (asked.length > 0) throw both();
    const state = await table.state(owner, name);
    if (state === undefined) throw notBegun(name);
    return mapOf(name, state, await entriesOf(terms, state, sinceOf(input.text('version')!, state)));
  }
  if (asked.length === 0) {
    if (!(await table.begin(owner, name, MOST_TABLES))) throw tooManyTables();
    return mapOf(name, { version: 0, concepts: [] }, []);
  }
  const codes = await knownCodes(terms, asked);
  const added = await table.add(owner, name, codes, MOST_CODES);
  if (added === undefined) throw notBegun(name);
  if (added === 'full') throw full(name);
  return mapOf(name, added.state, await entriesOf(terms, added.state, added.before));
}

function nameOf(input: Input): string {
  const name = input.text('name')?.trim() ?? '';
  if (name !== '' && name.length <= LONGEST_NAME) return name;
  throw wrongInput(
    'name',
    `Cần tham số name: tên của bảng, nhiều nhất ${LONGEST_NAME} ký tự.`,
    `Parameter name is needed: the name of the table, ${LONGEST_NAME} characters at most.`,
  );
}

/** By its own spelling; a system or a code that is not here is refused by its place. */
async function knownCodes(
  terms: Terms,
  asked: readonly { system?: string; version?: string; code?: string }[],
): Promise<{ system: string; code: string }[]> {
  if (asked.length > MOST_AT_ONCE) {
    throw wrongInput(
      'concept',
      `Mỗi lần gửi nhiều nhất ${MOST_AT_ONCE} mã.`,
      `${MOST_AT_ONCE} concepts at most are taken at once.`,
    );
  }
  const views = new Map<string, CodeSystemView>();
  const found = new Map<string, { system: string; code: string }>();
  for (const [at, { system = '', version, code = '' }] of asked.entries()) {
    const view = views.get(system) ?? (await systemOf(terms, system || undefined, version, `concept[${at}]`));
    views.set(system, view);
    const concept = view.concept(code);
    if (!concept) throw noCode(view.name, code, `concept[${at}]`);
    found.set(`${view.url}|${concept.code}`, { system: view.url, code: concept.code });
  }
  return [...found.values()];
}

/** `3`: a version that was answered before. */
function sinceOf(version: string, state: ClosureState): number {
  if (/^\d{1,9}$/.test(version) && Number(version) <= state.version) return Number(version);
  throw wrongInput(
    'version',
    `Bảng này không có phiên bản "${version}"; mới nhất là ${state.version}.`,
    `The table has no version "${version}"; its newest is ${state.version}.`,
  );
}

async function entriesOf(terms: Terms, { concepts }: ClosureState, since: number) {
  const systems = new Map<string, CodeSystemView>();
  for (const url of new Set(concepts.map(({ system }: ClosureConcept) => system))) {
    const view = await terms.system(url);
    if (view !== undefined) systems.set(url, view);
  }
  return closureEntries(concepts, systems, since);
}

function mapOf(name: string, { version }: ClosureState, entries: ReturnType<typeof closureEntries>): object {
  const groups = closureGroups(entries);
  return {
    resourceType: 'ConceptMap',
    version: String(version),
    name: 'ClosureTableUpdates',
    title: `Updates for closure table ${name}`,
    status: 'active',
    experimental: true,
    date: new Date().toISOString(),
    ...(groups.length > 0 ? { group: groups } : {}),
  };
}

function noCode(system: string, code: string, expression: string): Failure {
  return new Failure('not-found', `Hệ mã ${system} không có mã "${code}".`, {
    textEn: `${system} has no code "${code}".`,
    expression,
  });
}

function notBegun(name: string): Failure {
  return new Failure('not-found', `Chưa có bảng "${name}". Hãy gọi $closure chỉ với name trước.`, {
    textEn: `There is no table "${name}" yet. Call $closure with its name alone first.`,
    expression: 'name',
  });
}

function both(): Failure {
  return wrongInput(
    'version',
    'version (gửi lại) và concept (thêm mã) không đi cùng nhau.',
    'version (to be told again) and concept (to add) do not go together.',
  );
}

function tooManyTables(): Failure {
  return new Failure('business-rule', `Mỗi bên gọi có nhiều nhất ${MOST_TABLES} bảng.`, {
    textEn: `A client has ${MOST_TABLES} tables at most; begin one of them anew.`,
    expression: 'name',
  });
}

function full(name: string): Failure {
  return new Failure('too-costly', `Bảng "${name}" đã đủ ${MOST_CODES} mã.`, {
    textEn: `Table "${name}" would have more than ${MOST_CODES} codes.`,
    expression: 'concept',
  });
}
