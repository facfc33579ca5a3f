/** Search parameters of the random world by type: where their values lie, written down by hand from the definitions of R4. */
import { codingOf, type Span, spanOf, spanOfPeriod, type Token, tokensOfConcept } from './naive.ts';
import type { Any, WorldType } from './people.ts';

export type Parameter =
  | { kind: 'token'; values(r: Any): Token[]; samples: 'codes' | 'identifiers' | readonly string[] }
  | { kind: 'string'; values(r: Any): string[]; samples: readonly string[]; isName?: true }
  | {
      kind: 'reference';
      values(r: Any): string[];
      targets: readonly WorldType[];
      /** What the references call their targets, for `:identifier`. */
      named?(r: Any): Token[];
    }
  | { kind: 'date'; values(r: Any): Span[] }
  | { kind: 'number'; values(r: Any): number[] }
  | { kind: 'quantity'; values(r: Any): Any[] }
  | { kind: 'composite'; values(r: Any): { code: Token[]; quantity: Any }[] }
  | { kind: 'uri'; values(r: Any): string[]; samples: readonly string[] };

const list = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);
const many = <T>(value: T[] | undefined): T[] => value ?? [];

const plainToken = (value: string | boolean | undefined): Token[] =>
  value === undefined ? [] : [{ system: undefined, code: String(value) }];
const concepts = (values: Any[] | undefined): Token[] => many(values).flatMap(tokensOfConcept);
const identifiers = (values: Any[] | undefined): Token[] =>
  many(values).map(({ system, value }) => ({ system, code: value }));
const references = (values: Any[] | undefined, ...types: string[]): string[] =>
  many(values)
    .map(({ reference }) => reference as string)
    .filter((one) => types.length === 0 || types.includes(one.split('/')[0]!));
const calling = (values: Any[] | undefined): Token[] =>
  identifiers(many(values).flatMap(({ identifier }) => list(identifier as Any)));
const choice = (r: Any, name: string): Span[] => [
  ...list(r[`${name}DateTime`]).map((one) => spanOf(one as string)),
  ...list(r[`${name}Period`]).map((one) => spanOfPeriod(one as object)),
];
const moments = (text: string | undefined): Span[] => list(text).map(spanOf);
const names = (r: Any): string[] =>
  many(r.name as Any[]).map(({ family, given }) => [family, ...many(given)].filter(Boolean).join(' '));
const pairs = (code: Any, quantity: Any) =>
  quantity === undefined ? [] : [{ code: tokensOfConcept(code), quantity }];

const codes = 'codes';
const families = ['Nguyễn', 'nguyen', 'Ngu', 'Đặng', 'dang', 'LE', 'Trần', 'tran v'] as const;
const givens = ['An', 'an', 'Hoà', 'hoa', 'Đức', 'van', 'la', 'Phong'] as const;
const persons = ['nguyen an', 'an nguyen', 'Đặng', 'Hoà', 'van a', 'lan tran', 'thi hoa', 'Lê Thị'] as const;

const COMMON: Record<string, Parameter> = {
  _profile: {
    kind: 'uri',
    values: (r) => many(r.meta?.profile),
    samples: ['http://p/1', 'http://p/2', 'http://p'],
  },
  _tag: { kind: 'token', values: (r) => many(r.meta?.tag as Any[]).map(codingOf), samples: codes },
  _source: {
    kind: 'uri',
    values: (r) => list(r.meta?.source),
    samples: ['http://source/1', 'http://source'],
  },
};

const PERSON: Record<string, Parameter> = {
  active: { kind: 'token', values: (r) => plainToken(r.active), samples: ['true', 'false'] },
  family: {
    kind: 'string',
    values: (r) => many(r.name as Any[]).flatMap(({ family }) => list(family as string)),
    samples: families,
  },
  given: {
    kind: 'string',
    values: (r) => many(r.name as Any[]).flatMap(({ given }) => many(given as string[])),
    samples: givens,
  },
  name: { kind: 'string', values: names, samples: persons, isName: true },
  identifier: { kind: 'token', values: (r) => identifiers(r.identifier), samples: 'identifiers' },
};

