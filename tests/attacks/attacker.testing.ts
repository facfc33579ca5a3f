/** The world that is attacked: two stations, a patient of each with marks that must not be seen elsewhere; and raw lines to the server. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type AccessWorld, openAccessWorld, type Person } from '../../kernel/access/testing.ts';
import type { HttpAnswer } from '../../kernel/fhir/testing.ts';
import type { ProgramOptions } from '../../main/program.ts';
import type { ProgramSettings } from '../../main/settings.ts';

/** Stands in everything of the victim's record that another station may not read. */
export const MARK = 'ZQVICTIMQZ';

export interface AttackWorld extends AccessWorld {
  victim: { patient: string; encounter: string; observation: string; version: string };
  /** Doctor of the other station. */
  attacker: Person;
}

export async function openAttackWorld(
  settings: Partial<ProgramSettings> = {},
  options: ProgramOptions = {},
): Promise<AttackWorld> {
  const world = await openAccessWorld(settings, options);
  const { patient, encounter } = await world.arrive('cs-1');
  // Who somebody is may be looked up at every station (policies.csv: any citizen may walk in); why somebody came may not.
  await world.send('PUT', `/fhir/Patient/${patient}`, {
    resourceType: 'Patient',
    id: patient,
    name: [{ text: 'Người bị nhắm' }],
    identifier: [{ system: 'urn:test', value: 'victim' }],
  });
  const visit = (await world.send('GET', `/fhir/Encounter/${encounter}`)).body;
  await world.send('PUT', `/fhir/Encounter/${encounter}`, { ...visit, reasonCode: [{ text: MARK }] });
  await world.send('POST', '/fhir/Condition', {
    resourceType: 'Condition',
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${encounter}` },
    code: { text: MARK, coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B20', display: MARK }] },
  });
  const observation = await world.observe(patient, {
    encounter: { reference: `Encounter/${encounter}` },
    note: [{ text: MARK }],
    valueString: MARK,
  });
  const attacker = await world.staff('doctor', 'cs-2');
  await world.arrive('cs-2');
  return { ...world, attacker, victim: { patient, encounter, observation, version: '2' } };
}

/** It failed safely: no defect, nothing of the victim. */
export function isSafe(answer: HttpAnswer, what: string): void {
  assert.ok(answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  assert.equal(
    answer.text.includes(MARK),
    false,
    `${what} tells of the victim: ${answer.text.slice(0, 300)}`,
  );
  assert.doesNotMatch(
    answer.text,
    /\.ts:\d+|node_modules|at async |pg_catalog|syntax error at/,
    `${what} tells how the program is made`,
  );
}

/** Bytes as they are, which no client library would send. @returns what came back until the line was closed or fell silent */
export function raw(address: string, text: string | Buffer, silence = 1_500): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(silence, () => socket.destroy());
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
  });
}

export const statusOf = (said: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? 0);

/** Asks for an import of what lies at an address. */
export function importFrom(world: AttackWorld, url: string) {
  const part = [
    { name: 'type', valueCode: 'Patient' },
    { name: 'url', valueUrl: url },
  ];
  const parameter = [
    { name: 'inputFormat', valueCode: 'application/fhir+ndjson' },
    { name: 'inputSource', valueUri: 'https://example.org' },
    { name: 'input', part },
  ];
  return world.send(
    'POST',
    '/fhir/$import',
    { resourceType: 'Parameters', parameter },
    { prefer: 'respond-async' },
  );
}
