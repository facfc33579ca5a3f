/** Searches of AuditEvent: parameters of R4 into a question to the table. What cannot be answered is refused by name. Pure. */
import { Failure } from '../../failure.ts';
import { intervalOf } from '../../fhir/dates.ts';
import type { AuditQuery, AuditRow } from '../audit-reading.ts';
import { ACTS, type Act, actionsWith, actOf, isQuery } from './acts.ts';
import { AGENT_ROLES, agentRole, OUTCOME_CODES } from './balp.ts';

/** Search parameters of AuditEvent that are answered. */
export const auditParameters = [
  { name: '_id', type: 'token' },
  { name: '_lastUpdated', type: 'date' },
  { name: 'action', type: 'token' },
  { name: 'address', type: 'string' },
  { name: 'agent', type: 'reference' },
  { name: 'agent-name', type: 'string' },
  { name: 'agent-role', type: 'token' },
  { name: 'altid', type: 'token' },
  { name: 'date', type: 'date' },
  { name: 'entity', type: 'reference' },
  { name: 'entity-name', type: 'string' },
  { name: 'entity-role', type: 'token' },
  { name: 'entity-type', type: 'token' },
  { name: 'outcome', type: 'token' },
  { name: 'patient', type: 'reference' },
  { name: 'policy', type: 'uri' },
  { name: 'site', type: 'token' },
  { name: 'source', type: 'reference' },
  { name: 'subtype', type: 'token' },
  { name: 'type', type: 'token' },
] as const;

/** Lines asked for in one request, at most. */
const MOST = 1000;
const MOST_VALUES = 100;

type Reader = (query: AuditQuery, value: string, name: string) => void;

const JTI = /^urn:ietf:params:oauth:jti:(\S{1,200})$/;

const READERS: Record<string, Reader> = {
  _id: (query, value, name) => narrow(query, 'ids', values(value, name)),
  _lastUpdated: (query, value, name) => readDate(query, value, name),
  date: (query, value, name) => readDate(query, value, name),
  action(query, value, name) {
    const letters = codes(value, name, 'http://hl7.org/fhir/audit-event-action');
    narrowActions(query, (act) => letters.includes(act.letter));
  },
  address: (query, value, name) => narrow(query, 'addresses', values(value, name)),
  agent: (query, value, name) =>
    narrow(query, 'agents', references(value, name, 'Practitioner', ['Practitioner', 'Client'])),
  'agent-name': (query, value, name) => narrow(query, 'agentNames', values(value, name)),
  'agent-role'(query, value, name) {
    const asked = codes(value, name, AGENT_ROLES);
    accept(query, (row) => asked.includes(agentRole(row)));
  },
  altid: (query, value, name) => narrow(query, 'accounts', codes(value, name, '')),
  entity(query, value, name) {
    narrow(query, 'entities', references(value, name, '', []));
  },
  'entity-name': (query, value, name) => narrow(query, 'entityNames', values(value, name)),
  'entity-role': (query, value, name) => readEntity(query, codes(value, name, ROLES), ['1', '4', '24']),
  'entity-type': (query, value, name) => readEntity(query, codes(value, name, ENTITY_TYPES), ['1', '2', '2']),
  outcome(query, value, name) {
    const asked = codes(value, name, 'http://terminology.hl7.org/CodeSystem/audit-event-outcome');
    narrow(
      query,
      'outcomes',
      asked.map((code) => OUTCOME_CODES[code] ?? ''),
    );
  },
  patient: (query, value, name) =>
    narrow(
      query,
      'patients',
      references(value, name, 'Patient', ['Patient']).map((one) => one.slice(8)),
    ),
  policy(query, value, name) {
    narrow(
      query,
      'tokens',
      values(value, name).map((one) => JTI.exec(one)?.[1] ?? ''),
    );
  },
  site: (query, value, name) => narrow(query, 'units', codes(value, name, '')),
  source: (query, value, name) =>
    narrow(
      query,
      'units',
      references(value, name, 'Organization', ['Organization']).map((one) => one.slice(13)),
    ),
  subtype: (query, value, name) => narrowByCode(query, values(value, name), ({ subtypes }) => subtypes),
  type: (query, value, name) => narrowByCode(query, values(value, name), ({ type }) => [type]),
};

const ROLES = 'http://terminology.hl7.org/CodeSystem/object-role';
const ENTITY_TYPES = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';

/** Fails with `unknown-parameter` or `invalid-parameter`, with the name of the parameter. */
export function readAuditQuery(params: readonly [string, string][]): AuditQuery {
  const query: AuditQuery = {};
  for (const [name, value] of params) {
    const read = Object.hasOwn(READERS, name) ? READERS[name]! : undefined;
    if (read) {
      if (value === '') throw invalid(name, value, 'a value');
      read(query, value, name);
    } else if (name === '_count') {
      if (!/^\d{1,4}$/.test(value) || Number(value) > MOST)
        throw invalid(name, value, `a number from 0 to ${MOST}`);
      query.count = Number(value);
    } else if (name === '_sort') {
      if (value !== 'date' && value !== '-date' && value !== '_lastUpdated' && value !== '-_lastUpdated')
        throw invalid(name, value, 'date or -date');
      query.oldestFirst = !value.startsWith('-');
    } else if (name === '_total') {
      if (!['none', 'estimate', 'accurate'].includes(value))
        throw invalid(name, value, 'none, estimate or accurate');
      query.total = value !== 'none';
    } else if (name === '_cursor') query.before = value;
    else throw unknown(name, value);
  }
  return query;
}

