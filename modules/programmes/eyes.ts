/**
 * A list says of a person no more than the reader could read. The tables are made of the whole record; of whom anything may be
 * hidden from this reader, by policy or by the person's consent, the standing is judged again from what the reader may see, and
 * only what both say is shown.
 */
import { courseOf, dayOf, type OpenProgramme, type Taken } from '../../engines/programmes/index.ts';
import type { FhirSession } from '../../kernel/fhir/session/session.ts';
import type { Patient, Resource, ResourceType } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { guardedPersons } from '../../kernel/store/consent/guarded.ts';
import type { StoredVersion } from '../../kernel/store/contract.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { isOfTasks, type ListName, type WorkRow } from './lists.ts';
import { type MemberRow, type NotGivenRow, rowsOf } from './projection.ts';

export interface Eyes {
  kernel: Kernel;
  session: FhirSession;
  open: OpenProgramme;
  unit: string;
}

/** What the reader's own eyes say of a person. */
export interface Seen {
  member: MemberRow;
  /** Keys of the tasks. */
  tasks: ReadonlySet<string>;
  doses: readonly Taken[];
  notGiven: readonly NotGivenRow[];
}

/** Rows of a worklist as the reader may see them. */
export async function throughEyes(eyes: Eyes, rows: readonly WorkRow[], list: ListName): Promise<WorkRow[]> {
  const seen = await seenOf(eyes, rows);
  return rows.flatMap((row) => {
    const own = seen.get(row.patient);
    return own === undefined ? [row] : (narrowed(row, own, list) ?? []);
  });
}

/** Tasks of a session as the reader may see them. */
export async function tasksThroughEyes<T extends { patient: string; key: string }>(
  eyes: Eyes,
  rows: readonly T[],
): Promise<T[]> {
  const seen = await seenOf(eyes, rows);
  return rows.filter(({ patient, key }) => {
    const own = seen.get(patient);
    return own === undefined || own?.tasks.has(key) === true;
  });
}

/** Rows that say something of doses; of whom the reader sees a part, only who `fits` by that part, with the doses of it. */
export async function dosesThroughEyes<T extends { patient: string; doses: readonly Taken[] }>(
  eyes: Eyes,
  rows: readonly T[],
  fits: (row: T, seen: Seen) => boolean,
): Promise<T[]> {
  const seen = await seenOf(eyes, rows);
  return rows.flatMap((row) => {
    const own = seen.get(row.patient);
    if (own === undefined) return [row];
    return own !== null && fits(row, own) ? [{ ...row, doses: own.doses }] : [];
  });
}

/** A row with what the reader sees as well; null = it would say something that the reader cannot know. Pure. */
export function narrowed(row: WorkRow, seen: Seen | null, list: ListName): WorkRow | null {
  if (seen === null) return null;
  const { member } = seen;
  if (member.state !== row.state || member.silence !== row.silence) return null;
  const tasks = row.tasks.filter(({ key }) => seen.tasks.has(key));
  if (isOfTasks(list) && tasks.length === 0) return null;
  const advice = new Set((JSON.parse(member.advice) as WorkRow['advice']).map(({ key }) => key));
  const targets = JSON.parse(member.targets) as WorkRow['targets'];
  return {
    ...row,
    tasks,
    advice: row.advice.filter(({ key }) => advice.has(key)),
    targets: row.targets.map((one) => {
      const own = targets.find(({ key }) => key === one.key);
      return own?.met === one.met ? one : { ...one, met: null };
    }),
    since: member.since,
    lastCall: member.last_call,
    lastCalled: member.last_called,
    nextCall: member.next_call,
  };
}

/** Of those who are in doubt; who is not among the answers is seen whole. */
async function seenOf(eyes: Eyes, rows: readonly { patient: string }[]): Promise<Map<string, Seen | null>> {
  const patients = [...new Set(rows.map(({ patient }) => patient))];
  const doubtful = await inDoubt(eyes, patients);
  if (doubtful.length === 0) return new Map();
  const shown: string[] = [];
  for (const patient of doubtful) if (await seesTypes(eyes.session, eyes.open, patient)) shown.push(patient);
  const records = await eyes.session.recordsAmong(shown, ['Patient', ...eyes.open.asker.types]);
  return new Map(doubtful.map((patient) => [patient, judge(eyes, patient, records.get(patient) ?? [])]));
}

async function inDoubt({ kernel, session, open }: Eyes, patients: readonly string[]): Promise<string[]> {
  if (open.asker.types.some((type) => session.reach('search', type) === 'none')) return [...patients];
  const guarded = await guardedPersons(kernel.pool, patients, kernel.settings.now());
  const cared = await session.caredAmong(patients);
  return patients.filter((patient) => guarded.has(patient) || !cared.has(patient));
}

/** @param record what the reader may see of the person; who is not seen is no refusal, only not there */
function judge({ kernel, open, unit }: Eyes, id: string, record: readonly Resource[]): Seen | null {
  const patient = record.find((one): one is Patient => one.resourceType === 'Patient');
  if (patient === undefined) return null;
  const now = kernel.settings.now();
  const facts = open.asker.factsOf(patient, record, now);
  const course = courseOf(open, facts, dayOf(vietnamDay(now))!);
  const rows = rowsOf(open.programme, course, facts, { patient: id, station: unit, village: '' });
  return rows && { ...rows, tasks: new Set(rows.tasks.map(({ key }) => key)) };
}

/**
 * Whether a plain resource of each type that the programme reads would be seen: from whom it is kept nothing of the standing is
 * theirs to know, not even that there is nothing.
 */
async function seesTypes(session: FhirSession, { asker }: OpenProgramme, patient: string): Promise<boolean> {
  const seen = await session.visible(asker.types.map((type) => plain(type, patient)));
  return seen.every(Boolean);
}

function plain(type: ResourceType, patient: string): StoredVersion {
  const reference = { reference: `Patient/${patient}` };
  return {
    type,
    id: type === 'Patient' ? patient : 'khong-co',
    version: 1,
    lastUpdated: '1970-01-01T00:00:00.000Z',
    deleted: false,
    patient,
    body: Buffer.from(
      JSON.stringify({ resourceType: type, id: 'khong-co', subject: reference, patient: reference }),
    ),
  };
}
