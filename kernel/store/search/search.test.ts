/** Searches on a real database: a table of cases for each kind of parameter, with what must not be found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import type { ResourceType } from '../../fhir/types.ts';
import { loadFixture } from './fixture.testing.ts';
import { idsOf as ids, withStored } from './stored.testing.ts';

const stored = withStored(loadFixture);

const { search } = stored;

/** Expected ids in any order. */
function table(title: string, cases: [address: string, expected: string][]): void {
  test(title, async () => {
    for (const [address, expected] of cases) {
      const found = ids(await search(address));
      assert.deepEqual(found.sort(), expected.split(' ').filter(Boolean).sort(), address);
    }
  });
}

table('token: code, system|code, |code, system| (R4 3.1.1.4.10)', [
  ['Observation?code=8867-4', 'pulse nobody'],
  ['Observation?code=http://loinc.org|8867-4', 'pulse nobody'],
  ['Observation?code=http://snomed.info/sct|8867-4', ''],
  ['Observation?code=|8867-4', ''],
  ['Observation?code=8867-4,2339-0', 'pulse nobody glucose glucose2'],
  ['Observation?code=http://loinc.org|', 'pulse nobody glucose glucose2 bp blood-group note below dated'],
  ['Observation?code=nothing', ''],
  ['Patient?gender=female', 'lan dao anh2'],
  ['Patient?gender=http://hl7.org/fhir/administrative-gender|female', 'lan dao anh2'],
  ['Patient?gender=http://other|female', ''],
  ['Patient?gender=Female', ''],
  ['Patient?active=true', 'lan'],
  ['Patient?deceased=true', 'minh'],
  ['Patient?deceased=false', 'lan dao anh1 anh2'],
  ['Encounter?class=AMB', 'e1'],
  ['Observation?status=final&code=8867-4', 'pulse nobody'],
  ['Patient?_tag=demo', 'lan'],
  ['Patient?_tag=http://t|demo', 'lan'],
  ['Patient?_tag=http://t|other', ''],
  ['Observation?combo-code=8480-6', 'bp'],
  ['Observation?combo-code=85354-9', 'bp'],
  ['Observation?component-code=85354-9', ''],
  ['Observation?value-concept=A', 'blood-group'],
]);

table('token modifiers: :not, :text, :below and :above of ICD-10, :of-type, :missing', [
  ['Patient?gender:not=male', 'lan dao anh2'],
  ['Patient?gender:not=male,female', ''],
  ['Patient?active:not=true', 'minh dao anh1 anh2'],
  ['Condition?code:text=dai thao', 'c1 c2'],
  ['Condition?code:text=típ 2', 'c1'],
  ['Encounter?reason-code:text=sot', 'e1'],
  ['Encounter?reason-code:text=ot', ''],
  ['Condition?code:below=http://hl7.org/fhir/sid/icd-10|E11', 'c1'],
  ['Condition?code:below=http://hl7.org/fhir/sid/icd-10|E1', 'c1 c2'],
  ['Condition?code:above=http://hl7.org/fhir/sid/icd-10|E10.1', 'c2'],
  ['Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SB|0012345678', 'lan'],
  ['Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|0012345678', ''],
  ['Patient?birthdate:missing=true', 'anh1 anh2'],
  ['Patient?birthdate:missing=false', 'lan minh dao'],
  ['Observation?subject:missing=true', 'nobody'],
]);

table('identifiers and contact points', [
  ['Patient?identifier=099185000001', 'lan minh'],
  ['Patient?identifier=http://yba.vn/fhir/sid/cccd|099185000001', 'lan'],
  ['Patient?identifier=http://yba.vn/fhir/sid/cccd|', 'lan'],
  ['Patient?identifier=http://yba.vn/fhir/sid/cccd|0991850', ''],
  ['Organization?identifier=http://cskcb|25000', 'so'],
  ['Patient?phone=0000123456', 'lan'],
  ['Patient?phone=0000 123 456', 'lan'],
  ['Patient?telecom=0000123456', 'lan'],
  ['Patient?telecom=phone|0000123456', 'lan'],
  ['Patient?telecom=email|0000123456', ''],
  ['Patient?email=lan@example.org', 'lan'],
  ['Patient?email=0000123456', ''],
]);

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

