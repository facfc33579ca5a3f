/** Searches by texts and names on a real database, with what must not be found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFixture } from './fixture.testing.ts';
import { idsOf as ids, tableOf, withStored } from './stored.testing.ts';

const stored = withStored(loadFixture);
const { search } = stored;
const table = tableOf(stored);

table('string: folded beginning, :contains, :exact (R4 3.1.1.4.8)', [
  ['Organization?name=tram', 'tram'],
  ['Organization?name=TRẠM Y TẾ', 'tram'],
  ['Organization?name=tam dao', ''],
  ['Organization?name:contains=tam dao', 'tram'],
  ['Organization?name:exact=Trạm Y tế xã Tam Đảo', 'tram'],
  ['Organization?name:exact=trạm y tế xã tam đảo', ''],
  ['Organization?name:exact=Trạm Y tế', ''],
  ['Patient?family=ngu', 'lan'],
  ['Patient?family=Nguyễn,Trần', 'lan minh'],
  ['Patient?family:exact=Nguyen', ''],
  ['Patient?family:exact=Nguyễn', 'lan'],
  ['Patient?family:contains=guy', 'lan'],
  ['Patient?given=thi', 'lan dao anh2'],
  ['Patient?address=thon dong', 'lan'],
  ['Patient?address=xa tam', 'lan'],
  ['Patient?address-city=xa tam dao', 'lan'],
  ['Patient?address-city=tam', ''],
  ['Patient?address-state:contains=phu tho', 'lan'],
  ['Patient?address-country=VN', 'lan'],
  ['Observation?value-string=sot', 'note'],
]);

table('names: any order of words, each from its beginning, with or without marks', [
  ['Patient?name=anh', 'anh1 anh2'],
  ['Patient?name=lan nguyen', 'lan'],
  ['Patient?name=ngu lan', 'lan'],
  ['Patient?name=nguyên', 'lan dao'],
  ['Patient?name=đào', 'dao'],
  ['Patient?name=le anh', 'anh1 anh2'],
  ['Patient?name=le anh&gender=female', 'anh2'],
  ['Patient?name=guyen', ''],
  ['Patient?name:contains=guyen', 'lan dao'],
  ['Patient?name:exact=Lan', 'lan'],
  ['Patient?name=lan&birthdate=1985-02-07', 'lan'],
  ['Patient?name=lan,minh', 'lan minh'],
  ['Practitioner?name=ha pham', 'bs'],
]);

test('names with the marks that were typed come first, then the order typed', async () => {
  assert.deepEqual(ids(await search('Patient?name=ánh')), ['anh2', 'anh1']);
  assert.deepEqual(ids(await search('Patient?name=nguyên')), ['dao', 'lan']);
  assert.deepEqual(ids(await search('Patient?name=lê ánh')), ['anh2', 'anh1']);
});
