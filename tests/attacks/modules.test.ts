/**
 * The rooms of care and reports with what is really there: answers, attachments, papers, doses and programmes of the victim by
 * their ids, and the keys of content. `object-access.test.ts` asks every route, but with keys that nothing has.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import type { Role } from '../../kernel/access/contract.ts';
import type { Person } from '../../kernel/access/testing.ts';
import type { HttpAnswer } from '../../kernel/fhir/testing.ts';
import { type AttackWorld, isSafe, MARK, openAttackWorld } from './attacker.testing.ts';

const ROOMS =
  /^\/api\/(forms|programmes|documents|decisions|statistics|station|citizen|surveillance|record)\//;
const JSON_BODY = { 'content-type': 'application/json' };

let world: AttackWorld;
/** Ids of what is about the victim, by the name of a parameter of an address. */
let ids: Record<string, string[]>;
before(async () => {
  world = await openAttackWorld();
  ids = await furnish(world);
});
after(() => world.stop());

/** What a doctor and a nurse of the victim's station write and print of the victim. */
async function furnish({ victim: { patient, encounter }, ...world }: AttackWorld) {
  const doctor = await world.staff('doctor', 'cs-1');
  const post = async (path: string, body: object): Promise<{ id: string; url?: string }> => {
    const answer = await doctor.call('POST', path, body, JSON_BODY);
    assert.equal(answer.status, 201, `${path}: ${answer.text}`);
    return { ...answer.body, at: answer.headers.get('location') };
  };
  const { body: forms } = await doctor.call('GET', '/api/forms');
  const keys = (forms.rows as { key: string; url: string; version: string }[]).map(({ key }) => key);
  const form = (forms.rows as { url: string; version: string }[])[0]!;
  const canonical = `${form.url}|${form.version}`;
  const answer = await world.send('POST', '/fhir/QuestionnaireResponse', {
    resourceType: 'QuestionnaireResponse',
    status: 'in-progress',
    questionnaire: canonical,
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${encounter}` },
    authored: '2026-11-20T08:00:00+07:00',
    identifier: { system: 'urn:test', value: MARK },
  });
  assert.equal(answer.status, 201, answer.text);
  const file = {
    patient,
    contentType: 'text/plain',
    title: MARK,
    data: Buffer.from(MARK).toString('base64'),
  };
  const attachment = await post('/api/forms/attachments', file);
  const dose = await world.send('POST', '/fhir/Immunization', {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { text: MARK },
    patient: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${encounter}` },
    occurrenceDateTime: '2026-11-20',
    note: [{ text: MARK }],
  });
  const paper = await doctor.call(
    'POST',
    '/api/documents/papers/vaccination-certificate',
    { subject: `Patient/${patient}` },
    JSON_BODY,
  );
  assert.equal(paper.status, 201, paper.text);
  return {
    id: [
      answer.body.id,
      attachment.url!.split('/').at(-1)!,
      paper.headers.get('location')!.split('/').at(-1)!,
    ],
    dose: [dose.body.id],
    patient: [patient],
    encounter: [encounter],
    forms: keys,
  };
}
/** Keys of content, as a doctor of the station is told them. */
async function keysOf(path: string): Promise<string[]> {
  const { body } = await (await world.staff('doctor', 'cs-1')).call('GET', path);
  return (body.rows as { key: string }[]).map(({ key }) => key);
}

/** The addresses of a route with everything that its parameters may be. */
function addresses(url: string, values: Record<string, readonly string[]>): string[] {
  const [found, name] = /:(\w+)/.exec(url) ?? [];
  if (found === undefined) return [url];
  return (values[name!] ?? ['none']).flatMap((value) => addresses(url.replace(found, value), values));
}

interface Kept {
  resourceType: string;
  id: string;
  meta: { versionId: string };
  custodian?: { reference: string };
  managingOrganization?: { reference: string };
}

/** Everything that is kept of the victim. */
async function kept(): Promise<Kept[]> {
  const { patient } = world.victim;
  const { body } = await world.send('GET', `/fhir/Patient/${patient}/$everything?_count=200`);
  const entries = body.entry as { resource: Kept }[];
  return entries
    .map(({ resource }) => resource)
    .filter(({ resourceType }) => resourceType !== 'Organization');
}

const nameOf = ({ resourceType, id, meta }: Kept) => `${resourceType}/${id} version ${meta.versionId}`;

/** What was printed, read as a person would. */
async function isSafePaper(who: Person, made: HttpAnswer, path: string): Promise<void> {
  const place = made.headers.get('location');
  const paper = await fetch(`${world.program.address}${place ?? path}${place ? '/paper.pdf' : ''}`, {
    headers: { cookie: who.cookie },
  });
  const words = new Pdf(Buffer.from(await paper.arrayBuffer())).pages().join(' ');
  assert.ok(words.length > 20, `${path} is a paper without words`);
  assert.ok(!words.includes(MARK), `${path} tells of the victim: ${words.slice(0, 300)}`);
}

const ATTACKERS: readonly (readonly [Role, string | null])[] = [
  ['doctor', 'cs-2'],
  ['nurse', 'cs-2'],
  ['station-head', 'cs-2'],
  ['laboratory', 'cs-2'],
  ['cashier', 'cs-2'],
  ['surveillance', null],
  ['province-operator', null],
  ['content-officer', null],
];

