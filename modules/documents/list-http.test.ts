/** The list of a person's papers is narrowed by the server: over all papers, also those that no page has shown yet. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { type ClaimsWorld, openClaimsWorld } from '../insurance/claims/testing.ts';
import { referenceOf } from './issue/reference.ts';
import type { PaperPage } from './issued.ts';

let world: ClaimsWorld;
let cookie: string;
let patient: string;
const PAPERS = 25;
const number = (at: number) => `25D01/TC/2026/${String(at).padStart(6, '0')}`;

before(async () => {
  world = await openClaimsWorld();
  cookie = await cookieOf(world.program.address, 'bacsi');
  ({ patient } = await world.arrive({ name: [{ text: 'Đỗ Ẵm' }] }));
  const papers = Array.from({ length: PAPERS }, (_, at) => ({
    ...referenceOf({
      key: at % 5 === 0 ? 'thuoc' : 'tiem',
      version: '2026-01-01',
      title: at % 5 === 0 ? 'Đơn thuốc' : 'Giấy xác nhận tiêm chủng',
      number: number(at),
      fingerprint: `dau-${at}`,
      patient,
      about: `Patient/${patient}`,
      sources: [],
      labels: [],
      author: { display: at === 3 ? 'Phùng Thị Ỷ' : 'Phùng Văn Minh' },
      unit: null,
      at: `2026-10-${String(at + 1).padStart(2, '0')}T08:00:00+07:00`,
      demo: true,
      replaces: null,
      bytes: Buffer.from('giấy'),
    }),
    id: `giay-${patient.slice(-8)}-${at}`,
    ...(at === 4 ? { status: 'entered-in-error' as const } : {}),
    ...(at === 7 ? { status: 'superseded' as const } : {}),
  }));
  await world.write(papers);
});
after(() => world.stop());

async function list(query: Record<string, string>): Promise<PaperPage> {
  const path = `/api/documents/people/${patient}/papers?${new URLSearchParams(query)}`;
  const answer = await fetch(`${world.program.address}${path}`, { headers: { cookie } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as PaperPage;
}

/** Page by page to the end. */
async function whole(query: Record<string, string>): Promise<string[]> {
  const numbers: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 50; page += 1) {
    const found = await list({ ...query, ...(cursor ? { cursor } : {}) });
    numbers.push(...found.rows.map((row) => row.number));
    cursor = found.next;
    if (cursor === undefined) break;
  }
  return numbers;
}

test('pages follow each other, newest first, and lose none', async () => {
  const all = await whole({ count: '4' });
  assert.deepEqual(
    all,
    Array.from({ length: PAPERS }, (_, at) => number(PAPERS - 1 - at)),
  );
  assert.equal((await list({ count: '4' })).rows.length, 4);
});

test('words find title, number and author without their marks, however far back the paper lies', async () => {
  assert.deepEqual(await whole({ q: 'don thuoc', count: '2' }), [20, 15, 10, 5, 0].map(number));
  assert.deepEqual(await whole({ q: '000002', count: '2' }), [number(2)]);
  assert.deepEqual(await whole({ q: 'phung thi y', count: '2' }), [number(3)]);
  assert.deepEqual(await whole({ q: 'không có đâu', count: '2' }), []);
});

test('a state is asked of the record; another word for it is refused in words', async () => {
  assert.deepEqual(await whole({ state: 'cancelled' }), [number(4)]);
  assert.deepEqual(await whole({ state: 'superseded' }), [number(7)]);
  assert.equal((await whole({ state: 'current', count: '3' })).length, PAPERS - 2);
  const path = `/api/documents/people/${patient}/papers?state=mat`;
  const answer = await fetch(`${world.program.address}${path}`, { headers: { cookie } });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /Trạng thái “mat” không có/);
});
