/** Resources for the parameters that are like no other: terminology, places, sequences, documents, units. */
import type { Resource } from '../../fhir/types.ts';
import type { Store, Write } from '../contract.ts';

const UCUM = 'http://unitsofmeasure.org';
const CS = 'http://yba.vn/test/cs';
const VS = 'http://yba.vn/test/vs';
const ICD10 = 'http://hl7.org/fhir/sid/icd-10';

const coded = (system: string, code: string, display?: string) => ({
  coding: [{ system, code, ...(display ? { display } : {}) }],
});

/** What is eaten: a small system with two levels, properties, and a second parent. */
const codeSystem = {
  resourceType: 'CodeSystem',
  id: 'food',
  url: CS,
  status: 'active',
  content: 'complete',
  concept: [
    {
      code: 'fruit',
      display: 'Trái cây',
      concept: [
        { code: 'citrus', display: 'Cam quýt', concept: [{ code: 'pomelo', display: 'Bưởi' }] },
        { code: 'mango', display: 'Xoài', property: [{ code: 'color', valueString: 'yellow' }] },
      ],
    },
    { code: 'meat', display: 'Thịt', property: [{ code: 'color', valueString: 'red' }] },
    { code: 'tomato', display: 'Cà chua', property: [{ code: 'parent', valueCode: 'fruit' }] },
    // Long enough for a pattern that goes back and forth.
    { code: `${'a'.repeat(40)}-`, display: 'Tiếng kêu' },
  ],
};

const include = (...parts: object[]) => ({ compose: { include: parts } });
const filter = (property: string, op: string, value: string) => ({
  system: CS,
  filter: [{ property, op, value }],
});

const valueSets: Record<string, object> = {
  listed: include({ system: CS, concept: [{ code: 'mango' }, { code: 'meat' }] }),
  whole: include({ system: CS }),
  isa: include(filter('concept', 'is-a', 'citrus')),
  below: include(filter('concept', 'descendent-of', 'fruit')),
  nota: include(filter('concept', 'is-not-a', 'fruit')),
  generalizes: include(filter('concept', 'generalizes', 'pomelo')),
  color: include(filter('color', '=', 'yellow')),
  colors: include(filter('color', 'in', 'yellow,red')),
  colored: include(filter('color', 'exists', 'true')),
  regex: include(filter('code', 'regex', 'm.*')),
  nested: include({ valueSet: [`${VS}/isa`] }, { system: CS, concept: [{ code: 'meat' }] }),
  both: include({ system: CS, valueSet: [`${VS}/below`], concept: [{ code: 'mango' }, { code: 'meat' }] }),
  without: { compose: { include: [{ system: CS }], exclude: [filter('concept', 'is-a', 'fruit')] } },
  expanded: { expansion: { timestamp: '2026-01-01', contains: [{ system: CS, code: 'pomelo' }] } },
  diabetes: include({ system: ICD10, filter: [{ property: 'concept', op: 'is-a', value: 'E11' }] }),
  circle: include({ valueSet: [`${VS}/circle`] }),
  runaway: include(filter('code', 'regex', '(a+)+')),
  elsewhere: include({ system: 'http://else', filter: [{ property: 'x', op: '=', value: 'y' }] }),
};

const eaten = (code: string) => ({
  resourceType: 'Observation',
  id: `eat-${code}`,
  status: 'final',
  code: coded(CS, code),
});

const measured = (id: string, value: number, code: string, system = UCUM) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: coded('http://m', 'mass'),
  valueQuantity: { value, unit: code, system, code },
});

const place = (id: string, latitude: number, longitude: number, partOf?: string) => ({
  resourceType: 'Location',
  id,
  name: id,
  position: { latitude, longitude },
  ...(partOf ? { partOf: { reference: `Location/${partOf}` } } : {}),
});

/** Towns by their published coordinates. */
const places = [
  place('tinh', 21.3227, 105.402),
  place('vinh-yen', 21.3089, 105.6049, 'tinh'),
  place('tam-dao', 21.4567, 105.6435, 'vinh-yen'),
  place('hoa-binh', 20.8133, 105.3383),
  place('suva', -18.1416, 178.4419),
];

const at = (id: string, location: string) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: 'Patient/hoa' },
  location: [{ location: { reference: `Location/${location}` } }],
});

const composition = {
  resourceType: 'Composition',
  id: 'comp',
  status: 'final',
  type: coded('http://loinc.org', '34133-9'),
  subject: { reference: 'Patient/hoa' },
  date: '2026-11-20T08:00:00+07:00',
  author: [{ reference: 'Practitioner/x' }],
  title: 'Tóm tắt hồ sơ bệnh án',
};

