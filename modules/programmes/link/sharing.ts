/**
 * Each dose that is given here is told to the other register by itself when the link's content says so (`share`). Both sides are compared
 * first, so what they have already is not sent: after an answer that was lost on the way it is found there, and none is made twice.
 */

import { Failure } from '../../../kernel/failure.ts';
import type { Immunization, Organization } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { type Service, ServiceFault } from '../../../kernel/outbound/service.ts';
import type { Change } from '../../../kernel/store/contract.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { type LinkDefinition, linkOn, type Sharing } from './definition.ts';
import { sentDose, THEIR_DOSE } from './doses.ts';
import { becomeOf, forgetShared, queueDose, type Shared, type SharedState, waitingDoses } from './shared.ts';
import { standingOf } from './standing.ts';

const CONSUMER = 'dose-sharing';
const MINUTE_MS = 60_000;
const AT_ONCE = 100;
/** Doses in a row that they did not answer for: the others wait for the next round. */
const MOST_IN_VAIN = 3;
/** Any number of this room alone. */
const SHARING_LOCK = 1_886_545_257;

/** Queues each new dose; a round each minute tells what waits. */
export function startSharing(kernel: Kernel): void {
  kernel.events.consume(
    CONSUMER,
    async (changes, client) => {
      const own = changes.filter(concerns);
      const now = kernel.settings.now();
      const isOn = sharingOf(kernel) !== null;
      const latest = own.length === 0 ? new Map() : await kernel.store.latest(own);
      for (const { type, id, patient } of own) {
        const resource = latest.get(`${type}/${id}`);
        if (type === 'Patient') {
          if (resource === undefined) await forgetShared(client, id);
        } else if (isOn && resource !== undefined && isGivenHere(resource as Immunization))
          await queueDose(
            client,
            { immunization: id, patient: patient!, unit: unitOf(resource as Immunization) },
            now,
          );
      }
      return undefined;
    },
    { batch: 200, concerns },
  );
  let busy = false;
  setInterval(() => {
    if (busy) return;
    busy = true;
    shareDoses(kernel)
      .catch(() => undefined)
      .finally(() => {
        busy = false;
      });
  }, MINUTE_MS).unref();
}

const concerns = ({ type, patient }: Change) =>
  (type === 'Immunization' || type === 'Patient') && patient !== null;

/** What others told us is theirs to tell; what was written down later from a paper is no dose of this moment. */
const isGivenHere = (dose: Immunization) =>
  dose.status === 'completed' && dose.primarySource !== false && unitOf(dose) !== '';

const unitOf = ({ performer = [] }: Immunization): string =>
  performer
    .map(({ actor }) => actor.reference ?? '')
    .find((one) => one.startsWith('Organization/'))
    ?.slice('Organization/'.length) ?? '';

interface Open {
  service: Service;
  definition: LinkDefinition;
  share: Sharing;
  day: string;
}

function sharingOf(kernel: Kernel): Open | null {
  const day = vietnamDay(kernel.settings.now());
  const definition = linkOn(kernel.content, day);
  const service = kernel.immunisationRegister;
  return service && definition?.share ? { service, definition, share: definition.share, day } : null;
}

/** One round; of several programs on a database one does it. @returns how many became what */
export async function shareDoses(kernel: Kernel): Promise<Partial<Record<SharedState, number>>> {
  const open = sharingOf(kernel);
  const count: Partial<Record<SharedState, number>> = {};
  if (open === null) return count;
  const client = await kernel.pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
      SHARING_LOCK,
    ]);
    if (!rows[0]?.mine) return count;
    try {
      let inVain = 0;
      for (const dose of await waitingDoses(kernel.pool, kernel.settings.now(), AT_ONCE)) {
        const { state, said } = await shareOne(kernel, open, dose);
        await becomeOf(kernel.pool, dose, { state, said, ...timesOf(kernel, open.share, dose) });
        count[state] = (count[state] ?? 0) + 1;
        inVain = said === '' ? 0 : inVain + 1;
        if (inVain >= MOST_IN_VAIN) break;
      }
    } finally {
      await client.query('select pg_advisory_unlock($1)', [SHARING_LOCK]);
    }
  } finally {
    client.release();
  }
  return count;
}

/** Each try waits twice as long as the one before. */
function timesOf({ settings }: Kernel, { minutes }: Sharing, { tries }: Shared) {
  const now = settings.now();
  return { now, next: new Date(now.getTime() + minutes * MINUTE_MS * 2 ** tries) };
}

interface Became {
  state: SharedState;
  said: string;
}

async function shareOne(kernel: Kernel, open: Open, waits: Shared): Promise<Became> {
  const { service, definition, share, day } = open;
  const session = kernel.gate.system('dose-sharing');
  const later = (said: string): Became => ({
    state: waits.tries + 1 >= share.tries ? 'given-up' : 'waiting',
    said,
  });
  try {
    const found = await standingOf(kernel, service, definition, session, waits.patient, day);
    const dose = found.doses.find(({ id }) => id === waits.immunization);
    if (!dose) return { state: 'withdrawn', said: 'Mũi này đã huỷ trước khi gửi.' };
    if (found.person === null) return later('Nơi khác chưa có người mang số này.');
    if (found.differences.length > 0)
      return { state: 'asks', said: 'Người mang số này ở nơi khác khác họ tên, ngày sinh hoặc giới tính.' };
    const row = found.rows.find(({ ours }) => ours?.id === dose.id);
    if (row?.state === 'differs')
      return { state: 'asks', said: 'Nơi khác ghi mũi này khác: cần người xem và quyết định.' };
    if (row?.state === 'ours') {
      await session.note('export', 'vaccinations: a dose was told to another register', waits.patient);
      const unit: Organization = await session.read('Organization', waits.unit);
      await service.post(definition.send, sentDose(dose, found.person, unit.name ?? waits.unit), {
        'if-none-exist': `identifier=${encodeURIComponent(`${THEIR_DOSE}|${dose.id}`)}`,
      });
    }
    return { state: 'sent', said: '' };
  } catch (error) {
    if (error instanceof ServiceFault) return later(error.text);
    if (error instanceof Failure) return later(error.issues[0]?.text ?? error.message);
    throw error;
  }
}
