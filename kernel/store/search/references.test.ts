/** Searches by references, addresses and chains on a real database, with what must not be found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import { loadFixture } from './fixture.testing.ts';
import { idsOf as ids, tableOf, withStored } from './stored.testing.ts';

const stored = withStored(loadFixture);
const { search } = stored;
const table = tableOf(stored);

table('reference: Type/id, id, :Type, :identifier, canonical (R4 3.1.1.4.12)', [
  ['Observation?subject=Patient/lan', 'pulse glucose bp note below'],
  ['Observation?patient=lan', 'pulse glucose bp note below'],
  ['Observation?subject:Patient=lan', 'pulse glucose bp note below'],
  ['Observation?subject=lan', 'pulse glucose bp note below'],
  ['Observation?subject=Group/lan', ''],
  ['Observation?encounter=Encounter/e1', 'pulse'],
  ['Observation?performer=Practitioner/bs', 'glucose'],
  ['Observation?performer=Practitioner/nobody', ''],
  ['Encounter?service-provider=tram', 'e1 e2'],
  ['Encounter?location=Location/phong', 'e1'],
  ['DocumentReference?subject:identifier=http://yba.vn/fhir/sid/cccd|099185000001', 'doc'],
  ['DocumentReference?patient=lan', ''],
  ['QuestionnaireResponse?questionnaire=http://yba.vn/q', 'qr'],
  ['QuestionnaireResponse?questionnaire=http://yba.vn/q|3', 'qr'],
  ['QuestionnaireResponse?questionnaire=http://yba.vn/q|4', ''],
  ['Task?focus=Encounter/e1', 'task'],
  ['Organization?partof=so', 'tram'],
]);

table('uri: exact (R4 3.1.1.4.13)', [
  ['ValueSet?url=http://yba.vn/vs', 'vs'],
  ['ValueSet?url=http://yba.vn', ''],
  ['ValueSet?url:below=http://yba.vn/', 'vs'],
  ['ValueSet?url:below=http://yba.vn/vs', 'vs'],
  ['ValueSet?url:below=http://yba.vn/vs/', ''],
  ['ValueSet?url:below=http://other/,http://yba', 'vs'],
  ['ValueSet?url:above=http://yba.vn/vs/123/_history/5', 'vs'],
  ['ValueSet?url:above=http://yba.vn/vs', 'vs'],
  ['ValueSet?url:above=http://yba.vn/v', ''],
  ['ValueSet?url:above=http://yba.vn/vs2/123', ''],
  ['Patient?_profile:below=http://yba.vn/', 'lan'],
  ['Patient?_profile:below=http://yba.vn/q', ''],
  ['Patient?_profile=http://yba.vn/p', 'lan'],
  ['Patient?_profile=http://yba.vn/p|1.0', 'lan'],
  ['Patient?_profile=http://yba.vn/p|2.0', ''],
  ['Patient?_source=http://yba.vn/source', 'lan'],
]);

table('_id, chains and reverse chains (R4 3.1.1.5)', [
  ['Patient?_id=lan', 'lan'],
  ['Patient?_id=lan,minh,nobody', 'lan minh'],
  ['Observation?_id=pulse', 'pulse'],
  ['Patient?_id:missing=true', ''],
  ['Patient?_id:missing=false&gender=female', 'lan dao anh2'],
  ['Patient?_lastUpdated:missing=false&gender=female', 'lan dao anh2'],
  ['Patient?_lastUpdated:missing=true', ''],
  ['Patient?_has:Observation:patient:_id:missing=false&active=true', 'lan'],
  ['Observation?subject:Patient._id:missing=true', ''],
  ['Organization?_id=so', 'so'],
  ['Organization?_id=not an id', ''],
  ['Observation?subject:Patient.name=lan', 'pulse glucose bp note below'],
  ['Observation?patient.gender=male', 'glucose2 blood-group dated'],
  ['Observation?patient.identifier=http://yba.vn/fhir/sid/cccd|099185000001&code=8867-4', 'pulse'],
  ['Observation?encounter.class=AMB', 'pulse'],
  ['Observation?encounter.service-provider.name=tram', 'pulse'],
  ['Observation?encounter:Encounter.service-provider.partof.name=so', 'pulse'],
  ['Observation?performer:Practitioner.name=ha', 'glucose'],
  ['Encounter?service-provider.name=benh', ''],
  ['Patient?organization.name=tram', 'lan'],
  ['Patient?_has:Observation:patient:code=8867-4', 'lan'],
  ['Patient?_has:Observation:patient:code=882-1', 'minh'],
  ['Patient?_has:Encounter:subject:_has:Observation:encounter:code=8867-4', 'lan'],
  ['Practitioner?_has:Observation:performer:code=2339-0', 'bs'],
  ['Practitioner?_has:Observation:performer:code=8867-4', ''],
  ['Organization?_has:Encounter:service-provider:class=IMP', 'tram'],
  ['Encounter?_has:Observation:encounter:code=8867-4', 'e1'],
  ['Patient?_has:Condition:patient:code:below=http://hl7.org/fhir/sid/icd-10|E11', 'lan'],
]);

test('chains go on to their twelfth link, and are refused by name after it', async () => {
  const chain = (links: number) => `Organization?${'partof.'.repeat(links)}name=so`;
  assert.deepEqual(ids(await search(chain(1))), ['tram']);
  assert.deepEqual(ids(await search(chain(12))), []);
  assert.deepEqual(
    ids(await search('Patient?_has:Encounter:patient:service-provider.partof.name=so')).sort(),
    ['lan', 'minh'],
  );
  await assert.rejects(search(chain(13)), (error: unknown) => {
    assert.ok(error instanceof Failure);
    assert.match(error.issues[0]?.textEn ?? '', /more than 12 links/);
    return true;
  });
  // Every link of this one may lead to a dozen types.
  const wide = `Task?${'based-on:CarePlan.'.repeat(1)}care-team.participant.organization.partof.name=x`;
  assert.deepEqual(ids(await search(wide)), []);
});