const isDead = (r: Any) => r.deceasedDateTime !== undefined || r.deceasedBoolean === true;

export const PARAMETERS: Record<WorldType, Record<string, Parameter>> = {
  Organization: {
    ...COMMON,
    active: PERSON.active!,
    name: {
      kind: 'string',
      values: (r) => list(r.name),
      samples: ['tram', 'Trạm', 'Bệnh viện', 'so y te', 'y', 'Sở Y tế'],
    },
    type: { kind: 'token', values: (r) => concepts(r.type), samples: codes },
    partof: { kind: 'reference', values: (r) => references(list(r.partOf)), targets: ['Organization'] },
  },
  Practitioner: { ...COMMON, ...PERSON },
  Patient: {
    ...COMMON,
    ...PERSON,
    gender: {
      kind: 'token',
      values: (r) => plainToken(r.gender),
      samples: ['male', 'female', 'other', 'unknown'],
    },
    birthdate: { kind: 'date', values: (r) => moments(r.birthDate) },
    'death-date': { kind: 'date', values: (r) => moments(r.deceasedDateTime) },
    deceased: { kind: 'token', values: (r) => plainToken(isDead(r)), samples: ['true', 'false'] },
    'address-city': {
      kind: 'string',
      values: (r) => many(r.address as Any[]).flatMap(({ city }) => list(city as string)),
      samples: ['Xã Tam Đảo', 'xa', 'tam', 'phuong viet', 'Đông'],
    },
    telecom: {
      kind: 'token',
      values: (r) => many(r.telecom as Any[]).flatMap(({ value }) => plainToken(value as string)),
      samples: ['0912', 'a@b.vn', '091'],
    },
    organization: {
      kind: 'reference',
      values: (r) => references(list(r.managingOrganization)),
      targets: ['Organization'],
    },
    'general-practitioner': {
      kind: 'reference',
      values: (r) => references(r.generalPractitioner),
      targets: ['Practitioner'],
    },
  },
  Encounter: {
    ...COMMON,
    status: {
      kind: 'token',
      values: (r) => plainToken(r.status),
      samples: ['planned', 'in-progress', 'finished'],
    },
    class: { kind: 'token', values: (r) => [codingOf(r.class)], samples: codes },
    date: { kind: 'date', values: (r) => list(r.period as object).map(spanOfPeriod) },
    patient: {
      kind: 'reference',
      values: (r) => references(list(r.subject), 'Patient'),
      targets: ['Patient'],
    },
    subject: {
      kind: 'reference',
      values: (r) => references(list(r.subject)),
      targets: ['Patient'],
      named: (r) => calling(list(r.subject)),
    },
    'service-provider': {
      kind: 'reference',
      values: (r) => references(list(r.serviceProvider)),
      targets: ['Organization'],
    },
    'part-of': { kind: 'reference', values: (r) => references(list(r.partOf)), targets: ['Encounter'] },
    participant: {
      kind: 'reference',
      values: (r) => references(many(r.participant as Any[]).map(({ individual }) => individual)),
      targets: ['Practitioner'],
    },
  },
  Observation: {
    ...COMMON,
    status: {
      kind: 'token',
      values: (r) => plainToken(r.status),
      samples: ['final', 'amended', 'preliminary'],
    },
    category: { kind: 'token', values: (r) => concepts(r.category), samples: codes },
    code: { kind: 'token', values: (r) => tokensOfConcept(r.code), samples: codes },
    'combo-code': {
      kind: 'token',
      values: (r) => [
        ...tokensOfConcept(r.code),
        ...many(r.component as Any[]).flatMap(({ code }) => tokensOfConcept(code)),
      ],
      samples: codes,
    },
    'component-code': {
      kind: 'token',
      values: (r) => many(r.component as Any[]).flatMap(({ code }) => tokensOfConcept(code)),
      samples: codes,
    },
    'value-concept': { kind: 'token', values: (r) => concepts(list(r.valueCodeableConcept)), samples: codes },
    'value-string': {
      kind: 'string',
      values: (r) => [...list<string>(r.valueString), ...list<string>(r.valueCodeableConcept?.text)],
      samples: ['Âm tính', 'am', 'duong', 'tinh', 'Tự'],
    },
    date: { kind: 'date', values: (r) => choice(r, 'effective') },
    patient: {
      kind: 'reference',
      values: (r) => references(list(r.subject), 'Patient'),
      targets: ['Patient'],
    },
    encounter: { kind: 'reference', values: (r) => references(list(r.encounter)), targets: ['Encounter'] },
    performer: {
      kind: 'reference',
      values: (r) => references(r.performer),
      targets: ['Practitioner', 'Organization'],
      named: (r) => calling(r.performer),
    },
    'has-member': { kind: 'reference', values: (r) => references(r.hasMember), targets: ['Observation'] },
    'value-quantity': { kind: 'quantity', values: (r) => list(r.valueQuantity) },
    'component-value-quantity': {
      kind: 'quantity',
      values: (r) => many(r.component as Any[]).flatMap(({ valueQuantity }) => list(valueQuantity)),
    },
    'combo-value-quantity': {
      kind: 'quantity',
      values: (r) => [
        ...list(r.valueQuantity),
        ...many(r.component as Any[]).flatMap(({ valueQuantity }) => list(valueQuantity)),
      ],
    },
    'code-value-quantity': { kind: 'composite', values: (r) => pairs(r.code, r.valueQuantity) },
    'component-code-value-quantity': {
      kind: 'composite',
      values: (r) =>
        many(r.component as Any[]).flatMap(({ code, valueQuantity }) => pairs(code, valueQuantity)),
    },
    'combo-code-value-quantity': {
      kind: 'composite',
      values: (r) => [
        ...pairs(r.code, r.valueQuantity),
        ...many(r.component as Any[]).flatMap(({ code, valueQuantity }) => pairs(code, valueQuantity)),
      ],
    },
  },
  Condition: {
    ...COMMON,
    code: { kind: 'token', values: (r) => concepts(list(r.code)), samples: codes },
    'clinical-status': {
      kind: 'token',
      values: (r) => tokensOfConcept(r.clinicalStatus),
      samples: ['active', 'resolved', 'remission'],
    },
    patient: {
      kind: 'reference',
      values: (r) => references(list(r.subject), 'Patient'),
      targets: ['Patient'],
    },
    encounter: { kind: 'reference', values: (r) => references(list(r.encounter)), targets: ['Encounter'] },
    'onset-date': { kind: 'date', values: (r) => choice(r, 'onset') },
    'recorded-date': { kind: 'date', values: (r) => moments(r.recordedDate) },
  },
  RiskAssessment: {
    ...COMMON,
    patient: {
      kind: 'reference',
      values: (r) => references(list(r.subject), 'Patient'),
      targets: ['Patient'],
    },
    date: { kind: 'date', values: (r) => choice(r, 'occurrence') },
    probability: {
      kind: 'number',
      values: (r) => many(r.prediction as Any[]).map(({ probabilityDecimal }) => probabilityDecimal),
    },
  },
  ValueSet: {
    ...COMMON,
    status: { kind: 'token', values: (r) => plainToken(r.status), samples: ['draft', 'active'] },
    url: {
      kind: 'uri',
      values: (r) => list(r.url),
      samples: ['http://v/a', 'http://v/a/x', 'http://v/b/x/y', 'http://v', 'http://v/b/z'],
    },
    title: { kind: 'string', values: (r) => list(r.title), samples: ['Mã', 'ma thuoc', 'Danh mục', 'benh'] },
    date: { kind: 'date', values: (r) => moments(r.date) },
  },
};
