/**
 * Every paper of the content under the eye of a second reader (strict.testing.ts, which shares nothing with the engine that made
 * them): PDF/A by ISO 19005-2, of the size that it says, and its text is the Vietnamese text.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  content,
  openPrinter,
  type Printed,
  reportsPrinted,
  samplesPrinted,
  stamped,
  wordsGiven,
  wordsOf,
} from './printed.testing.ts';
import { type Look, look } from './strict.testing.ts';

const documents = openPrinter();
after(() => documents.close());

const samples = await samplesPrinted(documents);
const looks = new Map<Printed, Look>();
for (const each of samples) looks.set(each, await look(each.bytes, each.part));

/** Millimetres; a roll is as long as what stands on it. */
const SHEETS: Readonly<Record<string, readonly [number, number]>> = { a4: [210, 297], a5: [148, 210] };
const WIDTH_OF_ROLL = 80;
const LARGEST_LABEL = 100;
const inMillimetres = (points: number) => Math.round((points / 72) * 25.4);

test('every template of the content with its sample is PDF/A by a second reader', () => {
  const faults = samples.flatMap((each) => looks.get(each)!.faults.map((fault) => `${each.name}: ${fault}`));
  assert.deepEqual(faults, []);
  assert.deepEqual([...new Set(samples.map(({ size }) => size))].sort(), ['a4', 'a5', 'label', 'roll']);
  const templates = content
    .files('documents')
    .filter((file) => /^(?!report|stamp)[^/]+\/\d{4}-\d{2}-\d{2}\.typ$/.test(file));
  assert.deepEqual(samples.map(({ template }) => `${template}.typ`).sort(), templates.sort());
});

test('each is of the size that its definition says', () => {
  for (const each of samples) {
    const { sizes } = looks.get(each)!;
    assert.ok(sizes.length > 0, each.name);
    for (const { width, height } of sizes) {
      const sides = [width, height].map(inMillimetres).sort((a, b) => a - b);
      if (each.size === 'roll') assert.equal(inMillimetres(width), WIDTH_OF_ROLL, each.name);
      else if (each.size === 'label')
        assert.ok(sides[1]! <= LARGEST_LABEL, `${each.name}: ${sides.join(' × ')} mm`);
      else assert.deepEqual(sides, SHEETS[each.size], each.name);
    }
  }
});

test('the text that is read out of a paper is NFC, and each of its words stands in its template or its data', () => {
  for (const each of samples) {
    const { pages, title } = looks.get(each)!;
    const text = pages.join('\n');
    assert.equal(text, text.normalize('NFC'), each.name);
    assert.equal(title, title.normalize('NFC'));
    const words = wordsOf(text);
    assert.ok(words.length > 10, `${each.name}: ${words.length} words`);
    assert.match(text, /[ăâđêôơưạ-ỹĂÂĐÊÔƠƯẠ-Ỹ]/, each.name);
    const given = wordsGiven(each);
    assert.deepEqual(
      words.filter((word) => !given.has(word)),
      [],
      each.name,
    );
  }
});

test('a copy of every paper, and the copy when it is cancelled, is PDF/A and says both', async () => {
  for (const each of samples)
    for (const [at, bytes] of (await stamped(documents, each)).entries()) {
      const { faults, pages } = await look(bytes, each.part);
      assert.deepEqual(faults, [], `${each.name}, stamp ${at + 1}`);
      assert.equal(pages.length, looks.get(each)!.pages.length);
      for (const [number, page] of pages.entries()) {
        assert.ok(page.startsWith(looks.get(each)!.pages[number]!), each.name);
        assert.match(
          page,
          at === 0 ? /BẢN SAO lần 2 · Trạm Y tế xã Ỷ La/ : /BẢN SAO[\s\S]*ĐÃ HUỶ · 22\/11\/2026/,
        );
      }
    }
});

test('every book and every form of a report, by every template of reports, is PDF/A and holds each of its heads', async () => {
  const reports = await reportsPrinted(documents);
  assert.ok(reports.length > 0);
  for (const each of reports) {
    const { faults, pages, sizes } = await look(each.bytes);
    assert.deepEqual(faults, [], each.name);
    for (const { width, height } of sizes) assert.ok(width > height, `${each.name} lies on its side`);
    const { grid } = each.data as { grid: { head: { text: string }[][] } };
    const squeezed = pages.join('').replaceAll(/\s/g, '');
    for (const { text } of grid.head.flat())
      assert.ok(squeezed.includes(text.normalize('NFC').replaceAll(/\s/g, '')), `${each.name}: ${text}`);
  }
});