table('date: eq contains, the prefixes, precision and open ends (R4 3.1.1.4.7)', [
  ['Observation?date=2026-11-20', 'pulse glucose'],
  ['Observation?date=eq2026-11', 'pulse glucose glucose2 bp nobody dated'],
  ['Observation?date=2026-11-20T08:05:00%2B07:00', 'pulse'],
  ['Observation?date=2026-11-20T01:05:00Z', 'pulse'],
  ['Observation?date=2026-11-20T08:05', 'pulse'],
  ['Observation?date=2026', 'pulse glucose glucose2 bp blood-group below nobody dated'],
  ['Observation?date=ne2026-11', 'blood-group below'],
  ['Observation?date=gt2026-11-20', 'glucose2 nobody below'],
  ['Observation?date=ge2026-11-20', 'pulse glucose glucose2 nobody below'],
  ['Observation?date=lt2026-11-20', 'bp blood-group below dated'],
  ['Observation?date=le2026-11-20', 'bp blood-group below dated pulse glucose'],
  ['Observation?date=sa2026-11-20', 'glucose2 nobody'],
  ['Observation?date=eb2026-11-20', 'blood-group dated'],
  ['Observation?date=ge2026-11-20&date=lt2026-11-21', 'pulse glucose below'],
  ['Encounter?date=2026-11-20', 'e1'],
  ['Encounter?date=ge2026-12-01', 'e2'],
  ['Encounter?date=gt2030', 'e2'],
  ['Encounter?date=2026-11', 'e1'],
  ['Encounter?date=sa2026-11-01', 'e1'],
  ['Encounter?date=eb2026-11-01', ''],
  ['Patient?birthdate=1985', 'lan minh'],
  ['Patient?birthdate=1985-02', 'lan'],
  ['Patient?birthdate=1985-02-07', 'lan'],
  ['Patient?birthdate=ne1985', 'dao'],
  ['Patient?birthdate=gt1985-06', 'minh dao'],
  ['Patient?death-date=2026-01-05', 'minh'],
  ['Patient?death-date=gt2026', ''],
  ['Condition?onset-date=2019-12', 'c2'],
  ['Condition?onset-date=2019-12-15', ''],
  ['Observation?value-date=ge2026-12', 'dated'],
  ['Patient?_lastUpdated=gt2020', 'lan minh dao anh1 anh2'],
  ['Patient?_lastUpdated=lt2020', ''],
]);

table('number and quantity: implicit precision, comparators, units (R4 3.1.1.4.6, 3.1.1.4.11)', [
  ['Observation?value-quantity=5.4', 'glucose glucose2'],
  ['Observation?value-quantity=5.40', 'glucose'],
  ['Observation?value-quantity=5.44', 'glucose2'],
  ['Observation?value-quantity=gt5.4&code=2339-0', 'glucose2'],
  ['Observation?value-quantity=ge5.4&code=2339-0', 'glucose glucose2'],
  ['Observation?value-quantity=lt6', 'glucose glucose2 below'],
  ['Observation?value-quantity=lt5', 'below'],
  ['Observation?value-quantity=gt5&code=1988-5', ''],
  ['Observation?value-quantity=ne5.4&code=2339-0', ''],
  ['Observation?value-quantity=80|http://unitsofmeasure.org|/min', 'pulse'],
  ['Observation?value-quantity=80||/min', 'pulse'],
  ['Observation?value-quantity=80|http://unitsofmeasure.org|mg', ''],
  ['Observation?value-quantity=ap85', 'pulse'],
  ['Observation?component-value-quantity=gt140||mmHg', 'bp'],
  ['Observation?combo-value-quantity=150', 'bp'],
  ['Condition?onset-age=40', 'c1'],
  ['Encounter?length=gt20', 'e1'],
  ['RiskAssessment?probability=0.25', 'risk'],
  ['RiskAssessment?probability=gt0.3', ''],
  ['Questionnaire?context-quantity=gt50', 'q'],
  ['Questionnaire?context-quantity=gt60', ''],
]);

