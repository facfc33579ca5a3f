import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv, spreadsheetCsv } from './csv.ts';

test('a file for a spreadsheet begins with its byte-order mark, and no text of it is a formula', () => {
  const texts = ['=1+1', '+84 91', '-cmd', '@SUM(A1)', '\t=1', '＝1', 'Trạm Y tế', '=HYPERLINK("x"),\n1'];
  const file = spreadsheetCsv(
    ['name', 'n'],
    texts.map((name) => ({ name, n: '-12.5' })),
  );
  assert.equal(Buffer.from(file).subarray(0, 3).toString('hex'), 'efbbbf');
  const read = parseCsv(file);
  assert.deepEqual(
    read.map(({ name }) => name),
    texts.map((text) => (text === 'Trạm Y tế' ? text : `'${text}`)),
  );
  assert.deepEqual([...new Set(read.map(({ n }) => n))], ['-12.5'], 'a number stays one');
  const ends = file
    .replaceAll(/"[^"]*"/g, '')
    .split('\n')
    .slice(0, -1);
  assert.ok(
    ends.every((line) => line.endsWith('\r')),
    'RFC 4180 §2.1: lines end with CRLF',
  );
});
