/** Runs every line of every page of docs/integrate against a fresh program of its own and compares the status that the page promises. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type TestDatabase, withDatabase } from '../kernel/store/testing.ts';
import { startProgram } from './program.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs', 'integrate');
const TOKEN_LINE =
  'curl -s -u partner:secret-of-partner -d grant_type=client_credentials http://127.0.0.1:8080/oauth2/token';

/** A program of one page, and the token of its client. */
interface World {
  address: string;
  token: string;
  stop(): Promise<void>;
}

const pages = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md'))
  .sort();
const textOf = (page: string) => readFileSync(join(FOLDER, page), 'utf8');

function linesOf(page: string): { words: string; status: number }[] {
  return [...textOf(page).matchAll(/^curl (.+?) {2}# (\d{3})$/gm)].map(([, words, status]) => ({
    words: words!,
    status: Number(status),
  }));
}

test('the map names every page of the folder, each has lines to run, and no line is without a status', () => {
  const named = [...textOf('README.md').matchAll(/^\| \[[\w-]+\.md\]\(([\w-]+\.md)\)/gm)].map(
    ([, one]) => one!,
  );
  assert.deepEqual(
    named.toSorted(),
    pages.filter((page) => page !== 'README.md'),
  );
  for (const page of named) {
    assert.ok(linesOf(page).length > 0, `${page} has no line to run`);
    assert.equal(
      linesOf(page).length,
      textOf(page).match(/^curl /gm)!.length,
      `${page}: a line has no status`,
    );
  }
});

for (const page of pages.filter((one) => linesOf(one).length > 0)) {
  describe(`docs/integrate/${page}`, () => {
    let world: World;
    before(async () => {
      world = await startWorld();
    });
    after(() => world.stop());

    for (const { words, status } of linesOf(page)) {
      test(`curl ${words.replace(/^-s /, '').slice(0, 150)}`, async () => {
        const answer = await run(world, words);
        assert.equal(answer.status, status, answer.text.slice(0, 400));
      });
    }

    if (page === 'transactions.md') {
      test('the example visit is in the record once, however often it is sent', async () => {
        const { words } = linesOf(page).find((line) => line.words.includes('visit.json'))!;
        await Promise.all([run(world, words), run(world, words), run(world, words)]);
        for (const query of [
          'Patient?identifier=http://yba.vn/fhir/sid/cccd|099185012345',
          'Encounter?identifier=http://yba.vn/fhir/sid/ma-lk|25D01.202611220730.001',
        ]) {
          const answer = await run(
            world,
            `-H "Authorization: Bearer $TOKEN" 'http://127.0.0.1:8080/fhir/${query}'`,
          );
          assert.equal((JSON.parse(answer.text) as { total: number }).total, 1);
        }
      });
    }
  });
}

// One PostgreSQL for all pages, kept between them: it ends with the last database that uses it.
let held: TestDatabase;
before(async () => {
  held = await withDatabase();
});
after(() => held.stop());

async function startWorld(): Promise<World> {
  const database = await withDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'yba-integrate-'));
  const client = { id: 'partner', secret: 'secret-of-partner' };
  const program = await startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: false, client },
    { generate: false },
  );
  const world: World = {
    address: program.address,
    token: '',
    stop: async () => {
      await program.stop();
      await database.stop();
      rmSync(folder, { recursive: true });
    },
  };
  const { text } = await run(world, TOKEN_LINE.replace('curl ', ''));
  world.token = (JSON.parse(text) as { access_token: string }).access_token;
  return world;
}

/** The options of curl that the page uses, carried out by fetch: the machine of the tests need not have curl. */
async function run(world: World, line: string): Promise<{ status: number; text: string }> {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double?.replace('$TOKEN', world.token) ?? plain!,
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
  const address = url.replace('http://127.0.0.1:8080', world.address);
  const answer = await fetch(address, {
    method: method ?? (data.length > 0 ? 'POST' : 'GET'),
    headers,
    ...(data.length > 0 ? { body: data.join('&') } : {}),
  });
  return { status: answer.status, text: await answer.text() };
}