table('composite: both parts in one element (R4 3.1.1.4.14)', [
  ['Observation?code-value-quantity=8867-4$gt75', 'pulse'],
  ['Observation?code-value-quantity=http://loinc.org|8867-4$lt75', 'nobody'],
  ['Observation?code-value-quantity=http://loinc.org|8867-4$80|http://unitsofmeasure.org|/min', 'pulse'],
  ['Observation?component-code-value-quantity=8480-6$gt140', 'bp'],
  ['Observation?component-code-value-quantity=8462-4$gt140', ''],
  ['Observation?combo-code-value-quantity=8480-6$150', 'bp'],
  ['Observation?code-value-concept=882-1$A', 'blood-group'],
  ['Observation?code-value-concept=882-1$http://b|A', 'blood-group'],
  ['Observation?code-value-concept=882-1$B', ''],
  ['Observation?code-value-string=10154-3$sot', 'note'],
  ['Observation?code-value-date=3141-9$2026-12-24', 'dated'],
  ['DocumentReference?relationship=replaces$DocumentReference/old', 'doc'],
  ['DocumentReference?relationship=appends$DocumentReference/old', ''],
  ['Questionnaire?context-type-quantity=age$gt50', 'q'],
]);

table('_id, chains and reverse chains (R4 3.1.1.5)', [
  ['Patient?_id=lan', 'lan'],
  ['Patient?_id=lan,minh,nobody', 'lan minh'],
  ['Observation?_id=pulse', 'pulse'],
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

test('all criteria must hold; repeated parameters too', async () => {
  assert.deepEqual(ids(await search('Observation?code=8867-4&patient=lan')), ['pulse']);
  assert.deepEqual(ids(await search('Observation?code=8867-4&code=2339-0')), []);
  assert.deepEqual(ids(await search('Observation?code=8867-4&patient=minh')), []);
});

const refused: [address: string, code: string, parameter: string][] = [
  ['Patient?nosuch=1', 'unknown-parameter', 'nosuch'],
  ['Patient?near=1|2', 'unknown-parameter', 'near'],
  ['Patient?phonetic=-', 'invalid-parameter', 'phonetic'],
  ['Patient?gender:wrong=male', 'invalid-parameter', 'gender'],
  ['Patient?name:text=x', 'invalid-parameter', 'name'],
  ['Patient?birthdate=yesterday', 'invalid-parameter', 'birthdate'],
  ['Patient?birthdate=2026-02-30', 'invalid-parameter', 'birthdate'],
  ['Patient?birthdate=', 'invalid-parameter', 'birthdate'],
  ['Patient?gender=a,,b', 'invalid-parameter', 'gender'],
  ['Patient?identifier=|', 'invalid-parameter', 'identifier'],
  ['Patient?active:missing=maybe', 'invalid-parameter', 'active:missing'],
  ['Observation?value-quantity=much', 'invalid-parameter', 'value-quantity'],
  ['Observation?value-quantity=5|mg', 'invalid-parameter', 'value-quantity'],
  ['Observation?subject:Encounter=1', 'invalid-parameter', 'subject'],
  ['Observation?subject=a b', 'invalid-parameter', 'subject'],
  ['Observation?subject=Patient/', 'invalid-parameter', 'subject'],
  ['Observation?subject=patient/lan', 'invalid-parameter', 'subject'],
  ['Observation?subject=Patient/lan/x', 'invalid-parameter', 'subject'],
  ['Observation?subject.nosuch=1', 'unknown-parameter', 'nosuch'],
  ['Observation?code.name=1', 'invalid-parameter', 'code.name'],
  ['Observation?code-value-quantity=8867-4', 'invalid-parameter', 'code-value-quantity'],
  ['Condition?code:below=http://snomed.info/sct|1', 'invalid-parameter', 'code:below'],
  ['Patient?_has:Observation:patient=1', 'invalid-parameter', '_has'],
  ['Patient?_has:Observation:encounter:code=1', 'invalid-parameter', '_has:Observation:encounter:code'],
  ['Patient?_count=-1', 'invalid-parameter', '_count'],
  ['ValueSet?url:below=urn:oid:1.2', 'invalid-parameter', 'url:below'],
  ['ValueSet?url:above=urn:oid:1.2.3', 'invalid-parameter', 'url:above'],
  ['Patient?_count=many', 'invalid-parameter', '_count'],
  ['Patient?_sort=nosuch', 'invalid-parameter', '_sort'],
  ['Observation?_sort=code-value-quantity', 'invalid-parameter', '_sort'],
  ['Location?_sort=near', 'invalid-parameter', '_sort'],
  ['Patient?_sort=a,b,c,d,e,f,g,h,i,j,k', 'invalid-parameter', '_sort'],
  ['Patient?_total=yes', 'invalid-parameter', '_total'],
  ['Patient?_include=Patient:nosuch', 'unknown-parameter', 'nosuch'],
  ['Patient?_include=Patient', 'invalid-parameter', '_include'],
  ['Patient?_include:never=Patient:organization', 'invalid-parameter', '_include:never'],
  ['Patient?_include=Patient:gender', 'invalid-parameter', '_include'],
  ['Patient?_include=Encounter:subject', 'invalid-parameter', '_include'],
  ['Patient?_include=Patient:organization&_include=Encounter:subject', 'invalid-parameter', '_include'],
  ['Patient?_contained=true', 'invalid-parameter', '_contained'],
];

test('unknown parameters, modifiers and malformed values are refused by name, in both languages', async () => {
  for (const [address, code, parameter] of refused) {
    await assert.rejects(search(address), (error: unknown) => {
      assert.ok(error instanceof Failure, address);
      assert.equal(error.code, code, address);
      assert.equal(error.issues[0]?.expression, parameter, address);
      assert.ok(error.issues[0]?.text && error.issues[0]?.textEn, address);
      return true;
    });
  }
});

test('values that look like SQL or like patterns are values', async () => {
  const found = (type: ResourceType, name: string, value: string) =>
    stored.store.search({ type, params: [[name, value]] }).then(
      (answer) => answer.matches.length,
      (error: Failure) => (error.code === 'invalid-parameter' ? 0 : error),
    );
  for (const value of [
    "'; drop table res; --",
    '%',
    '_',
    '\\',
    '$1',
    "x' or '1'='1",
    '{1,2}',
    '\u0000',
    '🙂',
  ]) {
    assert.equal(await found('Observation', 'code', value), 0, value);
    assert.equal(await found('Patient', 'name', `lan ${value}x`), 0, value);
    assert.equal(await found('Observation', 'date', value), 0, value);
    assert.equal(await found('Observation', 'subject', value), 0, value);
  }
});

test('what changes is found by what it is now, and not by what it was', async () => {
  const type: ResourceType = 'Observation';
  const id = 'changing';
  const base = {
    resourceType: type,
    id,
    subject: { reference: 'Patient/dao' },
    code: { coding: [{ system: 'http://new.system', code: 'new-1' }] },
  };
  await stored.store.commit(
    [
      {
        op: 'update',
        resource: { ...base, status: 'preliminary', valueQuantity: { value: 1, unit: 'g' } } as never,
      },
    ],
    [],
  );
  assert.deepEqual(ids(await search('Observation?code=new-1&status=preliminary&value-quantity=1||g')), [id]);
  await stored.store.commit(
    [
      {
        op: 'update',
        resource: { ...base, status: 'final', valueQuantity: { value: 2, unit: 'g' } } as never,
      },
    ],
    [],
  );
  assert.deepEqual(ids(await search('Observation?patient=dao&status=preliminary')), []);
  assert.deepEqual(ids(await search('Observation?patient=dao&value-quantity=1')), []);
  assert.deepEqual(ids(await search('Observation?patient=dao&value-quantity=2')), [id]);
  await stored.store.commit([{ op: 'delete', type, id }], []);
  assert.deepEqual(ids(await search('Observation?code=new-1')), []);
});
