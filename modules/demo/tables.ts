/** The tables the province is generated from (`content/demo/`), read once into typed rows. */
import type { Content, Row } from '../../kernel/content/content.ts';
import { openUnits } from '../places/index.ts';

export type Sex = 'male' | 'female';

/** A condition on age and sex; `sex` null = both. */
export interface Who {
  ageFrom: number;
  ageTo: number;
  sex: Sex | null;
}

export interface Station extends Facility {
  /** 5-digit code of its commune. */
  unit: string;
  /** People it serves, for sharing the demo's people out. */
  population: number;
  /** Former communes joined exactly and undivided: old addresses are only taken from these. */
  formerCommunes: string[];
}

/** A station that is no more: until the day, people of these stations (of these former communes; null = all others) were seen at it. */
export interface FormerStation extends Facility {
  until: string;
  stations: string[];
  communes: string[] | null;
}

export interface Facility {
  /** Organization id `cs-25D50`. */
  id: string;
  code: string;
  name: string;
}

export interface Illness extends Who {
  key: string;
  icd10: string;
  reason: string;
  /** Visits in a thousand person-years. */
  rate: number;
  /** Month of the peak 1–12, 0 = no season. */
  peakMonth: number;
  amplitude: number;
  temperature: [number, number];
  /** Key of the laboratory order, '' for none. */
  lab: string;
}

export interface Dose extends Who {
  key: string;
  /** Regimen a chronic patient keeps to; '' for acute illness. */
  regimen: string;
  /** Percent of visits (illness), weight of the regimen (chronic disease). */
  percent: number;
  medicine: string;
  amounts: { morning: number; noon: number; afternoon: number; evening: number };
  days: number;
  /** Days given from a date on, when the law allows longer prescriptions (Circular 26/2025/TT-BYT annex VII). */
  long: { days: number; from: string } | null;
  advice: string;
}

export interface Chronic extends Who {
  key: string;
  icd10: string;
  percent: number;
  managedPercent: number;
  intervalDays: number;
}

/** One test of a laboratory order that an illness asks for; results are drawn, or come from the course of a disease. */
export interface LabRow {
  key: string;
  /** Code of the service in content/clinic/services.csv. */
  service: string;
  /** Percent of visits at which it is ordered. */
  percent: number;
  /** Key of the test in content/clinic/lab-tests.csv. */
  test: string;
  mean: number;
  deviation: number;
  decimals: number;
  /** Share of positive answers; null for a test that measures. */
  positivePercent: number | null;
}

/** How busy a facility is, in a province of 2,000 people. */
export interface Busyness extends Facility {
  type: string;
  /** Visits a day from Monday to Saturday, and on Sunday. */
  weekday: number;
  sunday: number;
  /** People who wait at any moment while the doors are open, and while only the duty is there. */
  queueOpen: number;
  queueDuty: number;
  /** Whether people come at night. */
  night: boolean;
}

export interface DemoTables {
  stations: Station[];
  /** Stations that were merged or divided: who was seen at them, up to which day. */
  formerStations: FormerStation[];
  /** Every facility that sees patients. */
  busyness: Busyness[];
  /** Where people of the demo are registered or treated besides their station, and where they are born. */
  hospital: Facility;
  maternity: Facility;
  ages: { ageFrom: number; male: number; female: number }[];
  mortality: { ageFrom: number; male: number; female: number }[];
  surnames: { surname: string; weight: number; ethnicity: string }[];
  middles: { sex: Sex; bornFrom: number; words: string; weight: number }[];
  givens: { sex: Sex; bornFrom: number; words: string; weight: number }[];
  hamlets: { rural: string[]; urban: string[] };
  ethnicities: { unit: string; code: string; percent: number }[];
  occupations: (Who & { code: string; weight: number; insuredAs: string })[];
  insurance: { group: string; digit: string; rule: string; percent: number }[];
  illnesses: Illness[];
  illnessDoses: Dose[];
  labs: LabRow[];
  chronic: Chronic[];
  chronicDoses: Dose[];
  deaths: (Who & { icd10: string; weight: number })[];
  allergies: {
    ingredient: string;
    text: string;
    manifestation: string;
    criticality: string;
    weight: number;
  }[];
  flags: { key: string; text: string; ageFrom: number; ageTo: number; percent: number }[];
  vaccines: {
    key: string;
    name: string;
    disease: string;
    cvx: string;
    dose: number;
    ageDays: number;
    latestDays: number;
    route: string;
  }[];
}

