/** From a line of a worklist to the message that is to be sent: whom it reaches, in which words. Pure. */
import { programmeCs } from '../../../engines/programmes/index.ts';
import { mobileOf } from '../../../kernel/access/citizens/phone.ts';
import type { Row } from '../../../kernel/content/content.ts';
import { sid } from '../../../kernel/fhir/systems.ts';
import type {
  CommunicationRequest,
  ContactPoint,
  Patient,
  Reference,
  RelatedPerson,
} from '../../../kernel/fhir/types.ts';
import type { ListName, WorkRow } from '../lists.ts';

export const CATEGORY = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/communication-category', code: 'reminder' }],
};
export const SMS = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode', code: 'SMSWRIT' }],
};
/** What a reminder is for: `reminderKey`. */
export const REMINDER = 'http://yba.vn/fhir/id/nhac-hen';

/** Lists of whom something is to be asked. */
export const REMINDED = ['due', 'week', 'overdue', 'calls', 'invite'] as const satisfies ListName[];
export type Reminded = (typeof REMINDED)[number];

export interface Receiver {
  /** `+84…` */
  phone: string;
  who: Reference<Patient | RelatedPerson>;
}

/** Mobile numbers of persons by their citizen number: a child is reached by its mother, whose number stands in her own record. */
export type Mobiles = ReadonlyMap<string, string>;

/**
 * The person's own telephone, else that of a contact of the person, else of who is related, as the relation or the relative's own
 * record has it. Null = nobody can be reached.
 */
export function receiverOf(
  patient: Patient,
  related: readonly RelatedPerson[],
  mobiles: Mobiles,
): Receiver | null {
  const own = { reference: `Patient/${patient.id}` };
  const points = [
    ...(patient.telecom ?? []),
    ...(patient.contact ?? []).flatMap(({ telecom = [] }) => telecom),
  ];
  const phone = mobileAmong(points);
  if (phone !== null) return { phone, who: own };
  for (const one of related) {
    const theirs = mobileOfRelative(one, mobiles);
    if (theirs !== null) return { phone: theirs, who: { reference: `RelatedPerson/${one.id}` } };
  }
  return null;
}

export function mobileOfRelative(relative: RelatedPerson, mobiles: Mobiles): string | null {
  if (relative.active === false || relative.period?.end) return null;
  const number = citizenNumbersOf(relative).find((one) => mobiles.has(one));
  return mobileAmong(relative.telecom ?? []) ?? (number === undefined ? null : mobiles.get(number)!);
}

export const citizenNumbersOf = ({ identifier = [] }: Pick<RelatedPerson, 'identifier'>): string[] =>
  identifier.flatMap(({ system, value }) => (system === sid.cccd && value ? [value] : []));

export function mobilesOf(persons: readonly Patient[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const person of persons) {
    const phone = person.active === false || isDead(person) ? null : mobileAmong(person.telecom ?? []);
    if (phone !== null) for (const number of citizenNumbersOf(person)) found.set(number, phone);
  }
  return found;
}

const isDead = ({ deceasedBoolean, deceasedDateTime }: Patient) =>
  deceasedBoolean === true || deceasedDateTime !== undefined;

function mobileAmong(points: readonly ContactPoint[]): string | null {
  const open = points.filter(
    ({ system, use, period }) => system !== 'email' && use !== 'old' && !period?.end,
  );
  return open.map(({ value = '' }) => mobileOf(value)).find((phone) => phone !== null) ?? null;
}

/** The words for a list of a programme: its own before those for all. Null = the content has none. */
export function wordsFor(
  rows: readonly Row[],
  asked: { programme: string; list: string; language: string },
): string | null {
  const fits = (row: Row, name: 'programme' | 'list') => row[name] === '*' || row[name] === asked[name];
  const found = rows
    .filter((row) => row.language === asked.language && fits(row, 'programme') && fits(row, 'list'))
    .sort((a, b) => weight(b) - weight(a));
  return found[0]?.text ?? null;
}

const weight = ({ programme, list }: Row) => (programme === '*' ? 0 : 2) + (list === '*' ? 0 : 1);

export function filled(
  text: string,
  { unit, name, day }: { unit: string; name: string; day: string },
): string {
  return text
    .replaceAll('{don-vi}', unit)
    .replaceAll('{ten}', name)
    .replaceAll('{ngay}', day.split('-').reverse().join('/'));
}

export function languageOf({ communication = [] }: Patient): 'vi' | 'en' {
  const preferred = communication.find(({ preferred: first }) => first) ?? communication[0];
  return preferred?.language.coding?.some(({ code }) => code?.startsWith('en')) ? 'en' : 'vi';
}

/** `programme|list|task|day`: one reminder of a thing that is due on a day. */
export function reminderKey(programme: string, list: Reminded, { tasks }: Pick<WorkRow, 'tasks'>): string {
  const [task] = tasks;
  return [programme, list, task?.key ?? '', task?.due ?? ''].join('|');
}

export function readReminderKey(key: string): { programme: string; list: string; task: string } {
  const [programme = '', list = '', ...rest] = key.split('|');
  return { programme, list, task: rest.slice(0, -1).join('|') };
}

export interface ReminderInput {
  key: string;
  programme: { key: string; title: string };
  patient: string;
  receiver: Receiver;
  text: string;
  language: string;
  unit: string;
  unitName: string;
  /** Instant. */
  now: string;
}

export function requestOf(input: ReminderInput): CommunicationRequest {
  const sender = { reference: `Organization/${input.unit}`, display: input.unitName };
  return {
    resourceType: 'CommunicationRequest',
    language: input.language,
    identifier: [{ system: REMINDER, value: input.key }],
    status: 'active',
    category: [CATEGORY],
    priority: 'routine',
    medium: [SMS],
    subject: { reference: `Patient/${input.patient}` },
    payload: [{ contentString: input.text }],
    authoredOn: input.now,
    requester: sender,
    recipient: [input.receiver.who],
    sender,
    reasonCode: [
      {
        coding: [
          { system: programmeCs.programme, code: input.programme.key, display: input.programme.title },
        ],
        text: input.programme.title,
      },
    ],
  };
}

export const keyOf = ({ identifier = [] }: Pick<CommunicationRequest, 'identifier'>) =>
  identifier.find(({ system }) => system === REMINDER)?.value ?? null;
