/** Search of people by name against a naive reading in memory, both ways it is carried out. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Resource } from '../../fhir/types.ts';
import { pick, randomFrom } from '../../fhir/validation/random.testing.ts';
import { foldKeepingMarks, foldText, foldWords } from '../../text/fold.ts';
import type { Write } from '../contract.ts';
import { type OpenStore, openStore } from '../index.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import type { Cursor } from './cursor.ts';
import { parameterKey } from './keys.ts';
import { chooseDriver, namePageSql, nameQuestion, WordCounts } from './names.ts';
import { parseQuery } from './parse.ts';
import { Statement } from './statement.ts';

const FAMILIES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Đỗ', 'Đào'];
const MIDDLES = ['Thị', 'Văn', 'Hữu', 'Nguyên', 'Anh', 'Ánh'];
const GIVEN = ['An', 'Anh', 'Ánh', 'Ân', 'Lan', 'Đào', 'Đạo', 'Nguyên', 'Hòa', 'Hoà'];

const random = randomFrom(7);
const people = Array.from({ length: 400 }, (_, i) => {
  const words = [pick(random, FAMILIES), pick(random, MIDDLES), pick(random, GIVEN)];
  if (random() < 0.3) words.splice(2, 0, pick(random, GIVEN));
  return { id: `n${i}`, name: words.join(' '), born: 1960 + (i % 4) };
});

let database: TestDatabase;
let store: OpenStore;

before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
  const writes = people.map(({ id, name, born }): Write => {
    const [family, ...given] = name.split(' ');
    return {
      op: 'update',
      resource: {
        resourceType: 'Patient',
        id,
        name: [{ text: name, family, given }],
        birthDate: `${born}-02-03`,
      } as Resource,
    };
  });
  await store.commit(writes, []);
});
after(async () => {
  await store?.close();
  await database?.stop();
});

/** Rank of a name for what was typed, null when it does not match. */
function rankOf(name: string, typed: string): number | null {
  const words = foldWords(typed);
  const own = foldWords(name);
  if (!words.every((word) => own.some((part) => part.startsWith(word)))) return null;
  const asTyped = foldKeepingMarks(typed).split(' ');
  const written = foldKeepingMarks(name).split(' ');
  const hasMarks = foldKeepingMarks(typed) !== foldText(typed);
  const marked = hasMarks && asTyped.every((word) => written.some((part) => part.startsWith(word)));
  const inOrder = ` ${own.join(' ')}`.includes(` ${words.join(' ')}`);
  return (marked ? 0 : 2) + (inOrder ? 0 : 1);
}

const QUESTIONS = [
  'anh',
  'ánh',
  'Lê Ánh',
  'anh le',
  'nguyen',
  'nguyễn nguyên',
  'ng an',
  'đào',
  'dao nguyen',
  'an an',
  'thi a',
  'hoà',
  'Nguyễn Văn An',
  'lan tran',
  'xyz',
  'n t a',
];

test('every matching person once, the best rank first, page by page', async () => {
  for (const typed of QUESTIONS) {
    const expected = people.flatMap(({ id, name }) => {
      const rank = rankOf(name, typed);
      return rank === null ? [] : [{ id, rank }];
    });
    const ranks = new Map(expected.map(({ id, rank }) => [id, rank]));
    const found: string[] = [];
    let next: [string, string][] | undefined = [
      ['name', typed],
      ['_count', '17'],
    ];
    while (next) {
      const answer = await store.search({ type: 'Patient', params: next });
      found.push(...answer.matches.map((match) => match.id));
      next =
        answer.next === undefined ? undefined : ([...new URLSearchParams(answer.next)] as [string, string][]);
    }
    assert.deepEqual([...found].sort(), expected.map((e) => e.id).sort(), typed);
    const inOrder = found.map((id) => ranks.get(id)!);
    assert.deepEqual(
      inOrder,
      inOrder.toSorted((a, b) => a - b),
      typed,
    );
  }
});

