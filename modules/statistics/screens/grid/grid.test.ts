import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellsOfHtml } from './clipboard-html.ts';
import { NOTHING_TYPED, redone, typed, undone, withoutSent } from './edits.ts';
import { block, cellsOfClipboard, clipboardOf, movedBy, type Place, pastedAt, tabbed } from './place.ts';

const EXTENT = { rows: 3, columns: 2 };

test('arrows, Enter, Home and End stay inside; Tab goes on through the lines and leaves at the ends', () => {
  assert.deepEqual(movedBy('ArrowUp', { row: 0, column: 1 }, EXTENT), { row: 0, column: 1 });
  assert.deepEqual(movedBy('Enter', { row: 0, column: 1 }, EXTENT), { row: 1, column: 1 });
  assert.deepEqual(movedBy('End', { row: 2, column: 0 }, EXTENT), { row: 2, column: 1 });
  assert.deepEqual(movedBy('PageDown', { row: 0, column: 0 }, EXTENT), { row: 2, column: 0 });
  assert.equal(movedBy('a', { row: 0, column: 0 }, EXTENT), null);
  assert.deepEqual(tabbed({ row: 0, column: 1 }, false, EXTENT), { row: 1, column: 0 });
  assert.equal(tabbed({ row: 2, column: 1 }, false, EXTENT), null);
  assert.equal(tabbed({ row: 0, column: 0 }, true, EXTENT), null);
  assert.equal(block({ row: 2, column: 1 }, { row: 1, column: 0 }).length, 4);
});

test('the clipboard of a spreadsheet: lines, empty cells, quotes, the line end at the end', () => {
  assert.deepEqual(cellsOfClipboard('1\t2\r\n3\t\r\n'), [
    ['1', '2'],
    ['3', ''],
  ]);
  assert.deepEqual(cellsOfClipboard('"a\nb"\t"1 ""x"""'), [['a\nb', '1 "x"']]);
  assert.deepEqual(cellsOfClipboard('1.234,5'), [['1.234,5']]);
  assert.deepEqual(cellsOfClipboard('1\n\n3'), [['1'], [''], ['3']]);
  assert.deepEqual(cellsOfClipboard('"a" b\t5" x 3\t"'), [['"a" b', '5" x 3', '"']], 'quotes inside a text');
  assert.equal(
    clipboardOf([
      ['1', '2'],
      ['3', ''],
    ]),
    '1\t2\n3\t',
  );
});

test('the table on the clipboard says the numbers themselves: LibreOffice, Excel and Google Sheets, however they show them', () => {
  const libreOffice = `<html><body><table cellspacing="0" border="0"><colgroup width="85"></colgroup>
    <tr><td height="17" align="left">Tổng &amp; nữ</td><td align="right" sdval="1234.5" sdnum="1033;0;#,##0.00">1,234.50</td></tr>
    <tr><td rowspan=2 align="left"><font face="Arial">x<br>y</font></td><td align="right" sdval="1234" sdnum="1033;">1,234</td></tr>
    <tr><td colspan=2>&#272;&#xE3;&nbsp;xong</td></tr></table></body></html>`;
  assert.deepEqual(cellsOfHtml(libreOffice), [
    ['Tổng & nữ', '1234,5'],
    ['x y', '1234'],
    ['', 'Đã xong', ''],
  ]);
  const excel = `<table border=0><!--StartFragment--><tr height=20><td class=xl65 align=right x:num="1000000">1,000,000</td><td x:num>7</td></tr><!--EndFragment--></table>`;
  assert.deepEqual(cellsOfHtml(excel), [['1000000', '7']]);
  const sheets = `<google-sheets-html-origin><table><tbody><tr><td data-sheets-value="{&quot;1&quot;:3,&quot;3&quot;:-2.25}">-2.25</td><td data-sheets-value="{&quot;1&quot;:2,&quot;2&quot;:&quot;a&quot;}">a</td></tr></tbody></table>`;
  assert.deepEqual(cellsOfHtml(sheets), [['-2,25', 'a']]);
  for (const plain of [
    '',
    '<p>7</p>',
    '<table><tr><td align=right>1,234</td></tr></table>',
    '<table><tr><td sdval="x">1',
  ])
    assert.equal(cellsOfHtml(plain), null, 'without its numbers the plain text says as much');
});

