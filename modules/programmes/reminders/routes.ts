/** Reminders of a unit: asked for from a worklist, and the queue with what became of each. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OpenProgramme } from '../../../engines/programmes/index.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { CommunicationRequest, Patient, RelatedPerson, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { type Ask, memberOfUnit, programmeOf, refusal, textOf, todayOf } from '../asking.ts';
import { throughEyes } from '../eyes.ts';
import { type WorkRow, worklistOf } from '../lists.ts';
import {
  filled,
  keyOf,
  languageOf,
  REMINDED,
  type Reminded,
  receiverOf,
  reminderKey,
  requestOf,
  wordsFor,
} from './compose.ts';
import { mobilesOfRelatives } from './relatives.ts';

/** Reminders asked for at once: a session of a station and its neighbours. */
const MOST = 500;
const PAGE = 50;
/** The same thing is not reminded of again within so many days. */
const AGAIN_AFTER_MS = 7 * 86_400_000;

export interface Reminders {
  made: number;
  /** Have been reminded of the same within a week. */
  already: number;
  withoutPhone: number;
  /** Whether a gateway is connected; without one they wait. */
  hasGateway: boolean;
}

export interface ReminderRow {
  id: string;
  patient: string;
  name: string;
  programme: string;
  text: string;
  /** `active` waits, `completed` was taken by the gateway, `revoked` was stopped. */
  status: string;
  reason: string;
  asked: string;
}

export function reminderRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/:key/reminders', async (request) => {
    const { unit } = memberOfUnit(kernel, request);
    const open = await programmeOf(kernel, request.params.key);
    const list = REMINDED.find((one) => one === request.body?.list);
    if (!list)
      throw refusal(
        'list',
        'Danh sách này không gửi lời nhắc được.',
        `list is one of ${REMINDED.join(', ')}.`,
      );
    const session = kernel.gate.session(request) as FhirSession;
    const found = await worklistOf(kernel.pool, {
      unit,
      programme: open.programme.key,
      list,
      day: todayOf(kernel),
      village: textOf(request.body ?? {}, 'village'),
      text: '',
      first: 0,
      count: MOST,
    });
    const rows = await throughEyes({ kernel, session, open, unit }, found.rows, list);
    return remind(kernel, session, { open, list, unit, rows });
  });

  app.get<Ask>('/api/programmes/reminders', (request) => queueOf(kernel, request));
}

interface Reminding {
  open: OpenProgramme;
  list: Reminded;
  unit: string;
  rows: readonly WorkRow[];
}

async function remind(kernel: Kernel, session: FhirSession, asked: Reminding): Promise<Reminders> {
  const { open, list, unit, rows } = asked;
  const now = kernel.settings.now();
  const words = kernel.content.inForce('messages/reminders', todayOf(kernel));
  const organization = await session.read<'Organization'>('Organization', unit);
  const records = await session.recordsAmong(
    rows.map(({ patient }) => patient),
    ['Patient', 'RelatedPerson', 'CommunicationRequest'],
  );
  const relatives = [...records.values()].flatMap((record) => record.filter(isRelated));
  const mobiles = await mobilesOfRelatives((params) => session.searchStored('Patient', params), relatives);
  const requests: CommunicationRequest[] = [];
  const count: Reminders = { made: 0, already: 0, withoutPhone: 0, hasGateway: kernel.messenger !== null };
  for (const row of rows) {
    const record = records.get(row.patient) ?? [];
    const patient = record.find((one): one is Patient => one.resourceType === 'Patient');
    const receiver = patient && receiverOf(patient, record.filter(isRelated), mobiles);
    const key = reminderKey(open.programme.key, list, row);
    if (!patient || !receiver) {
      count.withoutPhone += 1;
      continue;
    }
    if (record.some((one) => isSame(one, key, now))) {
      count.already += 1;
      continue;
    }
    const language = languageOf(patient);
    const text = wordsFor(words, { programme: open.programme.key, list, language });
    if (text === null)
      throw refusal(
        'list',
        'Chưa có lời nhắc cho danh sách này. Hãy báo quản trị nội dung của tỉnh.',
        'content/messages/reminders.csv has no text for this list.',
      );
    requests.push(
      requestOf({
        key,
        programme: open.programme,
        patient: row.patient,
        receiver,
        text: filled(text, {
          unit: organization.name ?? '',
          name: row.fullName,
          day: row.tasks[0]?.due ?? todayOf(kernel),
        }),
        language,
        unit,
        unitName: organization.name ?? '',
        now: vietnamInstant(now),
      }),
    );
  }
  if (requests.length > 0)
    await session.transaction({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: requests.map((resource) => ({
        resource,
        request: { method: 'POST' as const, url: 'CommunicationRequest' },
      })),
    });
  return { ...count, made: requests.length };
}

const isRelated = (one: Resource): one is RelatedPerson => one.resourceType === 'RelatedPerson';

function isSame(one: Resource, key: string, now: Date): boolean {
  if (one.resourceType !== 'CommunicationRequest') return false;
  const request = one as CommunicationRequest;
  if (keyOf(request) !== key || request.status === 'revoked') return false;
  return request.status === 'active' || Date.parse(request.authoredOn ?? '') + AGAIN_AFTER_MS > now.getTime();
}

async function queueOf(kernel: Kernel, request: FastifyRequest<Ask>) {
  const { unit } = memberOfUnit(kernel, request);
  const { cursor } = request.query;
  const query: [string, string][] = cursor
    ? ([...new URLSearchParams(cursor)] as [string, string][])
    : [
        ['requester', `Organization/${unit}`],
        ['category', 'reminder'],
        ['_sort', '-authored'],
        ['_include', 'CommunicationRequest:subject'],
        ['_count', String(PAGE)],
      ];
  const found = await kernel.gate.session(request).search('CommunicationRequest', query);
  const names = new Map(
    (found.included as Resource[])
      .filter((one): one is Patient => one.resourceType === 'Patient')
      .map((one) => [one.id, one.name?.[0]?.text ?? '']),
  );
  const rows = found.matches.map((one): ReminderRow => {
    const patient = one.subject?.reference?.split('/')[1] ?? '';
    return {
      id: one.id ?? '',
      patient,
      name: names.get(patient) ?? '',
      programme: one.reasonCode?.[0]?.text ?? '',
      text: one.payload?.[0]?.contentString ?? '',
      status: one.status,
      reason: one.statusReason?.text ?? '',
      asked: one.authoredOn ?? '',
    };
  });
  return { rows, hasGateway: kernel.messenger !== null, ...(found.next ? { next: found.next } : {}) };
}