test('a name with a birth year answers those of the year, page by page', async () => {
  for (const typed of QUESTIONS) {
    const expected = people.filter(({ name, born }) => born === 1962 && rankOf(name, typed) !== null);
    const found: string[] = [];
    let next: [string, string][] | undefined = [
      ['name', typed],
      ['birthdate', '1962'],
      ['_count', '7'],
    ];
    while (next) {
      const answer = await store.search({ type: 'Patient', params: next });
      found.push(...answer.matches.map((match) => match.id));
      next =
        answer.next === undefined ? undefined : ([...new URLSearchParams(answer.next)] as [string, string][]);
    }
    assert.deepEqual(found.toSorted(), expected.map(({ id }) => id).toSorted(), typed);
  }
});

test('looking at all rows and going rank by rank answer the same, from any word', async () => {
  for (const typed of QUESTIONS) {
    const query = parseQuery({ type: 'Patient', params: [['name', typed]] });
    const { question } = nameQuestion(query)!;
    for (const word of question.words) {
      const pages = await Promise.all(
        [true, false].map(async (rare) => {
          const seen: { id: string; rank: number }[] = [];
          let from: Cursor | undefined;
          for (;;) {
            const statement = new Statement();
            const page = {
              query,
              question,
              driver: { word, rare },
              condition: { op: 'true' } as const,
              limit: 9,
              after: from,
            };
            const text = namePageSql(page, { statement, persons: undefined });
            const { rows } = await database.pool.query(text, statement.values);
            seen.push(...rows.map((row) => ({ id: row.id as string, rank: Number(row.k0) })));
            const last = rows.at(-1);
            if (rows.length < 9) return seen;
            from = { back: false, idh: BigInt(last.idh), values: [last.k0, last.k1, last.k2, last.k3] };
          }
        }),
      );
      const [all, byRank] = pages.map((seen) => seen.map(({ id, rank }) => `${rank} ${id}`));
      assert.equal(new Set(byRank).size, byRank!.length, typed);
      assert.deepEqual(byRank!.toSorted(), all!.toSorted(), `${typed} by ${word}`);
    }
  }
});

test('the rarest word leads; a word that many have is counted once', async () => {
  const rows: Record<string, number> = {
    nguyen: 70_000,
    thi: 60_000,
    lan: 900,
    anh: 4_000,
    duc: 12_000,
    mai: 1_500,
  };
  const counted: string[][] = [];
  const db = {
    query: async (_text: string, values: unknown[]) => {
      const words = values.filter((value): value is string => typeof value === 'string' && value in rows);
      counted.push(words);
      return { rows: [{ counts: words.map((word) => rows[word]!) }] };
    },
  } as unknown as Parameters<typeof chooseDriver>[2];
  const counts = new WordCounts();
  const driverOf = (name: string) => {
    const { question } = nameQuestion(parseQuery({ type: 'Patient', params: [['name', name]] }))!;
    return chooseDriver(question, undefined, db, counts);
  };
  assert.deepEqual(await driverOf('nguyen thi lan'), { word: 'lan', rare: true });
  assert.deepEqual(await driverOf('nguyen thi anh'), { word: 'anh', rare: true });
  assert.deepEqual(await driverOf('nguyen thi'), { word: 'thi', rare: false });
  assert.deepEqual(await driverOf('nguyen duc'), { word: 'duc', rare: false });
  assert.deepEqual(await driverOf('nguyen thi duc'), { word: 'duc', rare: true });
  assert.deepEqual(await driverOf('nguyen anh mai'), { word: 'mai', rare: true });
  assert.deepEqual(
    counted,
    [['nguyen', 'thi', 'lan'], ['anh'], ['duc'], ['mai']],
    'lan and mai, the small ones, are asked anew',
  );
  await driverOf('thi lan');
  assert.deepEqual(counted.at(-1), ['lan']);
});

test('the index of names of people is made for the parameter that names are kept under', async () => {
  const { rows } = await database.pool.query<{ indexdef: string }>(
    "select indexdef from pg_indexes where tablename = 'str' and indexdef like '%INCLUDE (pt, idh) WHERE%'",
  );
  assert.ok(rows[0]?.indexdef.includes(`'${parameterKey('Patient.name')}'`), rows[0]?.indexdef);
});
