/** A reaction after a dose as an AdverseEvent; of a serious one also the Task to report it, with its hour. Pure but for the write. */
import { programmeCs } from '../../../engines/programmes/index.ts';
import type { Row } from '../../../kernel/content/content.ts';
import type { AdverseEvent, Bundle, Immunization, Task } from '../../../kernel/fhir/types.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import type { Writing } from '../write.ts';

const HL7 = 'http://terminology.hl7.org/CodeSystem';
export const REPORT = 'bao-cao-phan-ung';
const HOUR_MS = 3_600_000;

export interface ReactionInput {
  text: string;
  isSerious: boolean;
  /** ISO day. */
  onset: string;
  outcome: string;
}

/** Instant by which a reaction must be reported; null = the content asks for none. @param rows `vaccines/reaction-reports` of the day */
export function reportBy(rows: readonly Row[], isSerious: boolean, now: string): string | null {
  const hours = Number(
    rows.find(({ seriousness }) => seriousness === (isSerious ? 'serious' : 'non-serious'))?.hours ?? 0,
  );
  return hours > 0 ? vietnamInstant(new Date(Date.parse(now) + hours * HOUR_MS)) : null;
}

export function reactionOf(
  { actor, now }: Writing,
  dose: Immunization,
  { text, isSerious, onset, outcome }: ReactionInput,
): AdverseEvent {
  const lot = dose.lotNumber ? `, lô ${dose.lotNumber}` : '';
  const name = dose.vaccineCode.text ?? dose.vaccineCode.coding?.[0]?.display ?? '';
  return {
    resourceType: 'AdverseEvent',
    actuality: 'actual',
    event: { text },
    subject: dose.patient,
    date: onset,
    detected: now,
    recordedDate: now,
    outcome: { coding: [{ system: `${HL7}/adverse-event-outcome`, code: outcome }] },
    seriousness: {
      coding: [{ system: `${HL7}/adverse-event-seriousness`, code: isSerious ? 'serious' : 'non-serious' }],
    },
    ...(actor.practitioner ? { recorder: { reference: `Practitioner/${actor.practitioner}` } } : {}),
    suspectEntity: [{ instance: { reference: `Immunization/${dose.id}`, display: `${name}${lot}` } }],
  };
}

/** @returns id of the AdverseEvent */
export async function recordReaction(
  writing: Writing,
  dose: Immunization,
  input: ReactionInput,
  until: string | null,
): Promise<string> {
  const event = reactionOf(writing, dose, input);
  const fullUrl = 'urn:uuid:7d1f3c52-0000-4000-8000-00000000a3f1';
  const entry = [{ fullUrl, resource: event, request: { method: 'POST' as const, url: 'AdverseEvent' } }];
  if (until === null)
    return idIn(await writing.session.transaction({ resourceType: 'Bundle', type: 'transaction', entry }));
  const task = {
    resource: reportTask(writing, dose, fullUrl, until),
    request: { method: 'POST' as const, url: 'Task' },
  };
  return idIn(
    await writing.session.transaction({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [...entry, task],
    }),
  );
}

const idIn = ({ entry = [] }: Bundle) =>
  /AdverseEvent\/([^/]+)/.exec(entry[0]?.response?.location ?? '')?.[1] ?? '';

function reportTask({ actor, now }: Writing, dose: Immunization, event: string, until: string): Task {
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    priority: 'stat',
    code: {
      coding: [{ system: programmeCs.task, code: REPORT }],
      text: 'Báo cáo phản ứng nặng sau tiêm',
    },
    focus: { reference: event },
    for: { reference: dose.patient.reference! },
    owner: { reference: `Organization/${actor.unit}` },
    authoredOn: now,
    restriction: { period: { end: until } },
  };
}
