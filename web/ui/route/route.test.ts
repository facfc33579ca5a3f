import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchPath } from './route.ts';

test('a path with parameters is matched and decoded', () => {
  assert.deepEqual(matchPath('/ho-so/:id', '/ho-so/a%2Fb'), { id: 'a/b' });
  assert.deepEqual(matchPath('/tiep-don', '/tiep-don/'), {});
  assert.equal(matchPath('/ho-so/:id', '/ho-so'), null);
  assert.equal(matchPath('/ho-so/:id', '/kham/1'), null);
});

test('a broken percent sign in an address does not break the page', () => {
  assert.deepEqual(matchPath('/ho-so/:id', '/ho-so/%E0%A4%A'), { id: '%E0%A4%A' });
});
