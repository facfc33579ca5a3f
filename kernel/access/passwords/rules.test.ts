/** Which passwords are refused, and by what. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../content/content.ts';
import { readLimits } from '../limits.ts';
import { openBreached } from './breached.ts';
import { openPasswordRules } from './rules.ts';

const content = openContent(join(import.meta.dirname, '..', '..', '..', 'content'));
const limits = readLimits(content, '2026-11-22');
const of = { id: 'ha.ntt', name: 'Nguyễn Thị Thu Hà', hasSecondFactor: false };

test('TCVN 14423: 14 characters of four kinds alone, 8 beside a second factor', async () => {
  const rules = await openPasswordRules(content, limits, null);
  const check = (password: string, hasSecondFactor: boolean) =>
    rules.check(password, { ...of, hasSecondFactor }).then(
      ({ short }) => (short ? 'short' : 'long'),
      () => 'refused',
    );
  assert.equal(await check('Trăng khuyết 8!', false), 'long');
  assert.equal(await check('trăng khuyết lặn', false), 'refused');
  assert.equal(await check('Tkx9!vqzb', false), 'refused');
  assert.equal(await check('Tkx9!vqzb', true), 'short');
  assert.equal(await check('tkxvqzbw', true), 'short');
  assert.equal(await check('tkxvqzb', true), 'refused');
});

test('what is common, typed along the keyboard, or known of the person is refused, in whatever disguise', async () => {
  const rules = await openPasswordRules(content, limits, null);
  for (const password of [
    'Matkhau@123456',
    'M@tkhau1234567!',
    'Password123456!',
    'P@ssw0rd2026!!!!',
    'Benhvien@2026!',
    'Mật khẩu 2026!'.replaceAll(' ', ''),
    'Phutho@1234567',
    'Nguyenvana@1990',
    'Anhyeuem@123456',
    'Qwertyuiop@123',
    '1Qaz2wsx3edc4rfv!',
    'Abcdefgh@12345678',
    'Aaaaaaaaaaaa1!',
    'Admin@01012026',
    'Ha.ntt@2026Ha.ntt!',
    'Thuha@15081990!',
    'Password1!Password1!',
  ])
    await assert.rejects(rules.check(password, of), { code: 'business-rule' }, password);
  for (const password of [
    'Cầu vồng trên đồi chè 7!',
    'x9!Kq-vTz28#mLw',
    'Bốn con cò lội ruộng 5?',
    'Trời mưa ếch kêu 3 lần.',
  ])
    await rules.check(password, of);
});

test('a password of the operator’s list of breached ones is refused, wherever it stands in the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-breached-'));
  const file = join(folder, 'breached.txt');
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();
  const known = Array.from({ length: 5000 }, (_, n) => `lộ ${n}`);
  try {
    const lines = known.map((text, n) => `${sha1(text)}${n % 3 === 0 ? '' : `:${n}`}`).sort();
    writeFileSync(file, `${lines.join('\r\n')}\r\n`);
    const list = await openBreached(file);
    for (const text of known) assert.equal(await list.has(text), true, text);
    for (let n = 0; n < 300; n += 1) assert.equal(await list.has(`không lộ ${n}`), false);

    writeFileSync(
      file,
      `${known
        .map((text) => sha1(text).slice(0, 12))
        .sort()
        .join('\n')}\n`,
    );
    const prefixes = await openBreached(file);
    assert.equal(await prefixes.has('lộ 17'), true);
    assert.equal(await prefixes.has('không lộ'), false);

    writeFileSync(file, 'password\n123456\n');
    await assert.rejects(openBreached(file), /YBA_BREACHED/);
    await assert.rejects(openBreached(join(folder, 'missing')));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