test('every route of the rooms with real ids and keys, by every role of another station and of the province', async () => {
  const { patient, encounter } = world.victim;
  const keys: Record<string, readonly string[]> = {
    forms: ids.forms!.slice(0, 3),
    programmes: (await keysOf('/api/programmes')).slice(0, 4),
    documents: ['vaccination-certificate', 'record-summary', 'discharge'],
    station: (await keysOf('/api/station/books')).slice(0, 3),
  };
  const subjects = [`Patient/${patient}`, `Encounter/${encounter}`];
  const asked = {
    ...{
      patient,
      person: patient,
      encounter,
      form: 'x',
      reason: 'vì muốn biết thôi mà',
      note: 'x',
      text: MARK.slice(1),
    },
    ...{ result: 'reached', day: '2026-11-23', state: 'active', place: 'x', list: 'due', isSerious: false },
    response: {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      subject: { reference: subjects[0] },
    },
  };
  const query = `patient=${patient}&encounter=${encounter}&q=${MARK.toLowerCase()}`;
  const before = await kept();
  let count = 0;
  const ask = async (who: Person, method: string, path: string, body?: object) => {
    const answer = await who.call(method, path, body, body === undefined ? {} : JSON_BODY);
    isSafe(answer, `${method} ${path}`);
    if (answer.headers.get('content-type')?.startsWith('application/pdf'))
      await isSafePaper(who, answer, path);
    count += 1;
    return answer;
  };
  for (const [role, unit] of ATTACKERS) {
    const who = await world.staff(role, unit);
    for (const { method, url } of world.program.routes) {
      const room = ROOMS.exec(url)?.[1];
      if (room === undefined || !['GET', 'POST', 'PUT', 'DELETE'].includes(method)) continue;
      const values = {
        ...ids,
        key: keys[room] ?? ['none'],
        unit: ['cs-1'],
        period: ['2026-10'],
        person: [patient],
      };
      for (const path of addresses(url, values)) {
        if (method === 'GET') {
          await ask(who, method, path);
          await ask(who, method, `${path}?${query}`);
        } else if (method === 'DELETE') await ask(who, method, path);
        else for (const subject of subjects) await ask(who, method, path, { ...asked, subject });
      }
    }
  }
  assert.ok(count > 1_500, String(count));
  const after = await kept();
  const names = new Set(after.map(nameOf));
  assert.deepEqual(
    before.map(nameOf).filter((name) => !names.has(name)),
    [],
    'what another station wrote was changed',
  );
  // A station may begin something of its own with whoever comes; it stands there as its own, and opens nothing.
  const known = new Set(before.map(({ id }) => id));
  for (const made of after.filter(({ id }) => !known.has(id)))
    assert.equal((made.custodian ?? made.managingOrganization)?.reference, 'Organization/cs-2', nameOf(made));
});

test('papers, attachments and answers of another station are not there: 403 or 404, never the file', async () => {
  const [answer, attachment, paper] = ids.id!;
  const paths = [
    `/api/forms/answers/${answer}`,
    `/api/forms/attachments/${attachment}`,
    `/api/documents/issued/${paper}/paper.pdf`,
    `/api/documents/issued/${paper}/original.pdf`,
    `/api/documents/issued/${paper}/picture.svg`,
    `/api/documents/issued/${paper}/pages`,
    `/api/documents/answers/${answer}/paper.pdf`,
  ];
  const own = await world.staff('doctor', 'cs-1');
  for (const [role, unit] of ATTACKERS) {
    const who = await world.staff(role, unit);
    for (const path of paths) {
      const { status } = await who.call('GET', path);
      assert.ok(status === 403 || status === 404, `${role} ${path}: ${status}`);
    }
  }
  for (const path of paths.slice(1, 3)) assert.equal((await own.call('GET', path)).status, 200, path);
});

test('who does not care for a person enrols them in nothing and makes no paper of them; a visit opens both, and the refusal stands in the log', async () => {
  const { patient } = world.victim;
  const nurse = await world.staff('nurse', 'cs-2');
  const [programme] = await keysOf('/api/programmes');
  const acts = [
    () =>
      nurse.call(
        'POST',
        '/api/documents/papers/vaccination-certificate',
        { subject: `Patient/${patient}` },
        JSON_BODY,
      ),
    () => nurse.call('POST', `/api/programmes/${programme}/people/${patient}/enrol`, {}, JSON_BODY),
  ];
  for (const act of acts) {
    const answer = await act();
    assert.equal(answer.status, 403, answer.text);
    assert.match(answer.text, /begin a visit first/);
  }
  const { rows } = await world.program.kernel.pool.query<{ action: string }>(
    `select distinct action from audit where who = 'nurse.cs-2' and outcome = 'refused' and patient = $1`,
    [patient],
  );
  for (const action of ['paper', 'enrol'])
    assert.ok(
      rows.some((row) => row.action === action),
      action,
    );
  const made = (await kept()).filter(({ resourceType }) => resourceType === 'EpisodeOfCare');
  assert.deepEqual(made.map(nameOf), []);
  await world.send('POST', '/fhir/Encounter', {
    resourceType: 'Encounter',
    status: 'arrived',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: 'Organization/cs-2' },
    period: { start: new Date().toISOString() },
  });
  for (const act of acts) assert.doesNotMatch((await act()).text, /begin a visit first/);
});
