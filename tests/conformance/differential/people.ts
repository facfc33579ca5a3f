/** A small random world for the differential test: people, places, visits and what was seen there, all tied together. */
import type { Resource } from '../../../kernel/fhir/types.ts';
import { pick, type Random } from './random.ts';

// biome-ignore lint/suspicious/noExplicitAny: resources of many types, built and read property by property
export type Any = any;

export const FAMILIES = ['Nguyễn', 'Trần', 'Lê', 'Đặng', 'Đỗ', 'Phạm'];
export const GIVEN = ['Văn', 'Thị', 'An', 'Bảo', 'Đức', 'Hoa', 'Lan', 'Nam', 'Phong', 'Sơn', 'Hoà', 'Hòa'];
export const CITIES = ['Xã Tam Đảo', 'Phường Việt Trì', 'Xã Đông Anh', 'tam dao'];
export const CODES = ['a', 'b', 'c', 'd'];
export const UNITS = ['kg', 'g', 'mg'];

const two = (n: number) => String(n).padStart(2, '0');

/** A date of any precision around 2025–2026, or an instant in one of three zones. */
export function randomMoment(random: Random): string {
  const month = `202${5 + Math.floor(random() * 2)}-${pick(random, ['01', '02', '12'])}`;
  const day = `${month}-${two(1 + Math.floor(random() * 4))}`;
  const zone = pick(random, ['Z', '+07:00', '-05:00']);
  const hour = `${day}T${two(Math.floor(random() * 24))}`;
  return pick(random, [
    month.slice(0, 4),
    month,
    day,
    day,
    `${hour}:00:00${zone}`,
    `${hour}:30:15.250${zone}`,
  ]);
}

/** A date without time, as `birthDate` is. */
export function randomDay(random: Random): string {
  return randomMoment(random).slice(0, pick(random, [4, 7, 10, 10]));
}

/** Period with a start, an end or both in order. */
function randomPeriod(random: Random): object {
  const [start, end] = [randomMoment(random), randomMoment(random)].sort(
    (a, b) => Date.parse(a) - Date.parse(b),
  );
  const apart = Date.parse(end!) - Date.parse(start!) > 400 * 86_400_000;
  return pick(random, [{ start }, { end }, apart || start === end ? { start, end } : { start }]);
}

const maybe = <T>(random: Random, chance: number, make: () => T): T | undefined =>
  random() < chance ? make() : undefined;

const some = <T>(random: Random, most: number, make: () => T): T[] | undefined => {
  const list = Array.from({ length: Math.floor(random() * (most + 1)) }, make);
  return list.length > 0 ? list : undefined;
};

function concept(random: Random): object {
  const code = pick(random, CODES);
  const system = pick(random, ['http://s/1', 'http://s/2', undefined]);
  // Partners show one code in their own words, or not at all.
  const display = pick(random, [undefined, `Mã ${code}`, `Huyết áp ${code}`, 'Đau đầu', 'Blood pressure']);
  const coding = { system, code, display };
  return pick(random, [{ coding: [coding] }, { coding: [coding], text: 'Tự ghi' }, { text: 'Chỉ có chữ' }]);
}

function quantity(random: Random): object {
  const code = pick(random, UNITS);
  const value = code === 'kg' ? Math.floor(random() * 60) / 10 : Math.floor(random() * 60) * 100;
  return { value, unit: code, system: 'http://unitsofmeasure.org', code };
}

/** Now and then with what the target is called. */
const reference = (random: Random, type: string, count: number) => ({
  reference: `${type}/${type.toLowerCase()}-${Math.floor(random() * count)}`,
  identifier: maybe(random, 0.15, () => identifier(random)),
});

/** How many there are of each type: references lead to these, and a little beyond. */
export const COUNTS = {
  Organization: 8,
  Practitioner: 10,
  Patient: 40,
  Encounter: 60,
  Observation: 150,
  Condition: 60,
  RiskAssessment: 40,
  ValueSet: 30,
} as const;

export type WorldType = keyof typeof COUNTS;

const to = (random: Random, type: WorldType) => reference(random, type, COUNTS[type] + 1);

const name = (random: Random) => ({
  family: maybe(random, 0.9, () => pick(random, FAMILIES)),
  given: [pick(random, GIVEN), pick(random, GIVEN)],
});

/** What an identifier is, where that is said. */
export const ID_TYPES = ['MR', 'NI'];

const identifier = (random: Random) => ({
  type: maybe(random, 0.4, () => ({
    coding: [{ system: pick(random, ['http://id/types', 'http://id/others']), code: pick(random, ID_TYPES) }],
  })),
  system: pick(random, ['http://id/1', 'http://id/2', undefined]),
  value: pick(random, ['x1', 'x2', 'X1', 'y 3', 'z|4']),
});