export function readDemoTables(content: Content): DemoTables {
  const table = (name: string) => content.table(`demo/${name}`);
  return {
    ...readFacilities(content),
    ages: table('age-sex').map((row) => bySex(row, 'male_thousand', 'female_thousand')),
    mortality: table('mortality').map((row) => bySex(row, 'male', 'female')),
    busyness: readBusyness(content),
    ...readPeople(content),
    insurance: table('insurance-groups').map((row) => ({
      group: row.group!,
      digit: row.digit!,
      rule: row.rule!,
      percent: Number(row.percent),
    })),
    ...readDiseases(content),
    allergies: table('allergies').map((row) => ({
      ingredient: row.ingredient!,
      text: row.text!,
      manifestation: row.manifestation!,
      criticality: row.criticality!,
      weight: Number(row.weight),
    })),
    flags: table('flags').map((row) => ({
      key: row.key!,
      text: row.text!,
      ageFrom: Number(row.age_from),
      ageTo: Number(row.age_to),
      percent: Number(row.percent),
    })),
    vaccines: table('vaccines').map((row) => ({
      key: row.key!,
      name: row.name!,
      disease: row.disease!,
      cvx: row.cvx!,
      dose: Number(row.dose),
      ageDays: row.age_days === '' ? -1 : Number(row.age_days),
      latestDays: row.latest_days === '' ? 100_000 : Number(row.latest_days),
      route: row.route!,
    })),
  };
}

/** The line of the facility itself, else that of its kind. */
function readBusyness(content: Content): Busyness[] {
  const rows = content.table('demo/day');
  return content.table('demo/facilities').flatMap((facility): Busyness[] => {
    const row =
      rows.find((each) => each.facility !== '' && each.facility === facility.code) ??
      rows.find((each) => each.facility === '' && each.type === facility.type);
    if (!row) return [];
    return [
      {
        id: facility.id!,
        code: facility.code!,
        name: facility.name!,
        type: facility.type!,
        weekday: Number(row.weekday),
        sunday: Number(row.sunday),
        queueOpen: Number(row.queue_open),
        queueDuty: Number(row.queue_duty),
        night: row.night === '1',
      },
    ];
  });
}

function readPeople(
  content: Content,
): Pick<DemoTables, 'surnames' | 'middles' | 'givens' | 'hamlets' | 'ethnicities' | 'occupations'> {
  const table = (name: string) => content.table(`demo/${name}`);
  return {
    surnames: table('surnames').map((row) => ({
      surname: row.surname!,
      weight: Number(row.weight),
      ethnicity: row.ethnicity!,
    })),
    middles: table('middle-names').map((row) => nameRow(row, 'middle')),
    givens: table('given-words').map((row) => nameRow(row, 'word')),
    hamlets: {
      rural: table('hamlets')
        .filter((row) => row.type === 'thôn')
        .map((row) => row.hamlet!),
      urban: table('hamlets')
        .filter((row) => row.type !== 'thôn')
        .map((row) => row.hamlet!),
    },
    ethnicities: table('ethnicity').map((row) => ({
      unit: row.unit!,
      code: row.code!,
      percent: Number(row.percent),
    })),
    occupations: table('occupations').map((row) => ({
      ...who(row),
      code: row.code!,
      weight: Number(row.weight),
      insuredAs: row.insured_as!,
    })),
  };
}

