/** Emergency openings: told at once, bounded, reviewed in writing, and seen in the person's own lines. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { issueOf } from '../../fhir/testing.ts';
import { type AccessWorld, openAccessWorld, type Person } from '../testing.ts';

let world: AccessWorld;
let officer: Person;
before(async () => {
  world = await openAccessWorld();
  officer = await world.staff('privacy-officer', null);
});
after(() => world.stop());

const REASON = 'Cấp cứu, bệnh nhân hôn mê, không có người nhà';
const JSON_BODY = { 'content-type': 'application/json' };
const open = (person: Person, patient: string, more: object = {}) =>
  person.call('POST', '/api/access/break-glass', { patient, reason: REASON, ...more }, JSON_BODY);
const list = async (query: string) =>
  (await officer.call('GET', `/api/access/break-glass?${query}`)).body as {
    rows: {
      id: string;
      state: string;
      late: boolean;
      refused: boolean;
      code: string;
      conclusion: string | null;
    }[];
    next?: string;
    total: number;
  };

test('the kinds of reason are a list; a kind that is not in it and a short reason are refused', async () => {
  const doctor = await world.staff('doctor', 'cs-2');
  const { patient } = await world.arrive('cs-1');
  const { rows } = (await doctor.call('GET', '/api/access/break-glass/reasons')).body;
  assert.ok(
    rows.some((one: { code: string; words: string }) => one.code === 'unconscious' && one.words.length > 5),
  );
  const unknown = await open(doctor, patient, { code: 'curious' });
  assert.deepEqual(
    [unknown.status, unknown.body.error?.code ?? issueOf(unknown).code],
    [400, 'invalid-parameter'],
  );
  assert.equal((await open(doctor, patient, { reason: 'vì cần' })).status, 400);
  assert.equal((await open(doctor, patient, { reason: 'x'.repeat(501) })).status, 400);
  assert.equal((await open(doctor, patient, { code: 'life' })).status, 200);
  assert.equal((await list(`patient=${patient}`)).rows[0]!.code, 'life');
});

test('the officer hears of an opening while it is made', async () => {
  const doctor = await world.staff('doctor', 'cs-2');
  const { patient } = await world.arrive('cs-1');
  const aborted = new AbortController();
  const giveUp = setTimeout(() => aborted.abort(), 10_000);
  const stream = await fetch(`${world.program.address}/api/events?topic=emergency-openings`, {
    headers: { cookie: officer.cookie },
    signal: aborted.signal,
  });
  assert.equal(stream.status, 200);
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await open(doctor, patient)).status, 200);
  let heard = '';
  while (!heard.includes('"topic":"emergency-openings"')) {
    const { value, done } = await reader.read();
    assert.ok(!done, 'the stream ended before the message');
    heard += value;
  }
  clearTimeout(giveUp);
  aborted.abort();
  const { id } = (await list(`patient=${patient}`)).rows[0]!;
  assert.ok(heard.includes(`"id":"${id}"`), heard);
  const other = await fetch(`${world.program.address}/api/events?topic=emergency-openings`, {
    headers: { cookie: doctor.cookie },
  });
  assert.equal(other.status, 403);
  await other.body?.cancel();
});

test('a header that is sent again within the time is one opening', async () => {
  const doctor = await world.staff('doctor', 'cs-2');
  const { patient } = await world.arrive('cs-1');
  const header = { 'x-break-glass': encodeURIComponent(`unconscious; ${REASON}`) };
  for (let turn = 0; turn < 8; turn++)
    assert.equal((await doctor.call('GET', `/fhir/Patient/${patient}`, undefined, header)).status, 200);
  const { rows } = await list(`patient=${patient}`);
  assert.deepEqual(
    rows.map(({ code }) => code),
    ['unconscious'],
  );
});

test('more persons than the limit are refused, alarmed, and told to the person; also when asked at the same time', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  const patients: string[] = [];
  for (let n = 0; n < 8; n++) patients.push((await world.arrive('cs-2')).patient);
  const answers = await Promise.all(patients.map((patient) => open(doctor, patient)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 5);
  const refused = patients[answers.findIndex(({ status }) => status === 429)]!;
  const { rows } = await list(`patient=${refused}`);
  assert.deepEqual([rows.length, rows[0]!.refused], [1, true]);
  assert.equal((await doctor.call('GET', `/fhir/Encounter?patient=${refused}`)).body.entry?.length ?? 0, 0);
  const lines = await world.program.kernel.pool.query(
    `select outcome from audit where patient = $1 and action = 'break-glass'`,
    [refused],
  );
  assert.deepEqual(lines.rows, [{ outcome: 'refused' }]);
});

test('an opening is taken up and concluded in writing, not by who made it, and is late without', async () => {
  const doctor = await world.staff('doctor', 'cs-2');
  const { patient } = await world.arrive('cs-1');
  await open(doctor, patient);
  const { id } = (await list(`patient=${patient}`)).rows[0]!;
  const review = (person: Person, state: string, conclusion?: string) =>
    person.call('POST', `/api/access/break-glass/${id}/review`, { state, conclusion }, JSON_BODY);
  assert.equal((await review(doctor, 'justified', 'Đúng là cấp cứu thật')).status, 403);
  assert.equal((await review(officer, 'unjustified', 'sai')).status, 400);
  assert.equal((await review(officer, 'new')).status, 400);
  assert.equal((await review(officer, 'reviewed')).status, 200);
  assert.equal((await review(officer, 'reviewed')).status, 409);
  assert.equal((await review(officer, 'unjustified', 'Không có lượt cấp cứu nào ngày đó')).status, 200);
  const { rows } = await list(`patient=${patient}&state=unjustified`);
  assert.deepEqual(
    rows.map(({ conclusion }) => conclusion),
    ['Không có lượt cấp cứu nào ngày đó'],
  );
  await world.program.kernel.pool.query(
    `update access.opening set state = 'new', opened_at = opened_at - interval '8 days' where id = $1`,
    [id],
  );
  assert.equal((await list(`patient=${patient}`)).rows[0]!.late, true);
  assert.equal(
    (await officer.call('POST', '/api/access/break-glass/999999/review', { state: 'reviewed' }, JSON_BODY))
      .status,
    404,
  );
});

test('the list is read page by page and found by words', async () => {
  const first = await list('count=2');
  assert.equal(first.rows.length, 2);
  const second = await list(`count=2&cursor=${first.next}`);
  assert.ok(Number(second.rows[0]!.id) < Number(first.rows[1]!.id));
  assert.ok(first.total >= 4);
  assert.equal((await list('q=kh%C3%B4ng-c%C3%B3')).rows.length, 0);
  assert.equal((await officer.call('GET', '/api/access/break-glass?cursor=x')).status, 400);
  assert.equal(
    (await (await world.staff('nurse', 'cs-1')).call('GET', '/api/access/break-glass')).status,
    403,
  );
});

test('a session that was opened long ago proves itself again before it opens a record', async () => {
  const { patient } = await world.arrive('cs-2');
  const began = Date.now();
  const nurse = await world.staff('nurse', 'cs-1');
  const after = (minutes: number) => world.setNow(new Date(began + minutes * 60_000).toISOString());
  after(10);
  assert.equal((await open(nurse, patient)).status, 200, 'ten minutes are short enough');
  after(18);
  const again = await open(nurse, patient, { reason: 'Một lý do khác, cùng người bệnh này' });
  assert.equal(again.status, 403, again.text);
  assert.ok(again.body.error.details.proof, again.text);
});
