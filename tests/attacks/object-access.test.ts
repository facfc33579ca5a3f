/** Broken object level access (OWASP API1): a doctor of one station has the ids of another station's patient and asks everywhere. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AttackWorld, isSafe, MARK, openAttackWorld } from './attacker.testing.ts';

let world: AttackWorld;
before(async () => {
  world = await openAttackWorld();
});
after(() => world.stop());

/** Ends the browser's session, listens for ever, or is checked elsewhere with its own words. */
const LEFT_OUT = /sign-out|\/api\/events|\/oauth2\/|\/password$/;

test('every route of the program, with the ids of the victim in every place of the address and in the body', async () => {
  const { patient, encounter, observation, version } = world.victim;
  const ids: Record<string, string> = {
    patient,
    person: patient,
    encounter,
    visit: encounter,
    vid: version,
    version,
  };
  const queries = [
    '',
    `?patient=${patient}&person=${patient}&encounter=${encounter}&subject=Patient/${patient}&q=${MARK.toLowerCase()}`,
  ];
  const body = {
    patient,
    person: patient,
    encounter,
    subject: { reference: `Patient/${patient}` },
    id: patient,
    q: MARK.toLowerCase(),
  };
  let asked = 0;
  for (const { method, url } of world.program.routes) {
    if (!['GET', 'POST', 'PUT', 'PATCH'].includes(method) || LEFT_OUT.test(url) || url === '*') continue;
    for (const id of url.includes(':id') ? [patient, encounter, observation] : [patient]) {
      const path = url
        .replace(/:type/g, 'Patient')
        .replace(/\*$/, patient)
        .replace(/:(\w+)\??/g, (_all, name: string) => ids[name] ?? id);
      for (const query of method === 'GET' ? queries : ['']) {
        const type = path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json';
        const answer = await world.attacker.call(method, path + query, method === 'GET' ? undefined : body, {
          'content-type': type,
        });
        isSafe(answer, `${method} ${path}${query}`);
        asked += 1;
      }
    }
  }
  assert.ok(asked > 150, String(asked));
});

test('the ways around a refused read: versions, history, includes, reverse chains, batches, compartments, counts', async () => {
  const { patient, encounter, observation } = world.victim;
  const lower = MARK.toLowerCase();
  const paths = [
    `Patient?_has:Observation:subject:_id=${observation}`,
    `Patient?_has:Condition:subject:code=B20`,
    `Patient?_id=${patient}&_revinclude=Observation:subject&_revinclude=Condition:subject`,
    `Observation/${observation}`,
    `Observation/${observation}/_history`,
    `Observation/${observation}/_history/1`,
    `Observation?subject=Patient/${patient}`,
    `Observation?subject:Patient.identifier=urn:test|victim`,
    `Observation?_id=${observation}&_include=Observation:subject&_summary=count`,
    `Observation?value-string=${lower}`,
    `Condition?code=B20`,
    `Condition?code:text=${lower}&_summary=count`,
    `Condition?_sort=code&_count=1000`,
    `Encounter/${encounter}`,
    `Encounter?reason-code:text=${lower}`,
    `Encounter?_id=${encounter}&_include=Encounter:subject&_revinclude=Observation:encounter`,
    `Patient/${patient}/Observation`,
    `Patient/${patient}/$everything`,
    `Encounter?_count=100&_include=*&_revinclude=*`,
    `Organization?_id=cs-1&_revinclude=Encounter:service-provider&_revinclude:iterate=Observation:encounter`,
    `_history?_count=1000`,
    `?_type=Observation,Condition,Encounter&_count=1000`,
    `Observation?_sort=subject&_count=1000`,
    `Observation?_filter=status eq final`,
  ];
  for (const path of paths) {
    const answer = await world.attacker.call('GET', `/fhir/${path}`);
    isSafe(answer, path);
    if (/^(Condition|Observation|Patient\?_has)/.test(path) && answer.body?.type === 'searchset')
      assert.equal(answer.body.total ?? 0, 0, `${path} counts what may not be seen`);
  }
  const entry = paths.slice(0, 12).map((url) => ({ request: { method: 'GET', url } }));
  isSafe(
    await world.attacker.call('POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry }),
    'batch',
  );
});

test('writing into what may not be read: no update, patch, delete, move to another person, nor a conditional guess', async () => {
  const { patient, observation, encounter } = world.victim;
  const version = async () =>
    (await world.send('GET', `/fhir/Observation/${observation}`)).body.meta.versionId;
  const before = await version();
  const own = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
  const patch = { 'content-type': 'application/json-patch+json' };
  const tries: [string, string, unknown, Record<string, string>?][] = [
    [
      'PUT',
      `Observation/${observation}`,
      { ...own, id: observation, subject: { reference: `Patient/${patient}` } },
    ],
    ['PATCH', `Observation/${observation}`, [{ op: 'replace', path: '/status', value: 'cancelled' }], patch],
    ['PATCH', `Observation/${observation}`, [{ op: 'test', path: '/valueString', value: MARK }], patch],
    ['DELETE', `Observation/${observation}`, undefined],
    ['DELETE', `Patient/${patient}`, undefined],
    ['PUT', `Observation?_id=${observation}`, own],
    ['DELETE', `Observation?subject=Patient/${patient}`, undefined],
    [
      'PUT',
      `Encounter/${encounter}`,
      { resourceType: 'Encounter', id: encounter, status: 'finished', class: { code: 'AMB' } },
    ],
    ['POST', `Patient/${patient}/$purge`, { resourceType: 'Parameters' }],
  ];
  for (const [method, path, body, headers] of tries) {
    const answer = await world.attacker.call(method, `/fhir/${path}`, body, headers);
    isSafe(answer, `${method} ${path}`);
    assert.ok(answer.status >= 400 || path.includes('?'), `${method} ${path}: ${answer.status}`);
  }
  assert.equal(await version(), before);
  assert.equal((await world.send('GET', `/fhir/Encounter/${encounter}`)).body.status, 'arrived');
});

test('what was refused is written down with who asked for whom', async () => {
  const { rows } = await world.program.kernel.pool.query<{ count: number }>(
    `select count(*)::int4 as count from audit where who = 'doctor.cs-2' and outcome <> 'ok'`,
  );
  assert.ok(rows[0]!.count > 0);
});
