import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watermarked } from './watermark.ts';

const PAGE = '<svg viewBox="0 0 419.5 595.3" xmlns="http://www.w3.org/2000/svg"><g id="trang"/></svg>';

test('the words stand over the whole page, behind nothing, and the page itself is untouched', () => {
  const made = watermarked(PAGE, 'Phùng Văn Minh · 23/11/2026 08:30');
  assert.ok(made.startsWith(PAGE.slice(0, -'</svg>'.length)));
  assert.ok(made.endsWith('</g></svg>'));
  const places = [...made.matchAll(/<text x="([\d.-]+)" y="([\d.-]+)"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  assert.ok(places.length >= 8, `${places.length} marks`);
  for (const quarter of [0.25, 0.5, 0.75, 1])
    assert.ok(
      places.some(([, y]) => Math.abs(y! - 595.3 * quarter) < 130),
      `a mark near ${quarter} of the page`,
    );
  assert.ok(places.some(([x]) => x! > 419.5 / 2));
});

test('a name is text, never markup', () => {
  const made = watermarked(PAGE, '</text><script>x</script>&"\u0007');
  assert.ok(!made.includes('<script>'));
  assert.ok(made.includes('&lt;script&gt;x&lt;/script&gt;&amp;&quot;</text>'));
  assert.ok(!made.includes('\u0007'));
});
