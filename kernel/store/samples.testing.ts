/** Small resources and lines for the tests of the store. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Observation, Patient, Resource } from '../fhir/types.ts';
import type { AuditLine, Change, Write } from './contract.ts';
import { type OpenStore, openStore } from './index.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

/** A store on an empty database of its own. */
export async function withStore(): Promise<{
  store: OpenStore;
  database: TestDatabase;
  stop(): Promise<void>;
}> {
  const database = await withDatabase();
  const store = await openStore({ pool: database.pool, sealEvery: 0 });
  const stop = async () => {
    await store.close();
    await database.stop();
  };
  return { store, database, stop };
}

/**
 * Seals until no line is left without one. A seal waits for every transaction that runs on the server, those of other tests'
 * databases included, so this may take as long as they do.
 * @throws after two minutes
 */
export async function sealAll(store: OpenStore): Promise<void> {
  for (const until = Date.now() + 120_000; Date.now() < until; await pause(50)) {
    await store.sealAudit();
    if ((await store.verifyAudit()).unsealed === 0) return;
  }
  throw new Error('Some lines were not sealed within two minutes.');
}

export function person(id: string, name = 'Nguyễn Thị Thử'): Patient {
  return {
    resourceType: 'Patient',
    id,
    name: [{ text: name }],
    identifier: [{ system: 'http://yba.vn/fhir/sid/cccd', value: citizenNumber(id) }],
  };
}

/** Twelve digits of the demo range, always the same for an id. */
export function citizenNumber(id: string): string {
  let digits = 0;
  for (const letter of id) digits = (digits * 31 + letter.charCodeAt(0)) % 1_000_000_000;
  return `099${String(digits).padStart(9, '0')}`;
}

export function pulse(patientId: string | null, value: number, id?: string): Observation {
  return {
    resourceType: 'Observation',
    ...(id === undefined ? {} : { id }),
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
    ...(patientId === null ? {} : { subject: { reference: `Patient/${patientId}` } }),
    effectiveDateTime: '2026-11-22T08:00:00+07:00',
    valueQuantity: { value, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  };
}

export const create = (resource: Resource): Write => ({ op: 'create', resource });
export const put = (resource: Resource, ifMatch?: number | null): Write => ({
  op: 'update',
  resource,
  ifMatch,
});
export const erase = (type: 'Observation' | 'Patient', id: string): Write => ({ op: 'delete', type, id });

export function line(patient: string | null, what = 'Observation'): AuditLine {
  return {
    who: 'bs-1',
    whoDisplay: 'Practitioner/bs-1',
    patient,
    action: 'create',
    what,
    why: 'TREAT',
    outcome: 'ok',
    ip: '127.0.0.1',
    unit: 'cs-25D01',
  };
}

/**
 * Resolves when the feed shows all that is committed now. Other tests on the same server may hold transactions open, and
 * the feed stops below the oldest of the whole server.
 */
export async function feedIsLevel(pool: Pool): Promise<void> {
  const last = await pool.query<{ xid: string }>('select coalesce(max(xid), 0) as xid from log');
  for (;;) {
    const { rows } = await pool.query<{ level: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot())::text::int8 > $1::int8 as level',
      [last.rows[0]!.xid],
    );
    if (rows[0]!.level) return;
    await pause(10);
  }
}

/** Everything of the feed from the beginning, read in pieces. */
export async function wholeFeed(store: OpenStore, piece = 7): Promise<Change[]> {
  await feedIsLevel(store.pool);
  const all: Change[] = [];
  for (;;) {
    const some = await store.changes(all.at(-1)?.position, piece);
    all.push(...some);
    if (some.length < piece) return all;
  }
}

/** The failure's code, or what else was thrown; undefined when nothing was. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: { code?: unknown }) => error.code ?? error,
  );
}