const MAKERS: Record<WorldType, (random: Random) => object> = {
  Organization: (random) => ({
    active: maybe(random, 0.7, () => random() < 0.5),
    name: pick(random, ['Trạm y tế Tam Đảo', 'Bệnh viện tỉnh', 'Sở Y tế', 'trạm Y TẾ Đông Anh']),
    type: some(random, 2, () => concept(random)),
    partOf: maybe(random, 0.6, () => to(random, 'Organization')),
  }),
  Practitioner: (random) => ({
    active: maybe(random, 0.7, () => random() < 0.5),
    name: [name(random)],
    identifier: some(random, 2, () => identifier(random)),
  }),
  Patient: (random) => ({
    active: maybe(random, 0.6, () => random() < 0.5),
    name: [name(random)],
    identifier: some(random, 2, () => identifier(random)),
    gender: maybe(random, 0.8, () => pick(random, ['male', 'female', 'other'])),
    birthDate: maybe(random, 0.8, () => randomDay(random)),
    ...pick(random, [
      {},
      {},
      { deceasedBoolean: true },
      { deceasedBoolean: false },
      { deceasedDateTime: randomMoment(random) },
    ]),
    address: some(random, 2, () => ({ city: pick(random, CITIES) })),
    telecom: some(random, 1, () => ({
      system: pick(random, ['phone', 'email']),
      value: pick(random, ['0912', 'a@b.vn']),
    })),
    managingOrganization: maybe(random, 0.6, () => to(random, 'Organization')),
    generalPractitioner: some(random, 2, () => to(random, 'Practitioner')),
  }),
  Encounter: (random) => ({
    status: pick(random, ['planned', 'in-progress', 'finished']),
    class: { system: 'http://s/1', code: pick(random, CODES) },
    subject: maybe(random, 0.9, () => to(random, 'Patient')),
    period: maybe(random, 0.8, () => randomPeriod(random)),
    serviceProvider: maybe(random, 0.7, () => to(random, 'Organization')),
    partOf: maybe(random, 0.3, () => to(random, 'Encounter')),
    participant: some(random, 2, () => ({ individual: to(random, 'Practitioner') })),
  }),
  Observation: (random) => ({
    status: pick(random, ['final', 'amended']),
    category: some(random, 2, () => concept(random)),
    code: concept(random),
    subject: maybe(random, 0.9, () => to(random, 'Patient')),
    encounter: maybe(random, 0.6, () => to(random, 'Encounter')),
    performer: some(random, 2, () => to(random, pick(random, ['Practitioner', 'Organization']))),
    ...pick(random, [
      {},
      { effectiveDateTime: randomMoment(random) },
      { effectivePeriod: randomPeriod(random) },
    ]),
    ...pick(random, [
      {},
      { valueQuantity: quantity(random) },
      { valueQuantity: quantity(random) },
      { valueCodeableConcept: concept(random) },
      { valueString: pick(random, ['Âm tính', 'am tinh nhe', 'Dương tính']) },
    ]),
    component: some(random, 2, () => ({
      code: concept(random),
      valueQuantity: maybe(random, 0.8, () => quantity(random)),
    })),
    hasMember: maybe(random, 0.2, () => [to(random, 'Observation')]),
  }),
  Condition: (random) => ({
    clinicalStatus: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
          code: pick(random, ['active', 'resolved']),
        },
      ],
    },
    code: maybe(random, 0.8, () => concept(random)),
    subject: to(random, 'Patient'),
    encounter: maybe(random, 0.6, () => to(random, 'Encounter')),
    recordedDate: maybe(random, 0.7, () => randomMoment(random)),
    ...pick(random, [{}, { onsetDateTime: randomMoment(random) }, { onsetPeriod: randomPeriod(random) }]),
  }),
  RiskAssessment: (random) => ({
    status: 'final',
    subject: to(random, 'Patient'),
    occurrenceDateTime: maybe(random, 0.7, () => randomMoment(random)),
    prediction: some(random, 2, () => ({ probabilityDecimal: Math.floor(random() * 40) / 10 })),
  }),
  ValueSet: (random) => ({
    status: pick(random, ['draft', 'active']),
    url: maybe(
      random,
      0.9,
      () => `http://v/${pick(random, ['a', 'b'])}${pick(random, ['', '/x', '/x/y', '/z'])}`,
    ),
    title: maybe(random, 0.7, () => pick(random, ['Mã bệnh', 'mã thuốc', 'Danh mục'])),
    date: maybe(random, 0.7, () => randomMoment(random)),
  }),
};

/** Profile, tag, source and security now and then. */
function meta(random: Random): object | undefined {
  return maybe(random, 0.4, () => ({
    profile: some(random, 1, () => `http://p/${pick(random, ['1', '2'])}`),
    tag: some(random, 1, () => ({ system: 'http://t', code: pick(random, CODES) })),
    source: maybe(random, 0.3, () => 'http://source/1'),
  }));
}

/** Every resource of a world, the same for the same seed. */
export function makeWorld(random: Random): Any[] {
  return (Object.keys(COUNTS) as WorldType[]).flatMap((type) =>
    Array.from({ length: COUNTS[type] }, (_, n) =>
      clean({
        resourceType: type,
        id: `${type.toLowerCase()}-${n}`,
        meta: meta(random),
        ...MAKERS[type](random),
      }),
    ),
  );
}

/** Without what is undefined, and without objects that are empty then. */
function clean(value: object): Resource {
  const isEmpty = (one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one) && Object.keys(one).length === 0;
  return JSON.parse(JSON.stringify(value), (_, one) => (isEmpty(one) ? undefined : one)) as Resource;
}
