/** From what the record holds of a person to the facts of a programme. Needs FHIRPath; the server's side. */
import { type Criterion, compileCriterion, type Subject, sourcesOf } from '../../kernel/fhir/person/index.ts';
import type {
  EpisodeOfCare,
  Immunization,
  Patient,
  Resource,
  ResourceType,
  Task,
} from '../../kernel/fhir/types.ts';
import { firstDayOf, vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { type Day, dayOf } from './days.ts';
import {
  type Answer,
  type Call,
  type CallResult,
  type Claim,
  type Dose,
  type EnrolmentFact,
  type Facts,
  isMet,
  type NotGiven,
} from './facts.ts';
import { inAge } from './membership.ts';
import { type Programme, questionsOf } from './model.ts';
import { programmeCs } from './systems.ts';

/** Asks a programme's questions of persons; made once. */
export interface Asker {
  programme: Programme;
  /** Types that must be read of a person. */
  types: readonly ResourceType[];
  /** @param resources of the person, of the types above at least */
  factsOf(patient: Patient, resources: readonly Resource[], now: Date): Facts;
  /**
   * True when the person has nothing to do with the programme, today or on any later day on which nothing is written: most persons
   * with most programmes. It asks the fewest questions that say so.
   */
  isOutside(patient: Patient, resources: readonly Resource[], now: Date): boolean;
}

/** What a programme's own facts are made of. */
const OWN: readonly ResourceType[] = ['EpisodeOfCare', 'Task', 'Immunization'];

/** @param products for what a dose is said to be for. @throws Failure for an expression that cannot be carried out */
export function openAsker(
  programme: Programme,
  subjectFor: (patient: Patient, resources: readonly Resource[]) => Subject,
): Asker {
  const questions = distinctQuestions(programme);
  const asked = sourcesOf(questions.map(({ criterion }) => criterion)).map(({ type }) => type);
  const components = componentsOf(programme);
  const { proposed, automatic } = programme.enrolment;
  const ofProposal = questions.filter(({ places }) => proposed.some(({ place }) => places.includes(place)));
  return {
    programme,
    types: [...new Set([...OWN, ...asked])],
    isOutside(patient, resources, now) {
      const episodes = ofType<EpisodeOfCare>(resources, 'EpisodeOfCare');
      if (episodes.some((one) => enrolmentOf(one, programme).length > 0)) return false;
      const birth = patient.birthDate ? dayOf(firstDayOf(patient.birthDate)) : null;
      const day = programme.campaign?.from ?? dayOf(vietnamDay(now))!;
      if (!automatic && !inAge(programme.enrolment, birth, day)) return true;
      const subject = subjectFor(patient, resources);
      return ofProposal.some(({ criterion }) => !isMet(answerOf(criterion, subject, patient, now)));
    },
    factsOf(patient, resources, now) {
      const subject = subjectFor(patient, resources);
      const answers: Record<string, Answer> = {};
      for (const { places, criterion } of questions) {
        const answer = answerOf(criterion, subject, patient, now);
        for (const place of places) answers[place] = answer;
      }
      return {
        birth: patient.birthDate ? dayOf(firstDayOf(patient.birthDate)) : null,
        died: deathOf(patient, now),
        enrolments: ofType<EpisodeOfCare>(resources, 'EpisodeOfCare').flatMap((one) =>
          enrolmentOf(one, programme),
        ),
        doses:
          programme.series.length === 0
            ? []
            : ofType<Immunization>(resources, 'Immunization').flatMap((one) => doseOf(one, components)),
        notGiven:
          programme.series.length === 0
            ? []
            : ofType<Immunization>(resources, 'Immunization')
                .flatMap(notGivenOf)
                .sort((a, b) => a.day - b.day || (a.id < b.id ? -1 : 1)),
        calls: callsOf(ofType<Task>(resources, 'Task'), programme),
        answers,
      };
    },
  };
}

/** What several series ask in the same words is asked once. */
function distinctQuestions(programme: Programme): { places: string[]; criterion: Criterion }[] {
  const alike = Map.groupBy(
    questionsOf(programme),
    ({ language, expression }) => `${language} ${expression}`,
  );
  return [...alike.values()].map((same) => {
    const { place, language, expression } = same[0]!;
    const criterion = compileCriterion({ language: language as 'text/fhirpath', expression }, place, {
      constants: new Map(),
    });
    return { places: same.map((one) => one.place), criterion };
  });
}

function ofType<T extends Resource>(resources: readonly Resource[], type: T['resourceType']): T[] {
  return resources.filter((one): one is T => one.resourceType === type);
}

/** Booleans say yes or no; dates are days; resources say "there are some", with the days on which they were done. */
function answerOf(criterion: Criterion, subject: Subject, patient: Patient, now: Date): Answer {
  const values = criterion.values(subject, patient, now);
  if (values.length === 0) return null;
  if (typeof values[0] === 'boolean') return values.every((one) => one === true);
  const days = values.flatMap((one) => {
    const day = dayIn(one);
    return day === null ? [] : [day];
  });
  return days.length > 0 ? days.sort((a, b) => a - b) : true;
}

const DATED = [
  'effectiveDateTime',
  'occurrenceDateTime',
  'performedDateTime',
  'onsetDateTime',
  'recordedDate',
  'authoredOn',
  'date',
  'start',
];

function dayIn(value: unknown): Day | null {
  if (typeof value === 'string') return textDay(value);
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  const field = DATED.map((name) => fields[name]).find((one) => typeof one === 'string');
  const period = (fields.period ?? fields.effectivePeriod ?? fields.performedPeriod) as
    | { start?: string }
    | undefined;
  const text = (field as string | undefined) ?? period?.start;
  return text === undefined ? null : textDay(text);
}

function textDay(text: string): Day | null {
  return /^\d{4}/.test(text) ? dayOf(firstDayOf(text)) : null;
}

function deathOf({ deceasedDateTime, deceasedBoolean }: Patient, now: Date): Day | null {
  if (deceasedDateTime) return textDay(deceasedDateTime);
  return deceasedBoolean === true ? dayOf(vietnamDay(now)) : null;
}

function enrolmentOf(episode: EpisodeOfCare, { key }: Programme): EnrolmentFact[] {
  const isOurs = (episode.type ?? []).some(({ coding = [] }) =>
    coding.some(({ system, code }) => system === programmeCs.programme && code === key),
  );
  const from = episode.period?.start ? textDay(episode.period.start) : null;
  if (!isOurs || from === null || episode.status === 'entered-in-error') return [];
  const to = episode.period?.end ? textDay(episode.period.end) : null;
  const unit = episode.managingOrganization?.reference?.split('/')[1] ?? null;
  return [{ id: episode.id ?? '', status: episode.status, from, to, unit }];
}

/** By the name of each component; `Bại liệt (tiêm)` is of the disease `Bại liệt`. */
function componentsOf({ series }: Programme): ReadonlyMap<string, Claim> {
  const diseaseOf = (title: string) => folded(title.replace(/\s*\(.*\)\s*$/, ''));
  return new Map(
    series.map(({ component, componentTitle }) => {
      const alike = series.filter((one) => diseaseOf(one.componentTitle) === diseaseOf(componentTitle));
      return [folded(componentTitle), { component, alike: alike.map((one) => one.component) }];
    }),
  );
}

/** Doses that were given; R4 `completed`. What was not done is a call or a reason of its own. */
function doseOf(immunization: Immunization, components: ReadonlyMap<string, Claim>): Dose[] {
  const { status, occurrenceDateTime, vaccineCode, id = '', lotNumber = '', expirationDate } = immunization;
  const day = occurrenceDateTime ? textDay(occurrenceDateTime) : null;
  if (status !== 'completed' || day === null) return [];
  const protocols = immunization.protocolApplied ?? [];
  const claims = protocols.flatMap(({ targetDisease = [] }) =>
    targetDisease.flatMap(({ coding = [], text = '' }) => {
      const own = coding.find(({ system }) => system === programmeCs.component)?.code;
      return own ? { component: own, alike: [] } : (components.get(folded(text)) ?? []);
    }),
  );
  const [first] = protocols;
  return [
    {
      id,
      day,
      products: codesOf(vaccineCode),
      claims,
      lot: lotNumber,
      expires: expirationDate ? textDay(lastDay(expirationDate)) : null,
      name: vaccineCode.text ?? vaccineCode.coding?.[0]?.display ?? '',
      number: String(first?.doseNumberPositiveInt ?? first?.doseNumberString ?? ''),
      at: occurrenceDateTime!,
      unit: unitOf(immunization),
    },
  ];
}

/** R4 `not-done`: what would have been given, and why it was not. */
function notGivenOf(immunization: Immunization): NotGiven[] {
  const { status, occurrenceDateTime, vaccineCode, statusReason, id = '' } = immunization;
  const day = occurrenceDateTime ? textDay(occurrenceDateTime) : null;
  if (status !== 'not-done' || day === null) return [];
  const reason = (statusReason?.coding ?? []).find(({ system }) => system === programmeCs.notGiven)?.code;
  return [{ id, day, products: codesOf(vaccineCode), reason: reason ?? '', unit: unitOf(immunization) }];
}

const codesOf = ({ coding = [] }: Immunization['vaccineCode']) =>
  coding.map(({ system = '', code = '' }) => `${system}|${code}`);

/** Organization among the performers. */
function unitOf({ performer = [] }: Immunization): string {
  const found = performer.find(({ actor }) => actor.reference?.startsWith('Organization/'));
  return found?.actor.reference?.slice('Organization/'.length) ?? '';
}

/** `2026-11` is good until the month's end. */
function lastDay(date: string): string {
  if (date.length === 10) return date;
  const [year, month = 12] = date.split('-').map(Number) as [number, number?];
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

const RESULTS = new Set<string>([
  'agreed',
  'later',
  'moved',
  'died',
  'unreachable',
  'refused',
  'contraindicated',
]);

/** Calls about this programme; and one about another when the last that anybody heard is that the person has died. */
function callsOf(tasks: readonly Task[], { key }: Programme): Call[] {
  const all = tasks.flatMap(callOf).sort((a, b) => a.call.at - b.call.at);
  const own = all.flatMap(({ programme, call }) => (programme === key ? [call] : []));
  const last = all.at(-1);
  return last && last.programme !== key && last.call.result === 'died'
    ? [...own, { ...last.call, about: '' }]
    : own;
}

/** A Task of a programme whose output says what came of a call. */
function callOf(task: Task): { programme: string; call: Call }[] {
  const about = (task.code?.coding ?? []).find(({ system }) => system === programmeCs.task)?.code ?? '';
  const [programme = '', act = ''] = about.split('/');
  const output = (kind: string) =>
    (task.output ?? []).find(({ type }) => type.coding?.some(({ code }) => code === kind));
  const result = output('ket-qua')?.valueCodeableConcept?.coding?.find(
    ({ system }) => system === programmeCs.call,
  )?.code;
  const when =
    task.executionPeriod?.end ?? task.executionPeriod?.start ?? task.lastModified ?? task.authoredOn;
  const day = when ? textDay(when) : null;
  if (programme === '' || result === undefined || !RESULTS.has(result) || day === null) return [];
  const next = output('goi-lai')?.valueDate;
  const call: Call = {
    id: task.id ?? '',
    at: Date.parse(when!) || 0,
    day,
    result: result as CallResult,
    next: next ? textDay(next) : null,
    about: act,
  };
  return [{ programme, call }];
}

const folded = (text: string) => text.trim().toLowerCase().normalize('NFC');
