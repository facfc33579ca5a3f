/** For tests of searches: a store with what is to be found, there before the first test of a file and closed after the last. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ResourceType } from '../../fhir/types.ts';
import type { SearchAnswer, SearchRequest } from '../contract.ts';
import { type OpenStore, openStore } from '../index.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';

export interface Stored {
  /** From the first test on. */
  readonly store: OpenStore;
  /** @param address `Type?query`; @param patients the only persons whose resources are searched */
  search(address: string, patients?: string[]): Promise<SearchAnswer>;
}

/** @param loads what fills the store */
export function withStored(...loads: ((store: OpenStore) => Promise<void>)[]): Stored {
  let database: TestDatabase | undefined;
  let store: OpenStore | undefined;
  before(async () => {
    database = await withDatabase();
    store = await openStore({ pool: database.pool, sealEvery: 0 });
    for (const load of loads) await load(store);
  });
  after(async () => {
    await store?.close();
    await database?.stop();
  });
  return {
    get store() {
      return store!;
    },
    search: (address, patients) => store!.search(requestOf(address, patients)),
  };
}

export function requestOf(address: string, patients?: string[]): SearchRequest {
  const [type = '', query = ''] = address.split('?');
  const params = [...new URLSearchParams(query)] as [string, string][];
  return { type: type as ResourceType, params, ...(patients ? { patients } : {}) };
}

export const idsOf = (answer: SearchAnswer) => answer.matches.map((match) => match.id);

/** Tests of searches by what each finds, in any order. */
export function tableOf({ search }: Stored) {
  return (title: string, cases: [address: string, expected: string][]): void => {
    test(title, async () => {
      for (const [address, expected] of cases) {
        const found = idsOf(await search(address));
        assert.deepEqual(found.sort(), expected.split(' ').filter(Boolean).sort(), address);
      }
    });
  };
}
