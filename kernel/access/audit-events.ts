/** The audit as AuditEvents: rendered from the table on each read, stored nowhere a second time. */
import type { Pool } from 'pg';
import { Failure } from '../failure.ts';
import { intervalOf } from '../fhir/dates.ts';
import type { AuditEvent } from '../fhir/types.ts';
import type { SearchAnswer, StoredVersion } from '../store/contract.ts';
import { type AuditQuery, type AuditRow, readAuditRow, readAuditRows } from './audit-reading.ts';

export interface AuditEvents {
  read(id: string): Promise<StoredVersion | null>;
  /** Fails with `unknown-parameter` on what is not among `auditParameters`. */
  search(params: [string, string][]): Promise<SearchAnswer>;
}

/** Search parameters of AuditEvent that are answered. */
export const auditParameters = [
  { name: 'patient', type: 'reference' },
  { name: 'date', type: 'date' },
  { name: 'action', type: 'token' },
  { name: 'altid', type: 'token' },
  { name: 'outcome', type: 'token' },
] as const;

export function openAuditEvents(pool: Pool, now: () => Date): AuditEvents {
  return {
    async read(id) {
      const row = await readAuditRow(pool, id);
      return row ? versionOf(row) : null;
    },
    async search(params) {
      const { query, letters } = readQuery(params);
      const { rows, next } = await readAuditRows(
        pool,
        { ...query, actions: letters.flatMap(actionsOf) },
        now(),
      );
      const rest = params.filter(([name]) => name !== '_cursor');
      const following =
        next === undefined ? {} : { next: new URLSearchParams([...rest, ['_cursor', next]]).toString() };
      return { matches: rows.map(versionOf), includes: [], ...following };
    },
  };
}

/** DICOM and FHIR letters of our acts; what is neither reading nor writing is an execution. */
const LETTERS: Record<string, AuditEvent['action']> = {
  create: 'C',
  read: 'R',
  search: 'R',
  update: 'U',
  delete: 'D',
  purge: 'D',
};
const OUTCOMES = { ok: '0', refused: '4', failed: '8' } as const;

function actionsOf(letter: string): string[] {
  return Object.entries(LETTERS).flatMap(([action, one]) => (one === letter ? [action] : []));
}

function readQuery(params: [string, string][]): { query: AuditQuery; letters: string[] } {
  const query: AuditQuery = {};
  let letters: string[] = [];
  for (const [name, value] of params) {
    if (name === 'patient') query.patient = value.replace(/^Patient\//, '');
    else if (name === 'date') readDate(value, query);
    else if (name === 'altid') query.who = value;
    else if (name === 'action' && /^[CRUD](,[CRUD])*$/.test(value)) letters = value.split(',');
    else if (name === 'outcome')
      query.outcome = Object.entries(OUTCOMES).find(([, code]) => code === value)?.[0] ?? value;
    else if (name === '_count' && /^\d{1,4}$/.test(value)) query.count = Number(value);
    else if (name === '_cursor') query.before = value;
    // The one order there is: newest first.
    else if (name === '_sort' && value === '-date') continue;
    else throw unknown(name, value);
  }
  return { query, letters };
}

/** A date at its own precision with a prefix of R4: `ge2026-11-01`, `2026-11`, `lt2026-12-01T00:00:00+07:00`. */
function readDate(value: string, query: AuditQuery): void {
  const [, prefix, date = ''] = /^(eq|ge|gt|lt|le|sa|eb)?(.*)$/s.exec(value)!;
  const asked = intervalOf(date);
  if (asked === null) {
    throw new Failure('invalid-parameter', `"${value}" không phải ngày giờ để tìm trong nhật ký.`, {
      textEn: `date "${value}" is no date with a prefix eq, ge, gt, sa, lt, le or eb.`,
      expression: 'date',
    });
  }
  const [low, high] = [new Date(asked.low).toISOString(), new Date(asked.high).toISOString()];
  if (prefix === 'ge') query.from = low;
  else if (prefix === 'gt' || prefix === 'sa') query.from = high;
  else if (prefix === 'lt' || prefix === 'eb') query.to = low;
  else if (prefix === 'le') query.to = high;
  else Object.assign(query, { from: low, to: high });
}

function versionOf(row: AuditRow): StoredVersion {
  return {
    type: 'AuditEvent',
    id: row.id,
    version: 1,
    lastUpdated: row.at,
    deleted: false,
    patient: row.patient,
    body: Buffer.from(JSON.stringify(auditEventOf(row))),
  };
}

/** R4 auditevent.html; the BTG purpose carries the stated reason. */
export function auditEventOf(row: AuditRow): AuditEvent {
  const [purpose = '', reason] = row.why.split(/: (.*)/s);
  const person =
    row.patient === null ? [] : [{ what: { reference: `Patient/${row.patient}` }, role: ROLE_PATIENT }];
  const touched = row.what
    .split(' ')
    .map((what) =>
      /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(what)
        ? { what: { reference: what } }
        : { name: what.slice(0, 1000) },
    );
  return {
    resourceType: 'AuditEvent',
    id: row.id,
    meta: { versionId: '1', lastUpdated: row.at },
    type: {
      system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
      code: 'rest',
      display: 'RESTful Operation',
    },
    subtype: [{ system: 'http://yba.vn/fhir/cs/hanh-dong', code: row.action }],
    action: LETTERS[row.action] ?? 'E',
    recorded: row.at,
    outcome: OUTCOMES[row.outcome],
    purposeOfEvent: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: purpose }],
        ...(reason === undefined ? {} : { text: reason }),
      },
    ],
    agent: [
      {
        who: agentOf(row),
        altId: row.who,
        requestor: true,
        ...(row.ip === '' ? {} : { network: { address: row.ip, type: '2' as const } }),
      },
    ],
    source: { observer: row.unit === null ? { display: 'Y Bạ' } : { reference: `Organization/${row.unit}` } },
    entity: [...person, ...touched],
  };
}

const ROLE_PATIENT = {
  system: 'http://terminology.hl7.org/CodeSystem/object-role',
  code: '1',
  display: 'Patient',
};

function agentOf({ whoDisplay, who }: AuditRow) {
  return /^Practitioner\//.test(whoDisplay) ? { reference: whoDisplay } : { display: whoDisplay || who };
}

function unknown(name: string, value: string): Failure {
  return new Failure('unknown-parameter', `Nhật ký không tìm được theo "${name}=${value}".`, {
    textEn: `AuditEvent is not searched by "${name}=${value}"; parameters are ${auditParameters.map((one) => one.name).join(', ')}.`,
    expression: name,
  });
}