function readFacilities(
  content: Content,
): Pick<DemoTables, 'stations' | 'formerStations' | 'hospital' | 'maternity'> {
  const units = openUnits(content);
  const rows = content.table('demo/facilities');
  const serving = (service: string): Facility => {
    const row = rows.find((each) => each.service === service);
    if (!row) throw new Error(`content/demo/facilities.csv has no facility with service ${service}`);
    return { id: row.id!, code: row.code!, name: row.name! };
  };
  return {
    hospital: serving('general'),
    maternity: serving('maternity'),
    formerStations: content.table('demo/former-stations').map((row) => ({
      id: row.id!,
      code: row.code!,
      name: row.name!,
      until: row.until!,
      stations: row.stations!.split(' '),
      communes: row.communes ? row.communes.split(' ') : null,
    })),
    stations: rows
      .filter((row) => row.type === 'tram-y-te')
      .map((row) => ({
        id: row.id!,
        code: row.code!,
        name: row.name!,
        unit: row.unit!,
        population: Number(row.population),
        formerCommunes: units
          .predecessorsOf(row.unit!)
          .filter((line) => line.certain && line.oldCode !== '')
          .map((line) => line.oldCode),
      })),
  };
}

function readDiseases(
  content: Content,
): Pick<DemoTables, 'illnesses' | 'illnessDoses' | 'labs' | 'chronic' | 'chronicDoses' | 'deaths'> {
  const table = (name: string) => content.table(`demo/${name}`);
  return {
    illnesses: table('illnesses').map((row) => ({
      ...who(row),
      key: row.key!,
      icd10: row.icd10!,
      reason: row.reason!,
      rate: Number(row.per_1000_years),
      peakMonth: Number(row.peak_month),
      amplitude: Number(row.amplitude),
      temperature: [Number(row.temperature_low), Number(row.temperature_high)],
      lab: row.lab!,
    })),
    illnessDoses: table('illness-medicines').map((row) => doseRow(row, '', Number(row.percent))),
    labs: table('labs').map((row) => ({
      key: row.key!,
      service: row.service!,
      percent: Number(row.percent),
      test: row.test!,
      mean: Number(row.mean),
      deviation: Number(row.deviation),
      decimals: Number(row.decimals),
      positivePercent: row.positive_percent === '' ? null : Number(row.positive_percent),
    })),
    chronic: table('chronic').map((row) => ({
      ...who(row),
      key: row.key!,
      icd10: row.icd10!,
      percent: Number(row.percent),
      managedPercent: Number(row.managed_percent),
      intervalDays: Number(row.interval_days),
    })),
    chronicDoses: table('chronic-medicines').map((row) => doseRow(row, row.regimen!, Number(row.weight))),
    deaths: table('deaths').map((row) => ({ ...who(row), icd10: row.icd10!, weight: Number(row.weight) })),
  };
}

function bySex(row: Row, male: string, female: string) {
  return { ageFrom: Number(row.age_from), male: Number(row[male]), female: Number(row[female]) };
}

function who(row: Row): Who {
  return {
    ageFrom: Number(row.age_from || 0),
    ageTo: Number(row.age_to || 130),
    sex: row.sex === 'M' ? 'male' : row.sex === 'F' ? 'female' : null,
  };
}

function nameRow(row: Row, column: string) {
  return {
    sex: row.sex === 'M' ? ('male' as const) : ('female' as const),
    bornFrom: Number(row.born_from),
    words: row[column]!,
    weight: Number(row.weight),
  };
}

function doseRow(row: Row, regimen: string, percent: number): Dose {
  return {
    ...who(row),
    key: row.key!,
    regimen,
    percent,
    medicine: row.medicine!,
    amounts: {
      morning: Number(row.morning),
      noon: Number(row.noon),
      afternoon: Number(row.afternoon),
      evening: Number(row.evening),
    },
    days: Number(row.days),
    long: row.long_days ? { days: Number(row.long_days), from: row.long_from! } : null,
    advice: row.instruction!,
  };
}

/** Whether a condition on age and sex fits a person. */
export function fits(condition: Who, age: number, sex: Sex): boolean {
  return (
    condition.ageFrom <= age && age <= condition.ageTo && (condition.sex === null || condition.sex === sex)
  );
}
