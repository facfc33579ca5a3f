/** Runs every line of docs/integrate.md against a fresh program and compares the status that the page promises. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { withDatabase } from '../kernel/store/testing.ts';
import { type Program, startProgram } from './program.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'integrate.md'), 'utf8');
const LINES = [...PAGE.matchAll(/^curl (.+?) {2}# (\d{3})$/gm)].map(([, words, status]) => ({
  words: words!,
  status: Number(status),
}));

let program: Program;
let stop: () => Promise<void>;
let token = '';

before(async () => {
  const database = await withDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'yba-integrate-'));
  const client = { id: 'partner', secret: 'secret-of-partner' };
  program = await startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: false, client },
    { generate: false },
  );
  stop = async () => {
    await program.stop();
    await database.stop();
    rmSync(folder, { recursive: true });
  };
});
after(() => stop());

test('the page has lines to run, and none without a status', () => {
  assert.ok(LINES.length >= 14);
  assert.equal(LINES.length, PAGE.match(/^curl /gm)!.length);
});

for (const { words, status } of LINES) {
  test(`curl ${words.replace(/^-s /, '').slice(0, 150)}`, async () => {
    const answer = await run(words);
    assert.equal(answer.status, status, answer.text.slice(0, 400));
    if (token === '' && answer.text.includes('access_token'))
      token = (JSON.parse(answer.text) as { access_token: string }).access_token;
  });
}

test('the example visit is in the record once, however often it is sent', async () => {
  const visit = LINES.find(({ words }) => words.includes('visit.json'))!;
  await Promise.all([run(visit.words), run(visit.words), run(visit.words)]);
  for (const query of [
    'Patient?identifier=http://yba.vn/fhir/sid/cccd|099185012345',
    'Encounter?identifier=http://yba.vn/fhir/sid/ma-lk|25D01.202611220730.001',
  ]) {
    const answer = await run(`-H "Authorization: Bearer $TOKEN" 'http://127.0.0.1:8080/fhir/${query}'`);
    assert.equal((JSON.parse(answer.text) as { total: number }).total, 1);
  }
});

/** The options of curl that the page uses, carried out by fetch: the machine of the tests need not have curl. */
async function run(line: string): Promise<{ status: number; text: string }> {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double?.replace('$TOKEN', token) ?? plain!,
  );
  const headers = new Headers();
  const data: string[] = [];
  let method: string | undefined;
  let url = '';
  while (words.length > 0) {
    const word = words.shift()!;
    if (word === '-s') continue;
    if (!word.startsWith('-')) {
      url = word;
      continue;
    }
    const value = words.shift()!;
    if (word === '-u') headers.set('authorization', `Basic ${Buffer.from(value).toString('base64')}`);
    else if (word === '-H')
      headers.set(value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 1).trim());
    else if (word === '-X') method = value;
    else if (word === '-d') data.push(value);
    else if (word === '--data-binary') data.push(readFileSync(join(ROOT, value.slice(1)), 'utf8'));
    else throw new Error(`the test knows no option ${word}`);
  }
  if (data.length > 0 && !headers.has('content-type'))
    headers.set('content-type', 'application/x-www-form-urlencoded');
  const address = url.replace('http://127.0.0.1:8080', program.address);
  const answer = await fetch(address, {
    method: method ?? (data.length > 0 ? 'POST' : 'GET'),
    headers,
    ...(data.length > 0 ? { body: data.join('&') } : {}),
  });
  return { status: answer.status, text: await answer.text() };
}
