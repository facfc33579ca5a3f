import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contentForm, openForm } from '../../engines/forms/index.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import { openTerminology } from '../../kernel/fhir/terminology/index.ts';
import type {
  Coding,
  Condition,
  Encounter,
  Immunization,
  MedicationRequest,
  Patient,
  QuestionnaireResponse,
  Resource,
} from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { facilityResources, practitionerOf } from '../places/index.ts';
import { demoStaff } from './staff.ts';
import { everyValue, TODAY, testHouseholds, testMaking, testRecords } from './testing.ts';

const making = testMaking();
const households = testHouseholds(making, 2);
const resources = testRecords(making, households);
const ofType = <T extends Resource>(type: T['resourceType']) =>
  resources.filter((resource): resource is T => resource.resourceType === type);
const patients = new Map(ofType<Patient>('Patient').map((patient) => [`Patient/${patient.id}`, patient]));
const dayOf = (text: string) => text.slice(0, 10);

describe('the same again', () => {
  test('the same seed and day make the same bytes, another seed makes others', () => {
    assert.equal(
      JSON.stringify(testRecords(testMaking(), testHouseholds(testMaking(), 2))),
      JSON.stringify(resources),
    );
    const other = testMaking({ seed: 'other' });
    assert.notEqual(
      JSON.stringify(testRecords(other, testHouseholds(other, 1))[0]),
      JSON.stringify(resources[0]),
    );
  });

  test('another day changes the lives, not who the people are', () => {
    const later = testMaking({ today: '2026-12-20' });
    const people = testRecords(later, testHouseholds(later, 1)).filter(
      (each) => each.resourceType === 'Patient',
    );
    for (const patient of people as Patient[]) {
      const before = patients.get(`Patient/${patient.id}`)!;
      assert.deepEqual(
        [patient.name, patient.birthDate, patient.gender],
        [before.name, before.birthDate, before.gender],
      );
    }
  });
});

describe('what is written', () => {
  test('is valid FHIR', () => {
    for (const resource of resources)
      assert.deepEqual(validateResource(JSON.parse(JSON.stringify(resource))), []);
  });

  test('is labelled as test health data, every resource', () => {
    for (const { resourceType, meta } of resources) {
      assert.ok(
        meta?.security?.some((label) => label.system === cs.actReason && label.code === 'HTEST'),
        resourceType,
      );
    }
  });

  test('is about 15 to 25 resources a person', () => {
    const mean = resources.length / patients.size;
    assert.ok(mean > 15 && mean < 25, String(mean));
  });

  test('is a life: visits, vaccinations, long diseases, pregnancies and deaths', () => {
    const problems = ofType<Condition>('Condition').filter((one) =>
      one.category?.some(({ coding }) => coding?.some(({ code }) => code === 'problem-list-item')),
    );
    const coded = (prefix: string) =>
      problems.filter((one) => one.code?.coding?.some(({ code }) => code?.startsWith(prefix)));
    for (const [what, found] of [
      ['visits', ofType<Encounter>('Encounter')],
      ['vaccinations', ofType<Immunization>('Immunization')],
      ['hypertension', coded('I10')],
      ['diabetes', coded('E1')],
      ['pregnancies', coded('Z34')],
      ['deaths', [...patients.values()].filter((one) => one.deceasedDateTime !== undefined)],
    ] as const)
      assert.ok(found.length > 0, what);
    const filled = ofType<QuestionnaireResponse>('QuestionnaireResponse').map(({ questionnaire }) =>
      questionnaire!.replace(/^.*\/|\|.*$/g, ''),
    );
    for (const form of ['kham-thai', 'ghi-nhan-sinh', 'kham-sau-sinh'])
      assert.ok(filled.includes(form), form);
    const mothers = coded('Z34').map((one) => patients.get(one.subject.reference!)!);
    assert.ok(mothers.every(({ gender }) => gender === 'female'));
  });

  test('visits before a change of boundaries are those of the stations that are no more, later ones of those of now', () => {
    const former = making.tables.formerStations;
    const at = resources.filter((each): each is Encounter => each.resourceType === 'Encounter');
    const unit = ({ serviceProvider }: Encounter) => serviceProvider!.reference!.split('/')[1]!;
    for (const { id, until, stations } of former) {
      const own = at.filter((visit) => unit(visit) === id);
      assert.ok(own.length > 0, id);
      assert.ok(own.every(({ period }) => period!.start! < until));
      assert.ok(at.some((visit) => stations.includes(unit(visit)) && visit.period!.start! >= until));
      assert.ok(!at.some((visit) => stations.includes(unit(visit)) && visit.period!.start! < until));
    }
  });

  test('doses before a change of boundaries were given at the stations that are no more', () => {
    const rooms = new Map(making.tables.formerStations.map((one) => [`Location/${one.code}-kham`, one]));
    const now = new Set(
      making.tables.stations
        .filter(({ id }) => making.tables.formerStations.some(({ stations }) => stations.includes(id)))
        .map(({ code }) => `Location/${code}-kham`),
    );
    const doses = ofType<Immunization>('Immunization');
    const given = doses.filter(({ location }) => rooms.has(location!.reference!));
    assert.ok(given.length > 0);
    for (const { location, occurrenceDateTime } of doses) {
      const former = rooms.get(location!.reference!);
      if (former) assert.ok(occurrenceDateTime! < former.until);
      else if (now.has(location!.reference!)) assert.ok(occurrenceDateTime! >= '2026-07-01');
    }
  });

  test('fills in the forms of long diseases, each without a fault', () => {
    const content = making.content;
    const answered = ofType<QuestionnaireResponse>('QuestionnaireResponse').filter(({ questionnaire }) =>
      /kham-ho-hap|theo-doi-tam-than|kham-phu-khoa/.test(questionnaire ?? ''),
    );
    assert.ok(answered.length > 3, String(answered.length));
    for (const response of answered) {
      const [url = '', version] = response.questionnaire!.split('|');
      const form = contentForm(content, url, version, TODAY)!;
      const open = openForm(form, { now: new Date(response.authored!), context: {}, response });
      assert.deepEqual(
        open.issues(true).filter(({ severity }) => severity === 'error'),
        [],
        JSON.stringify(response.item),
      );
    }
  });

  test('refers only to what is there', () => {
    const staff = demoStaff(making.content, making.seed, TODAY, making.tables, making.words);
    const places = ['demo/facilities', 'demo/former-stations'].flatMap((table) =>
      facilityResources(making.content, { facilities: making.content.table(table), date: TODAY }),
    );
    const known = new Set(
      [...resources, ...places, ...staff.map(practitionerOf)].map(
        (each) => `${each.resourceType}/${each.id}`,
      ),
    );
    assert.equal(known.size, resources.length + places.length + staff.length);
    for (const resource of resources) {
      for (const { path, value } of everyValue(resource)) {
        if (path.endsWith('reference'))
          assert.ok(known.has(value as string), `${resource.resourceType}.${path} ${value}`);
      }
    }
  });
});

