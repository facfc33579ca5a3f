/** A station that types forms of the content as its screens do, and reads its books and reports. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { type Form, openForm } from '../../engines/forms/browser.ts';
import { cs, ext } from '../../kernel/fhir/systems.ts';
import type { Address, Patient, Questionnaire, QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import { type Browser, DAY, openWorld, type World } from '../clinic/testing.ts';
import type { BookPage } from './books.ts';

export const UNIT = 'cs-25D01';
export const MONTH = DAY.slice(0, 7);

/** Where the station stands, and where whoever lives there lives. */
export const COMMUNE: Address = {
  extension: [{ url: ext.unit, valueCoding: { system: cs.unit, code: '08707' } }],
};

/** A word for a choice is its code. */
export type Typed = Readonly<
  Record<string, string | number | boolean | readonly string[] | { reference: string }>
>;

export interface Station {
  world: World;
  nurse: Browser;
  head: Browser;
  /** Opens a form, types, and hands it in. @param expected status of the answer */
  fill(key: string, patient: string, typed: Typed, expected?: number): Promise<Form & { id: string }>;
  /** Lines of a book of this month; of a standing book all. */
  book(key: string): Promise<BookPage['rows']>;
  /** The line of a person. */
  line(key: string, patient: string): Promise<Record<string, string> | undefined>;
  /** Numbers of a report of the station this month, by cell. */
  numbers(key: string): Promise<Record<string, number | null>>;
  /** Somebody who is registered and was never at the station. */
  resident(patient: Partial<Patient>): Promise<string>;
}

/** @param day on which everything is typed, for content that begins later than `DAY` */
export async function openStation(day = DAY): Promise<Station> {
  const world = await openWorld();
  world.setNow(`${day}T08:30:00+07:00`);
  const nurse = await world.signIn('dieuduong');
  const head = await world.hire('truongtram', 'station-head');
  const system = world.program.kernel.gate.system('test');
  await system.create({
    resourceType: 'PractitionerRole',
    active: true,
    practitioner: { reference: 'Practitioner/nv-dieuduong' },
    organization: { reference: `Organization/${UNIT}` },
  });
  // Books of people under management go by where people live: the station stands in a commune.
  const place = await system.read('Organization', UNIT);
  await system.update({ ...place, address: [COMMUNE] });
  const book: Station['book'] = async (key) => {
    await world.program.kernel.events.settled();
    const asked = `/api/station/books/${key}?from=&to=${MONTH}-30&q=`;
    const { status, body } = await nurse.call<BookPage>('GET', asked);
    assert.equal(status, 200, JSON.stringify(body));
    return body.rows;
  };
  const station: Station = {
    world,
    nurse,
    head,
    book,
    fill: (key, patient, typed, expected = 201) =>
      fill(station.nurse, key, { patient, day }, typed, expected),
    line: async (key, patient) =>
      (await book(key)).find(({ person }) => person === patient)?.cells as Record<string, string> | undefined,
    async numbers(key) {
      await world.program.kernel.events.settled();
      const { status, body } = await head.call<{ cells: Record<string, { value: number | null }> }>(
        'GET',
        `/api/statistics/sheets/${key}/${UNIT}/${MONTH}`,
      );
      assert.equal(status, 200, JSON.stringify(body));
      return Object.fromEntries(Object.entries(body.cells).map(([cell, { value }]) => [cell, value]));
    },
    resident: async (patient) =>
      (await system.create<Patient>({ resourceType: 'Patient', gender: 'female', ...patient })).id!,
  };
  return station;
}

async function fill(
  nurse: Browser,
  key: string,
  { patient, day }: { patient: string; day: string },
  typed: Typed,
  expected: number,
): Promise<Form & { id: string }> {
  const opened = await nurse.call<{
    form: Questionnaire;
    canonical: string;
    start: QuestionnaireResponse;
    context: object;
  }>('GET', `/api/forms/open/${key}?patient=${patient}`);
  assert.equal(opened.status, 200, JSON.stringify(opened.body));
  const { form, canonical, start, context } = opened.body;
  const now = new Date(`${day}T08:30:00+07:00`);
  const open = openForm(form, { now, context: context as never, response: start });
  for (const [place, value] of Object.entries(typed)) {
    // `con#1/…`: one more repeat of a group.
    const [repeats = ''] = place.split('#');
    if (place.includes('#') && open.read(place) === null) open.add(repeats);
    const field = open.read(place);
    assert.ok(field, place);
    const coded = (code: unknown) =>
      field.options?.find((one) => (one.value as { code?: string }).code === code)?.value ?? code;
    open.set(place, (Array.isArray(value) ? value.map(coded) : [coded(value)]) as never);
  }
  const done = await nurse.call<{ id: string }>('POST', '/api/forms/answers', {
    form: canonical,
    patient,
    encounter: '',
    response: open.response('in-progress'),
  });
  assert.equal(done.status, expected, JSON.stringify(done.body));
  return Object.assign(open, { id: done.body.id });
}
