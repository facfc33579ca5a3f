/** Searches by codes, identifiers and contact points on a real database, with what must not be found. */
import { loadFixture } from './fixture.testing.ts';
import { tableOf, withStored } from './stored.testing.ts';

const stored = withStored(loadFixture);
const table = tableOf(stored);

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
