/** A session of health education has no patient: its form is about the unit, the book A11 has it, colleagues read it. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import type { AnswerRow, AnswerView, FormRow } from '../forms/contract.ts';
import { openStation, type Station, UNIT } from './testing.ts';

let station: Station;

before(async () => {
  station = await openStation();
});
after(() => station.world.stop());

const SESSION = {
  'buoi/gio': '08:00:00',
  'buoi/noi': 'Nhà văn hoá tổ 5',
  'buoi/hinh-thuc': 'noi-chuyen',
  'nd/chu-de': 'kln',
  'nd/noi-dung': 'Ăn giảm muối, đo huyết áp tại nhà',
  'nd/doi-tuong': 'Người từ 40 tuổi',
  'nd/so-nguoi': 42,
  'nd/so-nu': 25,
  'nd/nguoi': 'Trần Thị Hương Giang',
};

test('a session is written without a patient and stands in book A11; a colleague reads it, another station does not', async () => {
  const { fill, head, world } = station;
  const { id } = await fill('truyen-thong', '_unit', SESSION);
  const [line, second] = await station.book('so-truyen-thong');
  const cells = line!.cells as Record<string, string>;
  assert.deepEqual(
    ['day', 'kind', 'place', 'topic', 'audience', 'people', 'women', 'holder'].map((key) => cells[key]),
    [
      '22/11/2026',
      'Nói chuyện nhóm',
      'Nhà văn hoá tổ 5',
      'Bệnh không lây nhiễm',
      'Người từ 40 tuổi',
      '42',
      '25',
      'Trần Thị Hương Giang',
    ],
  );
  assert.deepEqual([line?.resource, line?.person, line?.withheld, second], [id, null, false, undefined]);
  const read = await head.call<AnswerView>('GET', `/api/forms/answers/${id}`);
  assert.deepEqual([read.status, read.body.patient], [200, '_unit']);
  const { subject, encounter } = read.body.response as QuestionnaireResponse;
  assert.deepEqual([subject?.reference, encounter], [`Organization/${UNIT}`, undefined]);
  const listed = await head.call<{ rows: AnswerRow[] }>('GET', '/api/forms/answers?patient=_unit&q=');
  assert.deepEqual(
    listed.body.rows.map((row) => row.id),
    [id],
  );
  const other = await world.hire('tramkhac', 'nurse', 'cs-25D02');
  assert.equal((await other.call('GET', `/api/forms/answers/${id}`)).status, 403);
  const theirs = await other.call<{ rows: AnswerRow[] }>('GET', '/api/forms/answers?patient=_unit&q=');
  assert.deepEqual(theirs.body.rows, []);
});

test('more women than people is refused; a form of persons is not filled in of a unit, nor the other way round', async () => {
  const { fill, nurse, world } = station;
  await fill('truyen-thong', '_unit', { ...SESSION, 'nd/so-nu': 43 }, 422);
  const { patient } = await world.arrive();
  assert.equal((await nurse.call('GET', `/api/forms/open/truyen-thong?patient=${patient}`)).status, 400);
  assert.equal((await nurse.call('GET', '/api/forms/open/findrisc?patient=_unit')).status, 400);
  const keysOf = async (about: string) =>
    (await nurse.call<{ rows: FormRow[] }>('GET', `/api/forms?about=${about}`)).body.rows.map(
      ({ key }) => key,
    );
  assert.ok(!(await keysOf('person')).includes('truyen-thong'));
  assert.ok((await keysOf('unit')).includes('truyen-thong'));
});

test('a draft of the unit is kept and goes on, and is gone once it is finished', async () => {
  const { fill, nurse } = station;
  const opened = await nurse.call<{ canonical: string; start: QuestionnaireResponse }>(
    'GET',
    '/api/forms/open/truyen-thong?patient=_unit',
  );
  const { canonical: form, start: response } = opened.body;
  const saved = await nurse.call(
    'PUT',
    '/api/forms/drafts',
    { form, patient: '_unit', answer: '', response, place: 'máy 1' },
    { ifMatch: 0 },
  );
  assert.equal(saved.status, 200, JSON.stringify(saved.body));
  const drafts = async () =>
    (await nurse.call<{ rows: { patient: string }[] }>('GET', '/api/forms/drafts')).body.rows;
  assert.deepEqual(
    (await drafts()).map(({ patient }) => patient),
    ['_unit'],
  );
  await fill('truyen-thong', '_unit', SESSION);
  assert.deepEqual(await drafts(), []);
});
