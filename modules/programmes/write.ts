/** What a station writes: enrolment, leaving, the outcome of a call, a dose. Facts as docs/model.md has them. */
import { type CallResult, type Course, programmeCs } from '../../engines/programmes/index.ts';
import type { EpisodeOfCare, Immunization, Task } from '../../kernel/fhir/types.ts';
import type { Actor, RecordSession } from '../../kernel/kernel.ts';

export interface Writing {
  session: RecordSession;
  actor: Actor;
  /** Instant +07:00, and its day. */
  now: string;
  day: string;
}

export const organizationOf = ({ unit }: Actor) => ({ reference: `Organization/${unit}` });
export const patientRef = (id: string) => ({ reference: `Patient/${id}` });
export const patientIn = ({ patient }: Immunization) => patient.reference?.replace('Patient/', '') ?? '';
export const performerOf = ({ practitioner, name }: Actor) =>
  practitioner ? { reference: `Practitioner/${practitioner}`, display: name } : { display: name };

export function enrol(
  { session, actor, day }: Writing,
  programme: { key: string; title: string },
  patient: string,
): Promise<EpisodeOfCare> {
  return session.create<EpisodeOfCare>({
    resourceType: 'EpisodeOfCare',
    status: 'active',
    type: [{ coding: [{ system: programmeCs.programme, code: programme.key, display: programme.title }] }],
    patient: patientRef(patient),
    managingOrganization: organizationOf(actor),
    period: { start: day },
    ...(actor.practitioner ? { careManager: { reference: `Practitioner/${actor.practitioner}` } } : {}),
  });
}

export async function leave({ session, day }: Writing, enrolment: string): Promise<EpisodeOfCare> {
  const episode = await session.read('EpisodeOfCare', enrolment);
  return session.update<EpisodeOfCare>({
    ...episode,
    status: 'finished',
    period: { ...episode.period, end: day },
  });
}

export interface CallInput {
  result: CallResult;
  /** ISO day or ''. */
  next: string;
  /** Act or series; '' = the programme. */
  about: string;
  note: string;
}

export function recordCall(
  writing: Writing,
  programme: { key: string; title: string },
  patient: string,
  input: CallInput,
): Promise<Task> {
  return writing.session.create<Task>(callOf(writing, programme, patient, input));
}

export function callOf(
  { actor, now }: Omit<Writing, 'session'>,
  programme: { key: string; title: string },
  patient: string,
  { result, next, about, note }: CallInput,
): Task {
  return {
    resourceType: 'Task',
    status: 'completed',
    intent: 'order',
    code: {
      coding: [
        { system: programmeCs.task, code: about === '' ? programme.key : `${programme.key}/${about}` },
      ],
      text: `Gọi mời: ${programme.title}`,
    },
    for: patientRef(patient),
    owner: organizationOf(actor),
    authoredOn: now,
    executionPeriod: { start: now, end: now },
    ...(note === '' ? {} : { note: [{ text: note, time: now }] }),
    output: [
      {
        type: { coding: [{ system: programmeCs.task, code: 'ket-qua' }] },
        valueCodeableConcept: { coding: [{ system: programmeCs.call, code: result }] },
      },
      ...(next === ''
        ? []
        : [{ type: { coding: [{ system: programmeCs.task, code: 'goi-lai' }] }, valueDate: next }]),
    ],
  };
}

export interface DoseInput {
  /** `system|code`. */
  product: string;
  name: string;
  route: string;
  lot: string;
  expires: string;
  site: string;
  /** Screened and found fit, with the temperature that was measured. */
  isFit: boolean;
  temperature: number | null;
  /** What the vial monitor showed; '' = not read. */
  monitor: string;
  /** Who made the vaccine, '' = not known; name of the unit where it is given. */
  maker: string;
  place: string;
}

export function recordDose(
  writing: Writing,
  course: Course,
  patient: string,
  dose: DoseInput,
): Promise<Immunization> {
  return writing.session.create<Immunization>(immunizationOf(writing, course, patient, dose));
}

/** What the dose counts for is taken from the forecast, so that nobody computes its number. */
export function immunizationOf(
  { actor, now }: Omit<Writing, 'session'>,
  course: Course,
  patient: string,
  dose: DoseInput,
): Immunization {
  const [system = '', code = ''] = dose.product.split('|');
  const next = course.series.flatMap((series) =>
    series.next[0]?.product === dose.product ? [{ series, label: series.next[0].label }] : [],
  );
  return {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system, code }], text: dose.name },
    patient: patientRef(patient),
    occurrenceDateTime: now,
    recorded: now,
    primarySource: true,
    ...(dose.maker === '' ? {} : { manufacturer: { display: dose.maker } }),
    lotNumber: dose.lot,
    expirationDate: dose.expires,
    ...(dose.site === '' ? {} : { site: { text: dose.site } }),
    route: { text: dose.route },
    performer: [
      { actor: performerOf(actor) },
      {
        function: { text: 'Cơ sở tiêm' },
        actor: { ...organizationOf(actor), ...(dose.place === '' ? {} : { display: dose.place }) },
      },
    ],
    note: [{ text: screeningNote(dose) }, ...(dose.monitor === '' ? [] : [{ text: dose.monitor }])],
    ...(next.length === 0
      ? {}
      : {
          protocolApplied: next.map(({ series, label }) => ({
            series: series.title,
            targetDisease: [
              {
                coding: [
                  { system: programmeCs.component, code: series.component, display: series.componentTitle },
                ],
                text: series.componentTitle,
              },
            ],
            ...(Number(label) > 0 ? { doseNumberPositiveInt: Number(label) } : { doseNumberString: label }),
          })),
        }),
  };
}

function screeningNote({ temperature }: DoseInput): string {
  const measured = temperature === null ? '' : `, thân nhiệt ${temperature.toLocaleString('vi-VN')} °C`;
  return `Đã khám sàng lọc: đủ điều kiện tiêm${measured}`;
}
