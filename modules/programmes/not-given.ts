/**
 * A dose that was not given: an Immunization `not-done` with its reason, and what follows for the lists (put off until a day, not
 * asked again) as a Task for each series that it was for; all of it or nothing.
 */

import type { FastifyInstance } from 'fastify';
import { courseOf, dayOf, type OpenProgramme, programmeCs } from '../../engines/programmes/index.ts';
import type { Row } from '../../kernel/content/content.ts';
import type { Bundle, Immunization, Resource } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import {
  type Ask,
  type Body,
  dayIn,
  factsOf,
  memberOfUnit,
  programmeOf,
  refusal,
  textOf,
  todayOf,
  writingOf,
} from './asking.ts';
import { fitTemperatureOn } from './screening.ts';
import { stagesOn } from './vial-monitor.ts';
import { type CallInput, callOf, organizationOf, patientRef, performerOf, type Writing } from './write.ts';

/** What a reason comes to. */
export const KINDS = ['postponed', 'contraindicated', 'refused', 'moved', 'absent'] as const;
export type Kind = (typeof KINDS)[number];

export interface Reason {
  code: string;
  title: string;
  titleEn: string;
  kind: Kind;
}

/** Reasons of a day. */
export function reasonsOn(kernel: Pick<Kernel, 'content'>, day: string): Reason[] {
  return kernel.content
    .inForce('vaccines/not-given', day)
    .flatMap(({ code = '', title = '', title_en = '', kind }: Row) => {
      const found = KINDS.find((one) => one === kind);
      return found ? [{ code, title, titleEn: title_en, kind: found }] : [];
    });
}

const CALL_OF = {
  postponed: 'later',
  contraindicated: 'contraindicated',
  refused: 'refused',
  moved: 'moved',
  absent: 'unreachable',
} as const;

export function notGivenRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get('/api/programmes/choices', async (request) => {
    memberOfUnit(kernel, request);
    const day = todayOf(kernel);
    return {
      reasons: reasonsOn(kernel, day),
      vvm: stagesOn(kernel, day),
      fit: fitTemperatureOn(kernel.content, day),
    };
  });

  app.post<Ask>('/api/programmes/:key/people/:patient/not-given', async (request) => {
    const writing = writingOf(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const input = readNotGiven(request.body ?? {}, open, reasonsOn(kernel, writing.day), writing.day);
    const { facts } = await factsOf(kernel, request, open);
    const course = courseOf(open, facts, dayOf(writing.day)!);
    const about = course.series.flatMap((one) =>
      one.next[0]?.product === input.product.code ? [one.key] : [],
    );
    return { notGiven: await write(writing, open, request.params.patient, input, about) };
  });
}

interface NotGivenInput {
  product: { code: string; name: string };
  reason: Reason;
  /** ISO day or ''. */
  next: string;
  note: string;
}

function readNotGiven(
  body: Body,
  { products }: OpenProgramme,
  reasons: readonly Reason[],
  today: string,
): NotGivenInput {
  const product = products.get(textOf(body, 'product'));
  if (!product) throw refusal('product', 'Hãy chọn vắc xin.', 'product is none of the catalogue.');
  const reason = reasons.find(({ code }) => code === body.reason);
  if (!reason)
    throw refusal(
      'reason',
      'Hãy chọn lý do không tiêm.',
      `reason is one of ${reasons.map(({ code }) => code).join(', ')}.`,
    );
  const next = textOf(body, 'next');
  if (next !== '' && dayIn(next, 'next') <= today)
    throw refusal('next', 'Ngày hẹn phải sau hôm nay.', 'The next day must be after today.');
  if (reason.kind === 'postponed' && next === '')
    throw refusal(
      'next',
      'Hoãn tiêm thì hẹn ngày tiêm bù.',
      'A dose that is put off needs the day on which it is given.',
    );
  return { product, reason, next, note: textOf(body, 'note') };
}

/** @returns id of the Immunization */
async function write(
  writing: Writing,
  { programme }: OpenProgramme,
  patient: string,
  { product, reason, next, note }: NotGivenInput,
  series: readonly string[],
): Promise<string> {
  const call: Omit<CallInput, 'about'> = {
    result: CALL_OF[reason.kind],
    next,
    note: [reason.title, note].filter(Boolean).join('. '),
  };
  // Who moved away is asked for nothing; the others only not for this vaccine.
  const about = reason.kind === 'moved' || series.length === 0 ? [''] : series;
  const resources: Resource[] = [
    immunizationOf(writing, patient, { product, reason, note }),
    ...about.map((one) => callOf(writing, programme, patient, { ...call, about: one })),
  ];
  const answer = await writing.session.transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  });
  return idIn(answer);
}

const idIn = ({ entry = [] }: Bundle) =>
  /Immunization\/([^/]+)/.exec(entry[0]?.response?.location ?? '')?.[1] ?? '';

function immunizationOf(
  { actor, now }: Writing,
  patient: string,
  { product, reason, note }: Pick<NotGivenInput, 'product' | 'reason' | 'note'>,
): Immunization {
  const [system = '', code = ''] = product.code.split('|');
  return {
    resourceType: 'Immunization',
    status: 'not-done',
    statusReason: {
      coding: [{ system: programmeCs.notGiven, code: reason.code, display: reason.title }],
      text: reason.title,
    },
    vaccineCode: { coding: [{ system, code }], text: product.name },
    patient: patientRef(patient),
    occurrenceDateTime: now,
    recorded: now,
    primarySource: true,
    performer: [
      { actor: performerOf(actor) },
      { function: { text: 'Cơ sở tiêm' }, actor: organizationOf(actor) },
    ],
    ...(note === '' ? {} : { note: [{ text: note, time: now }] }),
  };
}