type Lists = {
  [K in keyof AuditQuery]: AuditQuery[K] extends readonly string[] | undefined ? K : never;
}[keyof AuditQuery];

/** A parameter that is repeated must hold each time. */
function narrow(query: AuditQuery, field: NonNullable<Lists>, asked: readonly string[]): void {
  const before = query[field] as readonly string[] | undefined;
  (query as Record<string, unknown>)[field] = before ? before.filter((one) => asked.includes(one)) : asked;
}

function narrowActions(query: AuditQuery, pick: (act: Act) => boolean): void {
  const { actions, other } = actionsWith(pick);
  narrow(query, 'actions', actions);
  query.otherActions = (query.otherActions ?? true) && other;
  accept(query, (row) => pick(actOf(row.action, row.what)));
}

function accept(query: AuditQuery, one: (row: AuditRow) => boolean): void {
  const before = query.accepts;
  query.accepts = before ? (row) => before(row) && one(row) : one;
}

function narrowByCode(query: AuditQuery, asked: string[], codingsOf: (act: Act) => Act['subtypes']): void {
  const is = ({ system, code }: Act['subtypes'][number]) =>
    asked.some((one) => one === code || one === `${system}|${code}` || one === `${system}|`);
  // Our own subtype is the action itself, whichever it is.
  const own = asked.flatMap((one) => (one.startsWith(`${ACTS}|`) ? [one.slice(ACTS.length + 1)] : []));
  if (own.length === asked.length && !own.includes('')) narrow(query, 'actions', own);
  else narrowActions(query, (act) => codingsOf(act).some(is));
}

/** By what an entity is: a person, a resource, a question. */
function readEntity(query: AuditQuery, asked: string[], [person, object, question]: string[]): void {
  accept(query, (row) => {
    const asks = isQuery(actOf(row.action, row.what));
    return (
      (row.patient !== null && asked.includes(person!)) ||
      (asks && asked.includes(question!)) ||
      (!asks && asked.includes(object!))
    );
  });
}

function values(text: string, name: string): string[] {
  const all = text.split(',');
  if (all.length > MOST_VALUES || all.includes('')) throw invalid(name, text, `up to ${MOST_VALUES} values`);
  return all;
}

/** Codes of a token; a system that is not the one of these codes matches nothing. */
function codes(text: string, name: string, system: string): string[] {
  return values(text, name).map((one) => {
    const bar = one.indexOf('|');
    if (bar < 0) return one;
    return bar === 0 || one.slice(0, bar) === system ? one.slice(bar + 1) : '';
  });
}

/** `Type/id`; an id alone is one of `type`. */
function references(text: string, name: string, type: string, types: readonly string[]): string[] {
  return values(text, name).map((one) => {
    const relative = one.replace(/^https?:\/\/[^\s]*\/(?=[A-Z][A-Za-z]+\/[^/]+$)/, '');
    const full = relative.includes('/') || type === '' ? relative : `${type}/${relative}`;
    const match = /^([A-Z][A-Za-z]+)\/[A-Za-z0-9\-._]{1,64}$/.exec(full);
    if (!match || (types.length > 0 && !types.includes(match[1]!)))
      throw invalid(
        name,
        one,
        types.length > 0 ? `a reference to ${types.join(' or ')}` : 'a reference Type/id',
      );
    return full;
  });
}

/** A date at its own precision with a prefix of R4; several are bounds that all hold. */
function readDate(query: AuditQuery, value: string, name: string): void {
  const [, prefix, date = ''] = /^(eq|ge|gt|lt|le|sa|eb|ne|ap)?(.*)$/s.exec(value)!;
  const asked = intervalOf(date);
  if (asked === null || prefix === 'ne' || prefix === 'ap') {
    throw new Failure('invalid-parameter', `"${value}" không phải ngày giờ để tìm trong nhật ký.`, {
      textEn: `${name} "${value}" is no date with a prefix eq, ge, gt, sa, lt, le or eb.`,
      expression: name,
    });
  }
  const [low, high] = [new Date(asked.low).toISOString(), new Date(asked.high).toISOString()];
  const from = prefix === 'ge' ? low : prefix === 'gt' || prefix === 'sa' ? high : low;
  const to = prefix === 'lt' || prefix === 'eb' ? low : high;
  const lower = prefix !== 'lt' && prefix !== 'eb' && prefix !== 'le';
  const upper = prefix !== 'ge' && prefix !== 'gt' && prefix !== 'sa';
  if (lower && (query.from === undefined || from > query.from)) query.from = from;
  if (upper && (query.to === undefined || to < query.to)) query.to = to;
}

function invalid(name: string, value: string, wanted: string): Failure {
  return new Failure(
    'invalid-parameter',
    `Tham số ${name} của nhật ký không nhận giá trị "${value.slice(0, 100)}".`,
    {
      textEn: `${name}="${value.slice(0, 100)}" of AuditEvent is not ${wanted}.`,
      expression: name,
    },
  );
}

function unknown(name: string, value: string): Failure {
  const hint =
    name.startsWith('_include') || name.startsWith('_revinclude')
      ? 'nothing is included with AuditEvents; '
      : '';
  return new Failure('unknown-parameter', `Nhật ký không tìm được theo "${name}=${value.slice(0, 100)}".`, {
    textEn: `AuditEvent is not searched by "${name}=${value.slice(0, 100)}"; ${hint}parameters are ${auditParameters.map((one) => one.name).join(', ')}, _sort=date|-date, _count, _total.`,
    expression: name,
  });
}
