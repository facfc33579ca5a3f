/** Parameters and modifiers that ask other resources, or are kept like no other. Cases with what must not be found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../failure.ts';
import { loadSpecial } from './fixture-special.testing.ts';
import { idsOf as ids, withStored } from './stored.testing.ts';

const stored = withStored(loadSpecial);

const { search } = stored;

function table(title: string, cases: [address: string, expected: string][]): void {
  test(title, async () => {
    for (const [address, expected] of cases) {
      const answer = await search(address.replaceAll('+', '%2B'));
      assert.deepEqual(ids(answer).sort(), expected.split(' ').filter(Boolean).sort(), address);
      const count = await search(`${address.replaceAll('+', '%2B')}&_summary=count`);
      assert.equal(count.total, answer.matches.length, `${address} counted`);
    }
  });
}

function refused(title: string, cases: [address: string, name: string, said: RegExp][]): void {
  test(title, async () => {
    for (const [address, name, said] of cases) {
      await assert.rejects(search(address), (error: unknown) => {
        assert.ok(error instanceof Failure, `${address} ${error}`);
        assert.ok(['invalid-parameter', 'unknown-parameter'].includes(error.code), address);
        assert.equal(error.issues[0]?.expression, name, address);
        assert.match(error.issues[0]?.textEn ?? '', said, address);
        return true;
      });
    }
  });
}

const EAT = 'Observation?code=http://yba.vn/test/cs|&code';
const set = (id: string) => `${EAT}:in=http://yba.vn/test/vs/${id}`;

table(':in, :not-in: concepts, systems, filters, nested sets, expansions (R4 valueset.html#compositions)', [
  [set('listed'), 'eat-mango eat-meat'],
  [set('whole'), 'eat-fruit eat-citrus eat-pomelo eat-mango eat-meat eat-tomato'],
  [set('isa'), 'eat-citrus eat-pomelo'],
  [set('below'), 'eat-citrus eat-pomelo eat-mango eat-tomato'],
  [set('nota'), 'eat-meat'],
  [set('generalizes'), 'eat-fruit eat-citrus eat-pomelo'],
  [set('color'), 'eat-mango'],
  [set('colors'), 'eat-mango eat-meat'],
  [set('colored'), 'eat-mango eat-meat'],
  [set('regex'), 'eat-mango eat-meat'],
  [set('nested'), 'eat-citrus eat-pomelo eat-meat'],
  [set('both'), 'eat-mango'],
  [set('without'), 'eat-meat'],
  [set('expanded'), 'eat-pomelo'],
  [`${set('listed')}|1`, 'eat-mango eat-meat'],
  [`${EAT}:in=ValueSet/listed`, 'eat-mango eat-meat'],
  [`${EAT}:in=ValueSet/expanded,ValueSet/color`, 'eat-mango eat-pomelo'],
  [`${EAT}:not-in=http://yba.vn/test/vs/below`, 'eat-fruit eat-meat'],
  ['Condition?code:in=http://yba.vn/test/vs/diabetes', 'dia'],
  ['Observation?status:in=http://hl7.org/fhir/ValueSet/observation-status&code=meat', 'eat-meat'],
  ['Observation?status:not-in=http://hl7.org/fhir/ValueSet/observation-status&code=meat', ''],
]);

table(':below and :above of codes: a stored CodeSystem, with a second parent; ICD-10 by its codes', [
  [
    'Observation?code:below=http://yba.vn/test/cs|fruit',
    'eat-fruit eat-citrus eat-pomelo eat-mango eat-tomato',
  ],
  ['Observation?code:below=http://yba.vn/test/cs|pomelo', 'eat-pomelo'],
  ['Observation?code:above=http://yba.vn/test/cs|pomelo', 'eat-pomelo eat-citrus eat-fruit'],
  ['Observation?code:above=http://yba.vn/test/cs|unheard', ''],
  ['Condition?code:below=http://hl7.org/fhir/sid/icd-10|E11', 'dia'],
  ['Condition?code:above=http://hl7.org/fhir/sid/icd-10|E11.91', 'dia'],
  ['Patient?_has:Condition:patient:code:below=http://hl7.org/fhir/sid/icd-10|E11', 'hoa'],
]);

table('quantities in other UCUM units: 1 g is 1000 mg, and 38.5 °C is 101.3 °F', [
  ['Observation?value-quantity=1|http://unitsofmeasure.org|g', 'm-g m-mg'],
  ['Observation?value-quantity=1000|http://unitsofmeasure.org|mg', 'm-g m-mg'],
  ['Observation?value-quantity=1000||mg', 'm-g m-mg m-other'],
  ['Observation?value-quantity=1000', 'm-mg m-ml m-other'],
  ['Observation?value-quantity=lt1|http://unitsofmeasure.org|mg', 'm-ug'],
  ['Observation?value-quantity=ge0.000005|http://unitsofmeasure.org|g', 'm-g m-mg m-ug'],
  ['Observation?value-quantity=1|http://unitsofmeasure.org|L', 'm-ml'],
  ['Observation?value-quantity=1000|http://other|mg', 'm-other'],
  ['Observation?value-quantity=38.5|http://unitsofmeasure.org|Cel', 'm-hot m-hot-f'],
  ['Observation?value-quantity=gt311|http://unitsofmeasure.org|K', 'm-hot m-hot-f'],
  ['Observation?code-value-quantity=mass$1|http://unitsofmeasure.org|g', 'm-g m-mg'],
  ['Observation?code-value-quantity=http://m|mass$gt500|http://unitsofmeasure.org|mg', 'm-g m-mg'],
  ['Observation?combo-code-value-quantity=mass$1||g', 'm-g m-mg'],
  ['Observation?code-value-quantity=other$1||g', ''],
]);

table('near: within a distance on the globe (R4 location.html#search)', [
  ['Location?near=21.3227|105.402', 'tinh'],
  ['Location?near=21.3227|105.402|25|km', 'tinh vinh-yen'],
  ['Location?near=21.3227|105.402|20000|m', 'tinh'],
  ['Location?near=21.3227|105.402|16|[mi_i]', 'tinh vinh-yen'],
  ['Location?near=21.3227|105.402|16|[mi_us]', 'tinh vinh-yen'],
  ['Location?near=-18|-179.9|200|km', 'suva'],
  ['Location?near=0|0|1|km', ''],
  ['Location?near=21.3089|105.6049|1|km,20.8133|105.3383|1|km', 'vinh-yen hoa-binh'],
  ['Encounter?location.near=20.8133|105.3383|1|km', 'v-hb'],
  ['Location?near:missing=true', ''],
]);

table(
  ':below and :above of references: what is part of a place, and what it is part of (R4 search.html#reference)',
  [
    ['Encounter?location:below=Location/tinh', 'v-tinh v-vy v-td'],
    ['Encounter?location:below=vinh-yen', 'v-vy v-td'],
    ['Encounter?location:above=tam-dao', 'v-tinh v-vy v-td'],
    ['Encounter?location:above=Location/tinh', 'v-tinh'],
    ['Encounter?location:below=nowhere', ''],
    ['Location?partof:below=tinh', 'vinh-yen tam-dao'],
  ],
);

table('_text searches the narrative, _content everything that is written', [
  ['Patient?_text=penicillin', 'hoa'],
  ['Patient?_text=di ung tom', 'hoa'],
  ['Patient?_text=dị ứng,nothing', 'hoa'],
  ['Patient?_text=xhtml', ''],
  ['Patient?_text=lam thao', ''],
  ['Patient?_text=(penicillin OR aspirin) and tôm', 'hoa'],
  ['Patient?_text=aspirin or tom', 'hoa'],
  ['Patient?_text=penicillin AND aspirin', ''],
  ['Patient?_text=penicillin NOT aspirin', 'hoa'],
  ['Patient?_text=penicillin AND NOT tom', ''],
  ['Patient?_text=NOT (aspirin OR penicillin)&name=hoa', 'hoa2'],
  ['Patient?_text="dị ứng"', 'hoa'],
  ['Patient?_text="ứng dị"', ''],
  ['Patient?_text=NOT "ứng dị"&name=hoa', 'hoa hoa2'],
  ['Patient?_text="ung di",penicillin', 'hoa'],
  ['Patient?_text=or', ''],
  ['Encounter?subject:Patient._text="ung di"', ''],
  ['Encounter?subject:Patient._text="di ung"', 'v-tinh v-vy v-td v-hb'],
  ['Patient?_content="lâm thao" OR aspirin', 'hoa'],
  ['Patient?_content="thao lâm"', ''],
  ['Patient?_content=lâm thao', 'hoa'],
  ['Patient?_content=penicillin', 'hoa'],
  ['Patient?_content=xhtml', ''],
  ['Patient?_content=hoa', 'hoa hoa2'],
  ['Encounter?subject:Patient._content=lam thao', 'v-tinh v-vy v-td v-hb'],
]);

table('phonetic: what sounds alike north and south', [
  ['Patient?phonetic=Tran Thi Hoa', 'hoa hoa2'],
  ['Patient?phonetic=sang', 'sang'],
  ['Patient?phonetic=xan', 'sang'],
  ['Patient?phonetic=lan', ''],
  ['Patient?phonetic:missing=true', ''],
  ['Organization?phonetic=xen', 'hoa-sen hoa-sen2'],
]);

table('a resource inside a Bundle is found by its own parameters (R4 bundle.html#search)', [
  ['Bundle?composition=Composition/comp', 'doc1'],
  ['Bundle?composition=comp2', 'doc2'],
  ['Bundle?composition._id=comp', 'doc1'],
  ['Bundle?composition.type=34133-9', 'doc1 doc2'],
  ['Bundle?composition.date=ge2026', 'doc1'],
  ['Bundle?composition.title=tom tat', 'doc1'],
  ['Bundle?composition.patient=hoa&composition.date=2020', 'doc2'],
  ['Bundle?composition.patient:Patient.name=hoa tran', 'doc1 doc2'],
  ['Bundle?composition.encounter:missing=true', 'doc1 doc2 msg'],
  ['Bundle?composition.title:missing=false', 'doc1 doc2'],
  ['Bundle?composition:missing=true', 'msg'],
  ['Bundle?message.event=http://yba.vn/test/event', 'msg'],
  ['Bundle?message:missing=false', 'msg'],
]);

table('a composite whose second part may be of several kinds is read as each that fits', [
  ['Group?characteristic-value=http://c|blood$http://v|A', 'grp'],
  ['Group?characteristic-value=blood$A', 'grp'],
  ['Group?characteristic-value=mass$2000|http://unitsofmeasure.org|g', 'grp'],
  ['Group?characteristic-value=mass$gt1', 'grp'],
  ['Group?characteristic-value=smoker$false', 'grp'],
  ['Group?characteristic-value=blood$2', ''],
  ['Group?characteristic-value=mass$A', ''],
]);

table('composites of MolecularSequence: start and end of one stretch', [
  ['MolecularSequence?chromosome-variant-coordinate=1$ge100$lt135', 'seq'],
  ['MolecularSequence?chromosome-variant-coordinate=http://chr|1$300$310', 'seq'],
  ['MolecularSequence?chromosome-variant-coordinate=1$120$310', ''],
  ['MolecularSequence?chromosome-variant-coordinate=2$ge100$lt135', ''],
  ['MolecularSequence?chromosome-window-coordinate=1$100$500', 'seq'],
  ['MolecularSequence?referenceseqid-variant-coordinate=NC_000001.11$gt130$gt300', 'seq'],
  ['MolecularSequence?referenceseqid-window-coordinate=http://seq|NC_000001.11$le100$ge500', 'seq'],
  ['MolecularSequence?referenceseqid-window-coordinate=http://seq|NC_000001.11$gt100$ge500', ''],
]);

table('_list: what a List names (R4 search.html#list)', [
  ['Patient?_list=watch', 'hoa'],
  ['Observation?_list=List/watch', 'eat-meat'],
  ['Encounter?_list=watch', ''],
  ['Patient?_list=nobody', ''],
  ['Encounter?subject:Patient._list=watch', 'v-tinh v-vy v-td v-hb'],
]);

table('names and texts with either tone placement; :text of the type of an identifier; :exact in chains', [
  ['Patient?name=hoà', 'hoa hoa2'],
  ['Organization?name=phòng khám hoà', 'hoa-sen hoa-sen2 hoa-moi'],
  ['Patient?identifier:text=so ho so', 'hoa'],
  ['Encounter?subject:Patient.family:exact=Trần', 'v-tinh v-vy v-td v-hb'],
  ['Encounter?subject:Patient.family:exact=Tran', ''],
  ['Patient?_id:not=hoa', 'hoa2 sang'],
]);

test('what was written with the marks that were typed comes first, also where no name of a person is asked for', async () => {
  assert.deepEqual(ids(await search('Organization?name=phòng khám hòa')).slice(-1), ['hoa-sen2']);
  assert.deepEqual(ids(await search('Organization?name=phong kham hoa')).length, 3);
  const first = await search('Organization?name=phòng khám hòa&_count=2');
  assert.deepEqual(ids(first).sort(), ['hoa-moi', 'hoa-sen']);
  const rest = await stored.store.search({
    type: 'Organization',
    params: [...new URLSearchParams(first.next)] as [string, string][],
  });
  assert.deepEqual(ids(rest), ['hoa-sen2']);
  assert.deepEqual(ids(await search('Patient?family=chần,tran'))[0], 'hoa2');
});

refused('what cannot be answered is refused by name', [
  [`${EAT}:in=http://yba.vn/test/vs/none`, 'code:in', /http:\/\/yba.vn\/test\/vs\/none/],
  [`${set('listed')}|2`, 'code:in', /listed\|2/],
  [set('circle'), 'code:in', /refers to itself/],
  [set('runaway'), 'code:in', /regex/],
  [set('elsewhere'), 'code:in', /http:\/\/else/],
  ['Observation?code:below=http://snomed.info/sct|1', 'code:below', /no CodeSystem/],
  ['Observation?code:below=|fruit', 'code:below', /system\|code/],
  ['Encounter?location:below=Patient/hoa', 'location:below', /Location\/id/],
  ['Location?near=21.3', 'near', /latitude\|longitude/],
  ['Location?near=91|0', 'near', /latitude/],
  ['Location?near=1|1|5|kg', 'near', /latitude/],
  ['Patient?_list=$current-problems', '_list', /is a list of Condition/],
  [
    'Patient?_include=Patient:organization:Practitioner',
    '_include',
    /does not lead to Practitioner, but to Organization/,
  ],
  ['Condition?_list=$current-nonsense', '_list', /the id of a List, or \$current-problems/],
  ['Condition?_list=$current-problems,watch', '_list', /stands alone/],
  ['Condition?_list=$constructor', '_list', /the id of a List/],
  ['Patient?_text=-', '_text', /words/],
  ['Patient?_text=(penicillin', '_text', /parentheses and quotation marks in pairs/],
  [`Patient?_text=${'('.repeat(50_000)}`, '_text', /in pairs/],
  [`Patient?_content=${'NOT '.repeat(50_000)}x`, '_content', /in pairs/],
  ['Patient?_text=penicillin)', '_text', /in pairs/],
  ['Patient?_content="penicillin', '_content', /in pairs/],
  ['MolecularSequence?chromosome-window-coordinate=1$100', 'chromosome-window-coordinate', /start\$end/],
  ['Bundle?composition._lastUpdated=2026', '_lastUpdated', /inside a Bundle/],
  ['Patient?_id:exact=1', '_id', /exact/],
]);