describe('time', () => {
  test('nothing happens in the future but the end of a card, a supply and a due date', () => {
    for (const resource of resources) {
      for (const { path, value } of everyValue(resource)) {
        if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}(T|$)/.test(value)) continue;
        if (resource.resourceType === 'Coverage' && path === 'period.end') continue;
        if (resource.resourceType === 'Observation' && path === 'valueDateTime') continue;
        if (resource.resourceType === 'QuestionnaireResponse' && path.endsWith('valueDate')) continue;
        assert.ok(dayOf(value) <= TODAY, `${resource.resourceType}.${path} ${value}`);
        if (dayOf(value) === TODAY && value.includes('T'))
          assert.ok(value.slice(11, 16) <= making.time, value);
      }
    }
  });

  test('nobody is seen before birth or after death, and nobody twice on a day', () => {
    const seen = new Set<string>();
    for (const encounter of ofType<Encounter>('Encounter')) {
      const patient = patients.get(encounter.subject!.reference!)!;
      const day = dayOf(encounter.period!.start!);
      assert.ok(day >= patient.birthDate!);
      if (patient.deceasedDateTime) assert.ok(day < dayOf(patient.deceasedDateTime));
      const key = `${patient.id} ${day}`;
      assert.ok(!seen.has(key), key);
      seen.add(key);
    }
  });

  test('the last thirty days and a day of the week look like a working station', () => {
    const encounters = ofType<Encounter>('Encounter');
    const lately = encounters.filter((encounter) => dayOf(encounter.period!.start!) > '2026-10-23');
    assert.ok(lately.length > 40, String(lately.length));
    const onDay = (wanted: number) =>
      encounters.filter(
        (each) => each.class?.code === 'AMB' && new Date(dayOf(each.period!.start!)).getUTCDay() === wanted,
      );
    assert.ok(onDay(0).length > 0 && onDay(0).length < onDay(1).length / 2);
  });

  test('coughs come in winter, diarrhoea of small children in summer', () => {
    const many = testHouseholds(making, 6);
    const conditions = testRecords(making, many).filter(
      (each): each is Condition => each.resourceType === 'Condition',
    );
    const months = (code: string, wanted: number[]) =>
      conditions.filter(
        (each) =>
          each.code?.coding?.[0]?.code === code && wanted.includes(Number(each.recordedDate!.slice(5, 7))),
      ).length;
    assert.ok(months('J06.9', [12, 1, 2]) > months('J06.9', [6, 7, 8]) * 1.2);
    assert.ok(months('A09.9', [6, 7, 8]) > months('A09.9', [12, 1, 2]));
  });
});

