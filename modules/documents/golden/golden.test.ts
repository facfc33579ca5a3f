import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { differenceOf, drawPapers, readGolden } from './golden.ts';

test('every paper looks as it did when it was looked at', async () => {
  const papers = await drawPapers();
  assert.ok(papers.length >= 6);
  const differences: string[] = [];
  for (const { name, picture } of papers) {
    const difference = differenceOf(readGolden(name) ?? '', picture);
    if (difference === null) continue;
    const shown = join(mkdtempSync(join(tmpdir(), 'yba-paper-')), `${name}.svg`);
    writeFileSync(shown, picture);
    differences.push(`${name} (drawn: ${shown}) ${difference}`);
  }
  assert.deepEqual(differences, [], 'renew with: node modules/documents/golden/golden.ts');
});

test('a change of layout is seen', () => {
  const golden = '<svg>\n<text x="1"/>\n</svg>';
  assert.equal(differenceOf(golden, golden), null);
  assert.match(
    differenceOf(golden, golden.replace('"1"', '"2"'))!,
    /line 2: was <text x="1"\/>, is <text x="2"\/>/,
  );
});
