/** A small random record for the differential test: value sets, places, people, visits and facts, and what is known of them. */
import { pick, randomFrom } from '../../fhir/validation/random.testing.ts';

export const SEED = Number(process.env.SEED ?? 20261122);
export const QUESTIONS = 1_000;
export const random = randomFrom(SEED);
export const CS = 'http://random/cs';
export const UCUM = 'http://unitsofmeasure.org';
export const chance = (share: number) => random() < share;
export const whole = (below: number) => Math.floor(random() * below);

interface Place {
  id: string;
  partOf: string | undefined;
  latitude: number;
  longitude: number;
}

export interface Person {
  id: string;
  family: string;
  given: string[];
  gender: string;
  birth: string | undefined;
  story: string[];
  number: string;
}

export interface Visit {
  id: string;
  person: string;
  place: string;
  start: string;
}

export interface Fact {
  id: string;
  person: string | undefined;
  visit: string | undefined;
  code: string;
  grams: number | undefined;
  unit: string | undefined;
  said: string | undefined;
}

export const codes = Array.from({ length: 14 }, (_, i) => ({
  code: `k${i}`,
  parent: i < 3 ? undefined : `k${whole(i)}`,
  color: pick(random, ['red', 'green', undefined]),
}));
export const parentOf = new Map(codes.map(({ code, parent }) => [code, parent]));

/** True when `inner` is `outer` or below it. */
export function isWithin(
  inner: string | undefined,
  outer: string,
  parents: Map<string, string | undefined>,
): boolean {
  for (let at = inner; at !== undefined; at = parents.get(at)) if (at === outer) return true;
  return false;
}

export const valueSets: { id: string; include: object; has: (code: string) => boolean }[] = [
  ...['k1', 'k4', 'k7'].map((value) => ({
    id: `isa-${value}`,
    include: { system: CS, filter: [{ property: 'concept', op: 'is-a', value }] },
    has: (code: string) => isWithin(code, value, parentOf),
  })),
  {
    id: 'red',
    include: { system: CS, filter: [{ property: 'color', op: '=', value: 'red' }] },
    has: (code) => codes.find((one) => one.code === code)?.color === 'red',
  },
  {
    id: 'some',
    include: { system: CS, concept: [{ code: 'k2' }, { code: 'k5' }, { code: 'k9' }] },
    has: (code) => ['k2', 'k5', 'k9'].includes(code),
  },
];

export const FAMILIES = ['Nguyễn', 'Trần', 'Lê', 'Đào', 'Hoàng'];
const WORDS = ['Thị', 'Văn', 'Hòa', 'Hoà', 'Ánh', 'Anh', 'Minh'];
export const STORY = ['sốt', 'ho', 'đau đầu', 'dị ứng', 'tôm'];
export const UNITS: Record<string, number> = { g: 1, mg: 1e-3, kg: 1e3 };

export const places: Place[] = Array.from({ length: 9 }, (_, i) => ({
  id: `place${i}`,
  partOf: i < 2 ? undefined : `place${whole(i)}`,
  latitude: 21 + Math.round(random() * 1000) / 1000,
  longitude: 105 + Math.round(random() * 1000) / 1000,
}));
export const wholeOf = new Map(places.map(({ id, partOf }) => [id, partOf]));
export const people: Person[] = Array.from({ length: 40 }, (_, i) => ({
  id: `person${i}`,
  family: pick(random, FAMILIES),
  given: [pick(random, WORDS), pick(random, WORDS)],
  gender: pick(random, ['male', 'female']),
  birth: pick(random, ['1980', '1980-05', '1981-02-03', '1990-01-01', undefined]),
  story: STORY.filter(() => chance(0.3)),
  number: `${whole(4)}${i}`,
}));
export const visits: Visit[] = Array.from({ length: 60 }, (_, i) => ({
  id: `visit${i}`,
  person: pick(random, people).id,
  place: pick(random, places).id,
  start: `2026-0${1 + whole(9)}-1${whole(9)}`,
}));
export const facts: Fact[] = Array.from({ length: 220 }, (_, i) => {
  const visit = chance(0.5) ? pick(random, visits) : undefined;
  return {
    id: `fact${i}`,
    person: visit?.person ?? (chance(0.8) ? pick(random, people).id : undefined),
    visit: visit?.id,
    code: pick(random, codes).code,
    grams: chance(0.7) ? pick(random, [0.001, 0.005, 0.5, 1, 1.2, 70, 500]) : undefined,
    unit: pick(random, Object.keys(UNITS)),
    said: chance(0.3) ? pick(random, ['Sốt cao', 'sot nhe', 'Không sốt']) : undefined,
  };
});

export function resources(): object[][] {
  const set = (id: string, include: object) => ({
    resourceType: 'ValueSet',
    id,
    url: `http://random/vs/${id}`,
    status: 'active',
    compose: { include: [include] },
  });
  const shared = [
    {
      resourceType: 'CodeSystem',
      id: 'cs',
      url: CS,
      status: 'active',
      content: 'complete',
      concept: codes.map(({ code, parent, color }) => ({
        code,
        property: [
          ...(parent ? [{ code: 'parent', valueCode: parent }] : []),
          ...(color ? [{ code: 'color', valueString: color }] : []),
        ],
      })),
    },
    ...valueSets.map(({ id, include }) => set(id, include)),
    ...places.map(({ id, partOf, latitude, longitude }) => ({
      resourceType: 'Location',
      id,
      position: { latitude, longitude },
      ...(partOf ? { partOf: { reference: `Location/${partOf}` } } : {}),
    })),
  ];
  const named = people.map(({ id, family, given, gender, birth, story, number }) => ({
    resourceType: 'Patient',
    id,
    gender,
    name: [{ family, given }],
    identifier: [{ system: 'http://random/id', value: number }],
    ...(birth ? { birthDate: birth } : {}),
    ...(story.length > 0
      ? { text: { status: 'generated', div: `<div><p>${story.join('</p><p>')}</p></div>` } }
      : {}),
  }));
  const visited = visits.map(({ id, person, place, start }) => ({
    resourceType: 'Encounter',
    id,
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: `Patient/${person}` },
    location: [{ location: { reference: `Location/${place}` } }],
    period: { start: `${start}T08:00:00+07:00`, end: `${start}T09:00:00+07:00` },
  }));
  const observed = facts.map(({ id, person, visit, code, grams, unit, said }) => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: CS, code }] },
    ...(person ? { subject: { reference: `Patient/${person}` } } : {}),
    ...(visit ? { encounter: { reference: `Encounter/${visit}` } } : {}),
    ...(said ? { valueString: said } : {}),
    ...(grams !== undefined && !said
      ? {
          valueQuantity: { value: Number((grams / UNITS[unit!]!).toPrecision(12)), system: UCUM, code: unit },
        }
      : {}),
  }));
  return [shared, named, visited, observed];
}