describe('codes', () => {
  const terminology = openTerminology(making.content);

  test('are in force on the day of the visit', () => {
    for (const encounter of ofType<Encounter>('Encounter')) {
      const day = dayOf(encounter.period!.start!);
      const codings = [
        encounter.type![0]!.coding![0]!,
        encounter.hospitalization!.dischargeDisposition!.coding![0]!,
        ...encounter.extension!.flatMap((each) => each.valueCoding ?? []),
      ];
      for (const { system, code } of codings as Required<Coding>[]) {
        assert.equal(terminology.validate(system, code, day).result, 'valid', `${system}|${code} on ${day}`);
      }
    }
  });

  test('of diagnoses fit the person (limits of sex in QĐ 4469/QĐ-BYT)', () => {
    for (const condition of ofType<Condition>('Condition')) {
      const coding = condition.code!.coding![0]!;
      const found = terminology.lookup(cs.icd10, coding.code!, TODAY)!;
      const patient = patients.get(condition.subject.reference!)!;
      if (found.properties.sex)
        assert.equal(found.properties.sex, patient.gender === 'female' ? 'F' : 'M', coding.code);
      assert.equal(coding.display, found.display);
      assert.equal(found.properties.leaf, '1', `${coding.code} has finer codes`);
    }
  });

  test('of medicines are those of the list, with the ingredient that is meant', () => {
    const medicines = new Map(making.content.table('drug/medicines').map((row) => [row.code!, row]));
    for (const table of ['demo/illness-medicines', 'demo/chronic-medicines']) {
      for (const row of making.content.table(table)) {
        assert.equal(medicines.get(row.medicine!)?.ingredients, row.ingredients, `${table} ${row.medicine}`);
      }
    }
  });
});

describe('care', () => {
  test('quantities are the doses of the day times the days', () => {
    for (const request of ofType<MedicationRequest>('MedicationRequest')) {
      const doses = request.dosageInstruction!.flatMap(
        (each) => each.doseAndRate?.[0]?.doseQuantity?.value ?? [],
      );
      const { quantity, expectedSupplyDuration } = request.dispenseRequest!;
      assert.ok(quantity!.value! >= 1);
      const unit = request.dosageInstruction![0]!.doseAndRate?.[0]?.doseQuantity?.unit;
      if (unit !== quantity!.unit) continue;
      const daily = doses.reduce((sum, dose) => sum + dose, 0);
      assert.equal(quantity!.value, Math.ceil(daily * expectedSupplyDuration!.value!));
    }
  });

  test('injections keep the schedule (TT 10/2024/TT-BYT): not too early, a month between the doses of five in one', () => {
    const byChild = Map.groupBy(ofType<Immunization>('Immunization'), (each) => each.patient.reference!);
    let children = 0;
    for (const [reference, injections] of byChild) {
      const born = Date.parse(patients.get(reference)!.birthDate!);
      const five = injections.filter((each) => each.vaccineCode.coding![0]!.code === '102');
      const days = five.map((each) => (Date.parse(each.occurrenceDateTime!) - born) / 86_400_000);
      if (days.length > 0) assert.ok(days[0]! >= 60);
      for (const [at, day] of days.entries()) if (at > 0) assert.ok(day - days[at - 1]! >= 28);
      children += days.length === 3 ? 1 : 0;
    }
    assert.ok(children > 50);
  });

  test('treated pressure falls in the first year of treatment', () => {
    const course = new Map<string, { at: string; systolic: number }[]>();
    const treated = new Set(
      ofType<Encounter>('Encounter')
        .filter((each) => each.reasonCode?.[0]?.text?.startsWith('Khám lại'))
        .map((each) => `Encounter/${each.id}`),
    );
    for (const each of resources) {
      if (each.resourceType !== 'Observation' || !treated.has(each.encounter?.reference ?? '')) continue;
      const systolic = each.component?.[0]?.valueQuantity?.value;
      if (systolic === undefined) continue;
      const key = each.subject!.reference!;
      course.set(key, [...(course.get(key) ?? []), { at: each.effectiveDateTime!, systolic }]);
    }
    const changes = [...course.values()]
      .filter((each) => each.length > 5)
      .map((each) => each.at(-1)!.systolic - each[0]!.systolic);
    assert.ok(changes.length > 10);
    assert.ok(changes.reduce((sum, change) => sum + change, 0) / changes.length < -5);
  });
});
