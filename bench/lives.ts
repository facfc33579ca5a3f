/**
 * Lives of people as real rows: each person has visits over ten years, a few have very many. Written through the store,
 * deterministic by their number, so that a store of a million resources is a store of fifty thousand that has grown.
 */
import type { Condition, Resource } from '../kernel/fhir/types.ts';
import type { OpenStore } from '../kernel/store/index.ts';
import { inParallel } from './bench.ts';
import { visitBundle } from './visit-bundle.ts';

/** Where all visits are. */
export const UNIT = 'cs-25D01';

/** Visits of an ordinary person and of one with a long record: 11 resources each, and the Patient. */
const VISITS = 6;
const LONG_VISITS = 68;
/** Of one as long as those of the generated province are on average: 22.6 resources a person (bench `disk`). */
const AVERAGE_VISITS = 2;
/** Resources of a long record: 749 and the Patient. */
export const LONG_RECORD = LONG_VISITS * 11 + 2;
/** Resources of an average record: 22 and the Patient. */
export const AVERAGE_RECORD = AVERAGE_VISITS * 11 + 1;
/** So many have a long record, and so many an average one; they are the first, so that every size has the same. */
const LONG = 12;
const AVERAGE = 200;
const PRACTITIONERS = 300;
const AT_ONCE = 8;

export interface Person {
  id: string;
  /** Ids of the person's Observations. */
  observations: string[];
}

export interface Lives {
  /** Resources written so far. */
  resources: number;
  long: Person[];
  average: Person[];
  /** At most MOST_KNOWN of the others. */
  people: Person[];
  next: number;
}

const MOST_KNOWN = 4_000;

/** What belongs to nobody, and no people yet. */
export async function beginLives(store: OpenStore): Promise<Lives> {
  const shared: Resource[] = [
    { resourceType: 'Organization', id: UNIT, name: 'Trung tâm y tế' },
    { resourceType: 'Location', id: '25D01-kham', name: 'Phòng khám 1' },
    ...Array.from(
      { length: PRACTITIONERS },
      (_, n): Resource => ({ resourceType: 'Practitioner', id: `bs-${n}`, name: [{ text: `Bác sĩ ${n}` }] }),
    ),
  ];
  await store.commit(
    shared.map((resource) => ({ op: 'update' as const, resource })),
    [],
  );
  return { resources: shared.length, long: [], average: [], people: [], next: 0 };
}

/** Adds people until there are so many resources. */
export async function growLives(store: OpenStore, lives: Lives, resources: number): Promise<void> {
  await inParallel(AT_ONCE, AT_ONCE, async () => {
    while (lives.resources < resources) {
      const n = lives.next++;
      const life = lifeOf(store, n);
      lives.resources += life.length;
      const writes = life.map((resource) => ({ op: 'create' as const, resource }));
      await store.commit(writes, []);
      const person = {
        id: life[0]!.id!,
        observations: life.filter(({ resourceType }) => resourceType === 'Observation').map(({ id }) => id!),
      };
      if (n < LONG) lives.long.push(person);
      else if (n < LONG + AVERAGE) lives.average.push(person);
      else if (lives.people.length < MOST_KNOWN) lives.people.push(person);
    }
  });
  await store.pool.query('vacuum (analyze) res');
  await store.pool.query('analyze');
}

/** A chronic disease stays: one in seven has high blood pressure, one in twenty diabetes. */
function diagnosisOf(person: number, visit: number): [string, string] {
  if (person % 7 === 0 && visit % 2 === 0) return ['I10', 'Bệnh lý tăng huyết áp nguyên phát (vô căn)'];
  if (person % 20 === 0) return ['E11', 'Bệnh đái tháo đường không phụ thuộc insulin'];
  const acute = (person * 31 + visit * 17) % 40;
  return [`J${String(acute).padStart(2, '0')}`, 'Bệnh đường hô hấp'];
}

function visitsOf(n: number): number {
  if (n < LONG) return LONG_VISITS;
  return n < LONG + AVERAGE ? AVERAGE_VISITS : VISITS;
}

function lifeOf(store: OpenStore, n: number): Resource[] {
  const patient = store.newId('Patient');
  const life: Resource[] = [];
  for (let visit = 0; visit < visitsOf(n); visit++) {
    const day = new Date(Date.UTC(2016, 0, 1) + ((n * 37 + visit * 53) % 3_900) * 86_400_000)
      .toISOString()
      .slice(0, 10);
    const text = JSON.stringify(visitBundle(patient, (type) => store.newId(type, patient)));
    const [person, ...rest] = JSON.parse(text.replaceAll('2026-11-22', day)) as Resource[];
    if (visit === 0) life.push(person!);
    const [code, display] = diagnosisOf(n, visit);
    for (const resource of rest) {
      if (resource.resourceType === 'Condition') renamed(resource, code, display);
      life.push(resource);
    }
  }
  // One more resource that makes the long record a round number.
  if (n < LONG)
    life.push({
      resourceType: 'Flag',
      id: store.newId('Flag', patient),
      status: 'active',
      code: { text: 'Dài' },
      subject: { reference: `Patient/${patient}` },
    });
  return life;
}

function renamed(condition: Condition, code: string, display: string): void {
  const coding = condition.code?.coding?.[0];
  if (coding) Object.assign(coding, { code, display });
}
