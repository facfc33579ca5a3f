/** A second version of everything, from the first of November: nothing of October changes, and from that day the new one is the law (issue 6, bad input). */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { catchUp, lookAgain } from '../../modules/programmes/follow.ts';
import { type Call, type Club, openClub, PACK, UNIT } from './club.testing.ts';

const OLD = '2026-01-01';
const NEW = '2026-11-01';
let folder: string;
let club: Club;
let nurse: Call;

/** The club's folder with a copy of a file for the new day, some words of it changed. */
function next(name: string, ...changes: [from: string, to: string][]): void {
  let text = readFileSync(join(folder, name), 'utf8');
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${name} has ${from}`);
    text = text.replaceAll(from, to);
  }
  writeFileSync(join(folder, name.replace(OLD, NEW)), text);
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yba-versions-'));
  cpSync(PACK, folder, { recursive: true });
  next('forms/phieu-bay/2026-01-01.json', ['Cấp gió đo ở đầu làng', 'Cấp gió đo ở cuối làng']);
  next(
    'programmes/tha-dieu/2026-01-01.json',
    [OLD, NEW],
    ['"value": 1, "unit": "tháng"', '"value": 3, "unit": "tháng"'],
  );
  next(
    'registers/so-tha-dieu/2026-01-01.json',
    ['Sổ thả diều', 'Sổ thả diều mới'],
    ['"Việc"', '"Đã làm gì"'],
  );
  next('reports/tha-dieu/2026-01-01.json', ['Diều mắc cây (đếm bằng mắt)', 'Diều mắc cây và mái nhà']);
  next('documents/giay-hoi-vien/2026-01-01.json', ['Giấy hội viên thả diều', 'Giấy hội viên kiểu mới']);
  next('documents/giay-hoi-vien/2026-01-01.typ', ['GIẤY HỘI VIÊN THẢ DIỀU', 'GIẤY HỘI VIÊN KIỂU MỚI']);
  next('documents/giay-hoi-vien/2026-01-01.sample.json');
  club = await openClub(folder);
  assert.deepEqual(club.program.house.leftOut, []);
  nurse = await club.signIn('dieuduong');
});
after(async () => {
  await club?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function ok(answer: Promise<{ status: number; body: unknown }>) {
  const { status, body } = await answer;
  assert.ok(status < 300, `${status} ${JSON.stringify(body).slice(0, 600)}`);
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many routes
  return body as any;
}

async function onDay(day: string): Promise<void> {
  club.setDay(day);
  nurse = await club.signIn('dieuduong');
  await lookAgain(club.program.kernel);
  await club.program.kernel.events.settled();
}

const form = (version: string) => `http://yba.vn/fhir/Questionnaire/phieu-bay|${version}`;
const fly = (version: string, place: string) =>
  ok(
    nurse('POST', '/api/forms/answers', {
      form: form(version),
      patient: club.villagers[0]!.patient,
      response: {
        resourceType: 'QuestionnaireResponse',
        status: 'completed',
        questionnaire: form(version),
        item: [
          { linkId: 'gio', answer: [{ valueInteger: 3 }] },
          { linkId: 'bay', answer: [{ valueString: place }] },
        ],
      },
    }),
  );
const hash = (bytes: string) => createHash('sha256').update(bytes).digest('hex');

/** The answer of October. Days only go on: what was judged in November is not judged anew for October. */
let flight: string;

test('who was enrolled before is followed by the new version from its first day', async () => {
  const due = async () =>
    (await ok(nurse('GET', '/api/programmes/tha-dieu/worklist?list=all'))).rows[0].tasks.map(
      ({ key, due: day }: { key: string; due: string }) => `${key} ${day}`,
    );
  const { patient } = club.villagers[0]!;
  await ok(nurse('POST', `/api/programmes/tha-dieu/people/${patient}/enrol`, {}));
  await onDay('2026-10-13');
  flight = (await fly(OLD, 'Bãi cỏ')).id;
  await onDay('2026-10-31');
  assert.ok((await due()).includes('act:kiem-dieu 2026-11-13'), String(await due()));
  await onDay('2026-11-02');
  await catchUp(club.program.kernel);
  assert.ok((await due()).includes('act:kiem-dieu 2027-01-13'), String(await due()));
});

test('an answer keeps its version, the screen begins with the new one, what is amended stays with its own', async () => {
  const { patient } = club.villagers[0]!;
  const opened = await ok(nurse('GET', `/api/forms/open/phieu-bay?patient=${patient}`));
  assert.equal(opened.canonical, form(NEW));
  assert.match(JSON.stringify(opened), /cuối làng/);
  const kept = JSON.stringify(await ok(nurse('GET', `/api/forms/answers/${flight}`)));
  assert.match(kept, /đầu làng/);
  assert.doesNotMatch(kept, /cuối làng/);
  const amended = await ok(nurse('GET', `/api/forms/open/phieu-bay?patient=${patient}&answer=${flight}`));
  assert.equal(amended.canonical, form(OLD), 'what is amended stays with its version');
});

test('books and reports of October are those of October', async () => {
  await onDay('2026-11-30');
  const book = async (to: string) =>
    (await ok(nurse('GET', `/api/station/books/so-tha-dieu?from=2026-10-01&to=${to}`))) as {
      book: { title: string };
      columns: { title: string }[];
      rows: object[];
    };
  const [old, now] = [await book('2026-10-31'), await book('2026-11-30')];
  assert.deepEqual([old.book.title, now.book.title], ['Sổ thả diều', 'Sổ thả diều mới']);
  assert.ok(
    old.columns.some(({ title }) => title === 'Việc') &&
      now.columns.some(({ title }) => title === 'Đã làm gì'),
  );
  assert.equal(old.rows.length, 1);
  const head = await club.signIn('truongtram');
  const sheet = async (month: string) =>
    JSON.stringify(await ok(head('GET', `/api/statistics/sheets/tha-dieu/${UNIT}/${month}`)));
  assert.match(await sheet('2026-10'), /đếm bằng mắt/);
  assert.match(await sheet('2026-11'), /mái nhà/);
});

test('a paper of October is printed again as it was issued; the next one has the new template', async () => {
  const { patient } = club.villagers[0]!;
  await onDay('2026-10-20');
  const make = () => nurse('POST', '/api/documents/papers/giay-hoi-vien', { subject: `Patient/${patient}` });
  await ok(make());
  const listed = async () => (await ok(nurse('GET', `/api/documents/people/${patient}/papers`))).rows;
  const [{ id, title }] = await listed();
  const first = hash(await ok(nurse('GET', `/api/documents/issued/${id}/original.pdf`)));
  await onDay('2026-11-30');
  assert.equal(hash(await ok(nurse('GET', `/api/documents/issued/${id}/original.pdf`))), first);
  await fly(NEW, 'Sân đình');
  await ok(make());
  const papers = await listed();
  assert.equal(papers.length, 2);
  assert.equal(title, 'Giấy hội viên thả diều');
  assert.deepEqual(papers.map((one: { title: string }) => one.title).sort(), [
    'Giấy hội viên kiểu mới',
    'Giấy hội viên thả diều',
  ]);
  assert.equal(hash(await ok(nurse('GET', `/api/documents/issued/${id}/original.pdf`))), first);
});
