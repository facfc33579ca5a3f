import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDataFolder } from './folder.ts';

test('the data folder is closed to other users at every start, however it was found', () => {
  const parent = mkdtempSync(join(tmpdir(), 'yba-folder-'));
  const found = join(parent, 'found');
  mkdirSync(found);
  chmodSync(found, 0o777);
  for (const path of [found, join(parent, 'new', 'data')]) {
    openDataFolder(path);
    // Root's may be entered (the database runs under another account below it), and is listed and written by nobody.
    assert.equal(statSync(path).mode & 0o066, 0, path);
  }
  rmSync(parent, { recursive: true });
});