const people = [
  {
    resourceType: 'Patient',
    id: 'hoa',
    name: [{ family: 'Trần', given: ['Thị', 'Hòa'], text: 'Trần Thị Hòa' }],
    text: {
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Bệnh nhân <b>dị ứng</b> penicillin &amp; tôm</p></div>',
    },
    contact: [{ name: { text: 'người nhà ở Lâm Thao' } }],
    identifier: [{ system: 'http://i', value: 'H-1', type: { text: 'Số hồ sơ cũ' } }],
  },
  { resourceType: 'Patient', id: 'hoa2', name: [{ text: 'Chần Thị Hoà', family: 'Chần' }] },
  { resourceType: 'Patient', id: 'sang', name: [{ text: 'Lê Văn Xang', family: 'Lê' }] },
];

const others = [
  { resourceType: 'Bundle', id: 'doc1', type: 'document', entry: [{ resource: composition }] },
  {
    resourceType: 'Bundle',
    id: 'doc2',
    type: 'document',
    entry: [{ resource: { ...composition, id: 'comp2', title: 'Khác', date: '2020-01-01' } }],
  },
  {
    resourceType: 'Bundle',
    id: 'msg',
    type: 'message',
    entry: [
      {
        resource: {
          resourceType: 'MessageHeader',
          id: 'head',
          eventUri: 'http://yba.vn/test/event',
          source: { endpoint: 'http://yba.vn/source' },
        },
      },
    ],
  },
  {
    resourceType: 'MolecularSequence',
    id: 'seq',
    coordinateSystem: 0,
    referenceSeq: {
      referenceSeqId: coded('http://seq', 'NC_000001.11'),
      chromosome: coded('http://chr', '1'),
      windowStart: 100,
      windowEnd: 500,
    },
    variant: [
      { start: 120, end: 130 },
      { start: 300, end: 310 },
    ],
  },
  {
    resourceType: 'List',
    id: 'watch',
    status: 'current',
    mode: 'working',
    entry: [{ item: { reference: 'Patient/hoa' } }, { item: { reference: 'Observation/eat-meat' } }],
  },
  {
    resourceType: 'Group',
    id: 'grp',
    type: 'person',
    actual: true,
    characteristic: [
      { code: coded('http://c', 'blood'), valueCodeableConcept: coded('http://v', 'A'), exclude: false },
      {
        code: coded('http://c', 'mass'),
        valueQuantity: { value: 2, unit: 'kg', system: UCUM, code: 'kg' },
        exclude: false,
      },
      { code: coded('http://c', 'smoker'), valueBoolean: false, exclude: false },
    ],
  },
  { resourceType: 'Organization', id: 'hoa-sen', name: 'Phòng khám Hòa Sen' },
  { resourceType: 'Organization', id: 'hoa-sen2', name: 'Phong kham Hoa Sen' },
  { resourceType: 'Organization', id: 'hoa-moi', name: 'Phòng khám Hoà mới' },
];

export async function loadSpecial(store: Store): Promise<void> {
  const sets = Object.entries(valueSets).map(([id, more]) => ({
    resourceType: 'ValueSet',
    id,
    url: `${VS}/${id}`,
    version: '1',
    status: 'active',
    ...more,
  }));
  const eatenThings = ['fruit', 'citrus', 'pomelo', 'mango', 'meat', 'tomato'].map(eaten);
  const units = [
    measured('m-g', 1, 'g'),
    measured('m-mg', 1000, 'mg'),
    measured('m-ug', 5, 'ug'),
    measured('m-ml', 1000, 'mL'),
    measured('m-other', 1000, 'mg', 'http://other'),
    measured('m-hot', 38.5, 'Cel'),
    measured('m-hot-f', 101.3, '[degF]'),
  ];
  const visits = [
    at('v-tinh', 'tinh'),
    at('v-vy', 'vinh-yen'),
    at('v-td', 'tam-dao'),
    at('v-hb', 'hoa-binh'),
  ];
  const condition = {
    resourceType: 'Condition',
    id: 'dia',
    subject: { reference: 'Patient/hoa' },
    code: coded(ICD10, 'E11.9'),
  };
  for (const resources of [
    [codeSystem, ...sets, ...places],
    people,
    [...eatenThings, ...units, ...visits, condition, ...others],
  ]) {
    await store.commit(
      resources.map((resource): Write => ({ op: 'update', resource: resource as unknown as Resource })),
      [],
    );
  }
}