test('a paste is written where there are cells; what is beyond the form or for a closed cell is counted', () => {
  // The second column is made of the first: it holds 7 and nobody writes in it.
  const cellAt = ({ row, column }: Place) => ({
    cell: `${row}.${column}`,
    open: column === 0,
    says: (text: string) => text === '7',
  });
  assert.deepEqual(
    pastedAt(
      [
        ['1', '7', '5'],
        ['2', '8', ''],
        ['3', ''],
      ],
      { row: 1, column: 0 },
      EXTENT,
      [],
      cellAt,
    ),
    {
      cells: [
        { cell: '1.0', text: '1' },
        { cell: '2.0', text: '2' },
      ],
      outside: 2,
      closed: 1,
    },
  );
  const both = [
    { row: 0, column: 0 },
    { row: 1, column: 0 },
  ];
  assert.deepEqual(pastedAt([['4']], both[1]!, EXTENT, both, cellAt).cells, [
    { cell: '0.0', text: '4' },
    { cell: '1.0', text: '4' },
  ]);
});

test('undo gives back what stood there, redo goes forward again', () => {
  const kept = () => ({ value: 7, seen: 1 });
  const one = typed(NOTHING_TYPED, { a: { value: 1, seen: 1 } }, kept);
  const two = typed(one, { a: { value: 2, seen: 1 }, b: { value: 3, seen: 1 } }, kept);
  const back = undone(two, kept);
  assert.deepEqual(back.edits, { a: { value: 1, seen: 1 }, b: { value: 7, seen: 1 } });
  assert.deepEqual(redone(back, kept).edits, two.edits);
  assert.equal(undone(NOTHING_TYPED, kept), NOTHING_TYPED);
});

test('undo takes back what the server has by now, and what is on its way to it; a correction with its reason', () => {
  const stood = { a: { value: 12, seen: 1 }, b: { value: 121, seen: 2, reason: 'sổ giấy' } };
  const pasted = typed(
    NOTHING_TYPED,
    { a: { value: 8, seen: 1 }, b: { value: null, seen: 2 } },
    (cell) => stood[cell as 'a' | 'b'],
  );
  const written = { a: { value: 8, seen: 5 }, b: { value: null, seen: 6 } };
  const sent = withoutSent(pasted, pasted.edits, (cell) => written[cell as 'a' | 'b'].seen);
  assert.deepEqual(sent.edits, {});
  const back = { a: { value: 12, seen: 5 }, b: { value: 121, seen: 6, reason: 'sổ giấy' } };
  assert.deepEqual(undone(sent, (cell) => written[cell as 'a' | 'b']).edits, back);
  const meanwhile = undone(pasted, (cell) => stood[cell as 'a' | 'b']);
  assert.deepEqual(
    withoutSent(meanwhile, pasted.edits, (cell) => written[cell as 'a' | 'b'].seen).edits,
    back,
    'the answer comes after the undo',
  );
});

test('what holds the wanted number already is not written again', () => {
  const kept = () => ({ value: null, seen: 0 });
  const dropped = { ...typed(NOTHING_TYPED, { a: { value: 5, seen: 0 } }, kept), edits: {} };
  assert.deepEqual(undone(dropped, kept).edits, {});
});

test('what was typed over while it was on its way stays, and stands on the entry of now', () => {
  const kept = () => ({ value: null, seen: 0 });
  const sent = { a: { value: 1, seen: 0 }, b: { value: 2, seen: 0 } };
  const now = typed(typed(NOTHING_TYPED, sent, kept), { b: { value: 5, seen: 0 } }, kept);
  assert.deepEqual(withoutSent(now, sent, () => 4).edits, { b: { value: 5, seen: 4 } });
});
