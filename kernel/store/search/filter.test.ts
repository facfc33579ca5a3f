/** `_filter` (R4 search_filter.html): its grammar, every operator, chains, and what is refused with its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import type { ResourceType } from '../../fhir/types.ts';
import { loadFixture } from './fixture.testing.ts';
import { withStored } from './stored.testing.ts';

const stored = withStored(loadFixture);

async function filter(type: string, expression: string, ...more: [string, string][]): Promise<string> {
  const answer = await stored.store.search({
    type: type as ResourceType,
    params: [['_filter', expression], ...more],
  });
  return answer.matches
    .map((match) => match.id)
    .sort()
    .join(' ');
}

function table(title: string, cases: [type: string, expression: string, expected: string][]): void {
  test(title, async () => {
    for (const [type, expression, expected] of cases)
      assert.equal(await filter(type, expression), expected, `${type} ${expression}`);
  });
}

table('strings: eq, ne, co, sw, ew; never case sensitive', [
  ['Patient', 'given eq "LAN"', 'lan'],
  ['Patient', 'given eq la', ''],
  ['Patient', 'given sw la', 'lan'],
  ['Patient', 'given co a', 'anh1 anh2 lan minh'],
  ['Patient', 'given ew an', 'anh1 lan minh'],
  ['Patient', 'given ne anh', 'anh1 anh2 dao lan minh'],
  ['Patient', 'family eq Nguyễn', 'lan'],
  ['Patient', 'family ne le', 'dao lan minh'],
  ['Patient', 'family ew ran', 'minh'],
  ['Patient', 'name eq "nguyen thi"', 'lan'],
  ['Patient', 'name eq "nguyen th"', ''],
  ['Patient', 'name co guyen', 'dao lan'],
  ['Patient', 'name ew nguyen', 'dao'],
  ['Patient', 'name ne "tran van minh"', 'anh1 anh2 dao lan'],
  ['Patient', 'address ew "phu tho"', 'lan'],
  ['Organization', 'name eq "trạm y tế xã tam đảo"', 'tram'],
  ['Organization', 'name ew "phú thọ"', 'so'],
  ['Organization', 'name eq "tram y te"', ''],
  ['Organization', 'name ne "so y te phu tho"', 'tram'],
]);

table('tokens: eq, ne, co, sw, ew; ss and sb; in and ni', [
  ['Patient', 'gender eq male', 'anh1 minh'],
  ['Patient', 'gender ne male', 'anh2 dao lan'],
  ['Observation', 'code eq http://loinc.org|8867-4', 'nobody pulse'],
  ['Observation', 'code ne 8867-4 and code sw 2339', 'glucose glucose2'],
  ['Condition', 'code co "khong bien chung"', 'c1'],
  ['Condition', 'code ew 9', 'c1'],
  ['Condition', 'code ss http://hl7.org/fhir/sid/icd-10|E11', 'c1'],
  ['Condition', 'code sb http://hl7.org/fhir/sid/icd-10|E10.1', 'c2'],
  ['Patient', 'gender in http://hl7.org/fhir/ValueSet/administrative-gender', 'anh1 anh2 dao lan minh'],
  ['Patient', 'gender ni http://hl7.org/fhir/ValueSet/administrative-gender', ''],
  ['Patient', 'identifier eq 099185000001', 'lan minh'],
  ['Patient', 'identifier co 5678', 'lan'],
  ['Patient', 'identifier sw 0991', 'lan minh'],
  ['Patient', 'identifier ew 5678', 'lan'],
  ['Patient', 'identifier ne 099185000001', 'lan'],
  ['Patient', 'telecom co example', 'lan'],
  ['Patient', 'deceased eq true', 'minh'],
]);

table('dates, numbers, quantities: eq ne gt lt ge le ap sa eb, and po for periods that overlap', [
  ['Patient', 'birthdate ge 1986', 'dao'],
  ['Patient', 'birthdate eq 1985', 'lan minh'],
  ['Observation', 'date eq 2026-11-20', 'glucose pulse'],
  ['Observation', 'date sa 2026-11-20', 'glucose2 nobody'],
  ['Observation', 'date eb 2026-11-20', 'blood-group dated'],
  ['Observation', 'date po 2026-11-20', 'below bp glucose pulse'],
  ['Observation', 'date ne 2026-11', 'below blood-group'],
  ['Observation', 'value-quantity gt 100', ''],
  ['Observation', 'value-quantity le 5.40|http://unitsofmeasure.org|mmol/L', 'glucose'],
  ['Observation', 'value-quantity ap 76', 'nobody pulse'],
  ['RiskAssessment', 'probability lt 0.3', 'risk'],
  ['Encounter', 'length eq 0.5|http://unitsofmeasure.org|h', 'e1'],
  ['Observation', 'component-code-value-quantity eq 8480-6$gt140', 'bp'],
]);

table('references, addresses and what all types have', [
  ['Observation', 'subject re Patient/minh', 'blood-group dated glucose2'],
  ['Observation', 'subject eq Patient/minh and code eq 2339-0', 'glucose2'],
  ['Observation', 'performer ne Practitioner/bs', ''],
  ['Observation', 'performer co bs', 'glucose'],
  ['ValueSet', 'url sw http://yba.vn', 'vs'],
  ['ValueSet', 'url ew /vs', 'vs'],
  ['Patient', '_id eq lan', 'lan'],
  ['Patient', '_id ne lan', 'anh1 anh2 dao minh'],
  ['Patient', '_lastUpdated gt 2020', 'anh1 anh2 dao lan minh'],
  ['Patient', '_tag eq demo', 'lan'],
]);

table('pr: there is a value, or there is none', [
  ['Patient', 'birthdate pr true', 'dao lan minh'],
  ['Patient', 'birthdate pr false', 'anh1 anh2'],
  ['Observation', 'subject pr false', 'nobody'],
]);

table('and, or, not and parentheses; without them from left to right', [
  ['Patient', 'gender eq male and family eq le', 'anh1'],
  ['Patient', 'gender eq male or family eq le', 'anh1 anh2 minh'],
  ['Patient', 'not (gender eq male)', 'anh2 dao lan'],
  ['Patient', 'not(gender eq male or birthdate pr true)', 'anh2'],
  ['Patient', 'family eq tran or family eq le and gender eq female', 'anh2'],
  ['Patient', 'family eq tran or (family eq le and gender eq female)', 'anh2 minh'],
  ['Patient', '((family eq tran))', 'minh'],
  ['Patient', 'not (birthdate ge 1900)', 'anh1 anh2'],
  ['Patient', 'not (not (gender eq male))', 'anh1 minh'],
]);

table('chains, conditions in brackets, and _has', [
  ['Observation', 'subject:Patient.name co lan', 'below bp glucose note pulse'],
  ['Observation', 'patient.name co lan and code eq 8867-4', 'pulse'],
  ['Observation', 'patient[gender eq male].family eq tran', 'blood-group dated glucose2'],
  ['Observation', 'patient[gender eq female].family eq tran', ''],
  ['Observation', 'encounter.service-provider[name co "tam dao"].partof.name sw "so y te"', 'pulse'],
  ['Patient', '_has:Observation:patient:code eq 8867-4', 'lan'],
  ['Patient', 'not (_has:Observation:patient:code eq 8867-4) and gender eq female', 'anh2 dao'],
  ['Observation', 'subject[name co lan].gender eq female', 'below bp glucose note pulse'],
]);

test('_filter stands beside other criteria, pages and is counted', async () => {
  assert.equal(await filter('Patient', 'gender eq female', ['family', 'le']), 'anh2');
  const params: [string, string][] = [['_filter', 'identifier co 0 or gender eq male']];
  const count = await stored.store.search({ type: 'Patient', params: [...params, ['_summary', 'count']] });
  assert.equal(count.total, 3);
  const page = await stored.store.search({ type: 'Patient', params: [...params, ['_count', '2']] });
  const rest = await stored.store.search({
    type: 'Patient',
    params: [...new URLSearchParams(page.next)] as [string, string][],
  });
  assert.equal(new Set([...page.matches, ...rest.matches].map((match) => match.id)).size, 3);
});

test('a filter that cannot be read is refused with the place; one that cannot be answered with the parameter', async () => {
  for (const [expression, said] of [
    ['', /_filter/],
    ['gender', /at ⟨⟩/],
    ['gender eq', /⟨9⟩|value/],
    ['gender is male', /eq ne co/],
    ['gender eq male and', /parameter at/],
    ['(gender eq male', /\) at ⟨⟩/],
    ['gender eq male)', /and, or at ⟨⟩/],
    ['gender eq "male', /at ⟨⟩/],
    ['gender eq "\\x"', /JSON string/],
    ['nosuch eq 1', /no search parameter "nosuch"/],
    ['birthdate co 19', /does not take "co"/],
    ['gender gt male', /does not take "gt"/],
    ['birthdate pr maybe', /true or false/],
    ['name:exact eq x', /without a modifier/],
    ['birthdate eq yesterday', /a date/],
    ['gender[active eq true].name eq x', /only reference/],
    ['organization[name co x]name eq x', /\. at ⟨⟩/],
    [`${'('.repeat(30)}gender eq male${')'.repeat(30)}`, /≤ 20/],
    ['name eq "-"', /letters or digits/],
  ] as const) {
    await assert.rejects(filter('Patient', expression), (error: unknown) => {
      assert.ok(error instanceof Failure, `${expression}: ${error}`);
      assert.ok(['invalid-parameter', 'unknown-parameter'].includes(error.code), expression);
      assert.match(error.issues[0]?.textEn ?? '', said, expression);
      assert.ok(error.issues[0]?.expression, expression);
      return true;
    });
  }
});
