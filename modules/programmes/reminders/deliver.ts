/**
 * The queue of reminders: CommunicationRequests that are active. What needs no reminder any more is revoked with its reason before
 * anything is sent; a message that the gateway took is a Communication. Without a gateway they wait, and whoever looks is told so.
 */
import type { Messenger } from '../../../kernel/access/citizens/messenger.ts';
import { readStoredJson } from '../../../kernel/fhir/json/read.ts';
import type {
  Communication,
  CommunicationRequest,
  Patient,
  RelatedPerson,
  Resource,
} from '../../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { hash64 } from '../../../kernel/store/hash.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { keyOf, mobileOfRelative, readReminderKey, receiverOf } from './compose.ts';
import { mobilesOfRelatives } from './relatives.ts';

const AT_ONCE = 200;
/** A reminder that could not be sent for so long reminds of nothing. */
const LONGEST_MS = 3 * 86_400_000;
const MOST_IN_VAIN = 3;
/** Any number of this room alone. */
const DELIVERY_LOCK = 1_886_545_256;

const MINUTE_MS = 60_000;

/** A round each minute; what fails is tried in the next. */
export function startReminding(kernel: Kernel): void {
  let busy = false;
  setInterval(() => {
    if (busy) return;
    busy = true;
    deliverReminders(kernel, kernel.messenger)
      .catch(() => undefined)
      .finally(() => {
        busy = false;
      });
  }, MINUTE_MS).unref();
}

export interface Delivered {
  sent: number;
  revoked: number;
  /** The gateway did not take them: they are tried again. */
  failed: number;
  /** There is no gateway. */
  waiting: number;
}

/** One round over the queue; of several programs on a database one does it. @param messenger null = none is connected */
export async function deliverReminders(kernel: Kernel, messenger: Messenger | null): Promise<Delivered> {
  const count: Delivered = { sent: 0, revoked: 0, failed: 0, waiting: 0 };
  const client = await kernel.pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
      DELIVERY_LOCK,
    ]);
    if (!rows[0]?.mine) return count;
    try {
      let inVain = 0;
      for await (const request of queued(kernel)) {
        const became = await deliver(kernel, messenger, request);
        count[became] += 1;
        inVain = became === 'failed' ? inVain + 1 : 0;
        // One may be refused by itself; a gateway that takes none is asked again in the next round.
        if (inVain >= MOST_IN_VAIN) break;
      }
    } finally {
      await client.query('select pg_advisory_unlock($1)', [DELIVERY_LOCK]);
    }
  } finally {
    client.release();
  }
  return count;
}

async function* queued({ store }: Kernel): AsyncGenerator<CommunicationRequest> {
  let params: [string, string][] | null = [
    ['status', 'active'],
    ['category', 'reminder'],
    ['_sort', 'authored'],
    ['_count', String(AT_ONCE)],
  ];
  while (params) {
    const page: Awaited<ReturnType<typeof store.search>> = await store.search({
      type: 'CommunicationRequest',
      params,
    });
    for (const { body } of page.matches) yield readStoredJson(body) as CommunicationRequest;
    params = page.next === undefined ? null : ([...new URLSearchParams(page.next)] as [string, string][]);
  }
}

async function deliver(
  kernel: Kernel,
  messenger: Messenger | null,
  request: CommunicationRequest,
): Promise<keyof Delivered> {
  const session = kernel.gate.system('programmes');
  const needless = await needlessBecause(kernel, request);
  if (needless !== null) return revoke(session, request, needless);
  if (messenger === null) return 'waiting';
  const phone = await phoneOf(kernel, request);
  if (phone === null) return revoke(session, request, 'Không còn số điện thoại di động để nhắn');
  try {
    await messenger.send(phone, plain(request.payload?.[0]?.contentString ?? ''), request.id);
  } catch {
    const age = kernel.settings.now().getTime() - Date.parse(request.authoredOn ?? '');
    return age > LONGEST_MS
      ? revoke(session, request, 'Cổng nhắn tin không nhận tin trong 3 ngày')
      : 'failed';
  }
  await complete(kernel, session, request);
  return 'sent';
}

/** Done, dead, moved, refused or no longer followed since it was asked for; null = it is still needed. */
async function needlessBecause({ pool }: Kernel, request: CommunicationRequest): Promise<string | null> {
  const key = keyOf(request);
  if (key === null) return null;
  const { programme, task } = readReminderKey(key);
  const pt = hash64(request.subject?.reference ?? '').toString();
  const { rows } = await pool.query<{ state: string; silence: string; open: boolean }>(
    `select m.state, m.silence, $3 = '' or exists (select from programmes.task t where t.pt = m.pt and t.programme = m.programme and t.key = $3) as open
      from programmes.member m where m.pt = $1 and m.programme = $2`,
    [pt, programme, task],
  );
  const [member] = rows;
  if (!member) return 'Người này không còn thuộc chương trình';
  if (member.silence !== '') return SILENT[member.silence] ?? 'Chương trình đã thôi nhắc người này';
  if (task === '' && member.state !== 'proposed') return 'Đã ghi danh';
  return member.open ? null : 'Việc đã làm xong hoặc không còn đến hạn';
}

const SILENT: Record<string, string> = {
  died: 'Người này đã mất',
  moved: 'Gia đình đã chuyển đi',
  refused: 'Gia đình đã từ chối',
};

async function phoneOf({ store }: Kernel, request: CommunicationRequest): Promise<string | null> {
  const [type, id = ''] = (request.recipient?.[0]?.reference ?? '').split('/');
  if (type !== 'Patient' && type !== 'RelatedPerson') return null;
  const stored = await store.read(type, id);
  if (stored === null || stored.deleted) return null;
  const person = readStoredJson(stored.body) as Resource;
  if (person.resourceType === 'Patient') return receiverOf(person as Patient, [], new Map())?.phone ?? null;
  const relative = person as RelatedPerson;
  const mobiles = await mobilesOfRelatives((params) => store.search({ type: 'Patient', params }), [relative]);
  return mobileOfRelative(relative, mobiles);
}

/** Without marks it is one short message (docs/integrate/messenger.md). */
const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D');

async function revoke(
  session: RecordSession,
  request: CommunicationRequest,
  why: string,
): Promise<'revoked'> {
  await session.update<CommunicationRequest>({ ...request, status: 'revoked', statusReason: { text: why } });
  return 'revoked';
}

async function complete(
  kernel: Kernel,
  session: RecordSession,
  request: CommunicationRequest,
): Promise<void> {
  const { id, category, medium, subject, payload, recipient, sender, reasonCode, language } = request;
  const sent: Communication = {
    resourceType: 'Communication',
    ...(language ? { language } : {}),
    basedOn: [{ reference: `CommunicationRequest/${id}` }],
    status: 'completed',
    ...(category ? { category } : {}),
    ...(medium ? { medium } : {}),
    ...(subject ? { subject: { reference: subject.reference! } } : {}),
    ...(reasonCode?.[0] ? { topic: reasonCode[0] } : {}),
    sent: vietnamInstant(kernel.settings.now()),
    ...(recipient ? { recipient } : {}),
    ...(sender ? { sender } : {}),
    ...(payload ? { payload: payload.map(({ contentString = '' }) => ({ contentString })) } : {}),
  };
  await session.transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        resource: { ...request, status: 'completed' },
        request: { method: 'PUT', url: `CommunicationRequest/${id}` },
      },
      { resource: sent, request: { method: 'POST', url: 'Communication' } },
    ],
  });
}
