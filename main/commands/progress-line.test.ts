import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadProgress } from '../../kernel/store/index.ts';
import { openProgressLine, progressText } from './progress-line.ts';

const progress: LoadProgress = {
  created: 119_000,
  updated: 500,
  unchanged: 500,
  deleted: 0,
  refused: 3,
  bytes: 300,
  bytesRead: 100,
  elapsed: 10_000,
  before: 20_000,
};

test('the bar says share, resources, rate, what remains and errors', () => {
  assert.equal(
    progressText(progress, true),
    '[########----------------] 33% · 120.000 bản ghi · 10.000/giây · còn 20 giây · 3 lỗi',
  );
  assert.equal(progressText({ ...progress, bytes: 0 }, false), '120.000 bản ghi · 10.000/giây · 3 lỗi');
});

test('a terminal has one line that is written over, anything else a plain line every ten seconds', () => {
  const shown = (isTTY: boolean) => {
    let text = '';
    let now = 0;
    const line = openProgressLine({ isTTY, write: (some) => (text += some) }, () => now);
    for (; now < 25_000; now += 1_000) line.show(progress);
    line.end();
    return text;
  };
  const terminal = shown(true);
  assert.equal(terminal.split('\r').length, 26);
  assert.equal(terminal.split('\n').length, 2);
  assert.deepEqual([shown(false).split('\n').length, shown(false).includes('\r')], [3, false]);
});
