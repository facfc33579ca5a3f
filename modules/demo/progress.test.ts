import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import type { Store } from '../../kernel/store/contract.ts';
import { type Progress, progressResource, readProgress } from './progress.ts';

test('the mark of progress is valid by R4, also before the first day is drawn, and says what was written', async () => {
  const begun: Progress = {
    seed: 'yba',
    today: '2026-11-22',
    time: '16:00',
    people: 0,
    blocks: 0,
    target: 2_000,
    day: '',
    dayTime: '',
    dayWritten: false,
  };
  for (const progress of [
    begun,
    { ...begun, people: 400, day: '2026-11-22', dayTime: '09:00', dayWritten: true },
  ]) {
    const resource = progressResource(progress);
    assert.deepEqual(validateResource(resource), []);
    const body = Buffer.from(JSON.stringify(resource));
    const store = { read: async () => ({ body, deleted: false }) } as unknown as Store;
    assert.deepEqual(await readProgress(store), progress);
  }
});
