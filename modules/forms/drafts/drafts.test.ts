/** Drafts and answers over HTTP: only one's own, never written over unseen, cleaned with a word, gone with the person. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DocumentReference, Questionnaire, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import { type Browser, DAY, openWorld, type World } from '../../clinic/testing.ts';
import type { AnswerView, DraftRow, DraftView, OpenedForm } from '../contract.ts';
import { cleanDrafts, forgetPerson } from './draft.ts';

const URL = 'http://yba.vn/fhir/Questionnaire/thu';
const CANONICAL = `${URL}|2026-01-01`;
let world: World;
let doctor: Browser;

before(async () => {
  world = await openWorld();
  doctor = await world.signIn('bacsi');
  await world.program.kernel.gate.system('test').update(formOf('2026-01-01'));
});
after(() => world.stop());

const formOf = (version: string): Questionnaire & { id: string } => ({
  resourceType: 'Questionnaire',
  id: `thu-${version}`,
  url: URL,
  version,
  title: 'Phiếu thử',
  status: 'active',
  subjectType: ['Patient'],
  effectivePeriod: { start: version },
  item: [{ linkId: 'a', type: 'string', text: 'Lý do', required: true }],
});

const response = (text: string): QuestionnaireResponse => ({
  resourceType: 'QuestionnaireResponse',
  status: 'in-progress',
  questionnaire: CANONICAL,
  item: [{ linkId: 'a', answer: [{ valueString: text }] }],
});

const save = (by: Browser, patient: string, text: string, seen: number, form = CANONICAL) =>
  by.call<DraftView & { error?: { code: string; details: { current: DraftView | null } } }>(
    'PUT',
    '/api/forms/drafts',
    { form, patient, response: response(text), place: 'Chrome trên Windows' },
    { ifMatch: seen },
  );

const open = (by: Browser, patient: string) =>
  by.call<OpenedForm>('GET', `/api/forms/open/thu?patient=${patient}`);

test('a draft goes on with its version, and a second PC never writes over it unseen', async () => {
  const { patient } = await world.arrive();
  assert.equal((await save(doctor, patient, 'sốt', 0)).body.version, 1);
  const second = await save(doctor, patient, 'ho', 0);
  assert.equal(second.status, 412);
  assert.deepEqual(second.body.error!.details.current!.response.item, response('sốt').item);
  assert.equal((await save(doctor, patient, 'sốt cao', 1)).body.version, 2);
  await world.program.kernel.gate.system('test').update(formOf('2026-11-22'));
  try {
    const { body } = await open(doctor, patient);
    assert.equal(body.canonical, CANONICAL);
    assert.equal(body.newer, '2026-11-22');
    assert.equal(body.draft!.version, 2);
    const other = await world.arrive();
    assert.equal((await open(doctor, other.patient)).body.canonical, `${URL}|2026-11-22`);
  } finally {
    // Past the gate, which keeps what was published: the other tests go on with the first version.
    await world.program.kernel.store.commit(
      [{ op: 'delete', type: 'Questionnaire', id: 'thu-2026-11-22' }],
      [],
    );
  }
});

test('a draft is its writer’s alone, and begins only where policy lets one in', async () => {
  const { patient } = await world.arrive();
  await save(doctor, patient, 'riêng', 0);
  const nurse = await world.signIn('dieuduong');
  assert.equal((await open(nurse, patient)).body.draft, null);
  const { rows } = (await nurse.call<{ rows: DraftRow[] }>('GET', '/api/forms/drafts')).body;
  assert.deepEqual(rows, []);
  const laboratory = await world.signIn('xetnghiem');
  assert.equal((await save(laboratory, patient, 'x', 0)).status, 403);
  assert.equal((await save(doctor, 'khong-co', 'x', 0)).status, 404);
});

test('finishing writes the response with its version and who wrote it, and the draft is gone; amending keeps the first version', async () => {
  const { patient, encounter } = await world.arrive();
  await save(doctor, patient, 'sốt', 0);
  const done = await doctor.call<{ id: string; version: number }>('POST', '/api/forms/answers', {
    form: CANONICAL,
    patient,
    encounter,
    response: response('sốt ba ngày'),
  });
  assert.equal(done.status, 201);
  assert.equal((await open(doctor, patient)).body.draft, null);
  assert.equal((await open(doctor, patient)).body.previous!.id, done.body.id);
  const at = `/api/forms/answers/${done.body.id}`;
  const shown = (await doctor.call<AnswerView>('GET', at)).body;
  assert.equal(shown.response.questionnaire, CANONICAL);
  assert.equal(shown.response.status, 'completed');
  assert.equal(shown.response.encounter!.reference, `Encounter/${encounter}`);
  assert.equal(shown.response.author!.reference, 'Practitioner/nv-bacsi');
  const change = { response: response('sốt bốn ngày') };
  assert.equal((await doctor.call('PUT', at, change)).status, 428);
  assert.equal((await doctor.call('PUT', at, change, { ifMatch: done.body.version })).status, 200);
  assert.equal((await doctor.call('PUT', at, change, { ifMatch: done.body.version })).status, 412);
  const amended = (await doctor.call<AnswerView>('GET', at)).body;
  assert.equal(amended.response.status, 'amended');
  assert.deepEqual(
    amended.history.map(({ status }) => status),
    ['amended', 'completed'],
  );
  const first = (await doctor.call<AnswerView>('GET', `${at}?version=1`)).body;
  assert.deepEqual(first.response.item![0]!.answer, [{ valueString: 'sốt ba ngày' }]);
  const list = await doctor.call<{ rows: { title: string }[] }>(
    'GET',
    `/api/forms/answers?patient=${patient}`,
  );
  assert.deepEqual(
    list.body.rows.map(({ title }) => title),
    ['Phiếu thử'],
  );
  const none = await doctor.call<{ rows: unknown[] }>(
    'GET',
    `/api/forms/answers?patient=${patient}&q=siêu âm`,
  );
  assert.deepEqual(none.body.rows, []);
});

test('what nobody has touched for thirty days is emptied, says so, and goes after thirty more', async () => {
  const { patient } = await world.arrive();
  await save(doctor, patient, 'bỏ quên', 0);
  const { pool } = world.program.kernel;
  const after = (days: number) => new Date(Date.parse(`${DAY}T08:30:00+07:00`) + days * 86_400_000);
  assert.equal(await cleanDrafts(pool, after(29), 30), 0);
  assert.ok((await cleanDrafts(pool, after(31), 30)) > 0);
  const mine = async () =>
    (await doctor.call<{ rows: DraftRow[] }>('GET', '/api/forms/drafts')).body.rows.filter(
      (row) => row.patient === patient,
    );
  assert.deepEqual(
    (await mine()).map(({ cleaned }) => cleaned),
    [true],
  );
  assert.equal((await open(doctor, patient)).body.draft, null);
  assert.equal((await save(doctor, patient, 'lại từ đầu', 0)).status, 200);
  await cleanDrafts(pool, after(61), 30);
  assert.deepEqual(await mine(), []);
});

test('strange input is refused with a sentence, never a defect', async () => {
  const { patient } = await world.arrive();
  const bodies: unknown[] = [
    {},
    [],
    { form: 'x y', patient },
    { form: CANONICAL, patient: '../x' },
    { form: CANONICAL, patient, response: { resourceType: 'Patient' } },
    { form: CANONICAL, patient, answer: 7, response: response('x') },
  ];
  for (const body of bodies) {
    const { status } = await doctor.call('PUT', '/api/forms/drafts', body, { ifMatch: 0 });
    assert.equal(status, 400, JSON.stringify(body));
  }
  assert.equal((await save(doctor, patient, 'nul \u0000 và \ud800', 0)).status, 200);
  const unseen = await doctor.call('PUT', '/api/forms/drafts', {
    form: CANONICAL,
    patient,
    response: response('x'),
  });
  assert.equal(unseen.status, 428);
  for (const [path, status] of [
    ['/api/forms/open/khong-co?patient=', 400],
    [`/api/forms/open/khong-co?patient=${patient}`, 404],
    [`/api/forms/answers?patient=${patient}&cursor=_count%3D1`, 400],
    ['/api/forms/answers/khong-co', 404],
  ] as const)
    assert.equal((await doctor.call('GET', path)).status, status, path);
  const file = { patient, contentType: 'text/html', title: 'x', data: 'PGI+' };
  const kept = await doctor.call<{ url: string }>('POST', '/api/forms/attachments', file);
  assert.equal(kept.status, 201);
  const before = kept.body.url.split('/')[1]!;
  const turned = await doctor.call<{ url: string }>('POST', '/api/forms/attachments', {
    ...file,
    replaces: before,
  });
  assert.equal(turned.status, 201, JSON.stringify(turned.body));
  const documents = (await world.recordOf(patient, 'DocumentReference')) as DocumentReference[];
  assert.deepEqual(
    documents.map(({ id, status }) => `${id === before ? 'before' : 'after'} ${status}`).sort(),
    ['after current', 'before superseded'],
  );
  const { relatesTo } = documents.find(({ id }) => id !== before)!;
  assert.deepEqual(relatesTo, [{ code: 'replaces', target: { reference: `DocumentReference/${before}` } }]);
  const { patient: other } = await world.arrive();
  const foreign = { ...file, patient: other, replaces: before };
  assert.equal((await doctor.call('POST', '/api/forms/attachments', foreign)).status, 400);
  for (const wrong of [{ replaces: '../x' }, { replaces: 5 }])
    assert.equal((await doctor.call('POST', '/api/forms/attachments', { ...file, ...wrong })).status, 400);
  for (const wrong of [{ data: '' }, { data: 'không' }, { contentType: 'x' }, { patient: '' }])
    assert.equal((await doctor.call('POST', '/api/forms/attachments', { ...file, ...wrong })).status, 400);
  const nowhere = { form: `${URL}|1999`, patient, response: response('x') };
  assert.equal((await doctor.call('POST', '/api/forms/answers', nowhere)).status, 404);
});

test('what was typed of a person who is erased is forgotten', async () => {
  const { patient } = await world.arrive();
  await save(doctor, patient, 'sẽ mất', 0);
  const { kernel } = world.program;
  await forgetPerson(kernel.pool, patient);
  assert.equal((await open(doctor, patient)).body.draft, null);
});
