/**
 * A dose that was written by mistake: entered in error with who, when and why. Its stock comes back and what was signed of it is revoked
 * by those who follow the record; a dose that was paid for may be given again on the same bill.
 */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../kernel/failure.ts';
import type { Appointment, Bundle, Immunization } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Ask, refusal, textOf, writingOf } from './asking.ts';
import { reservedIn } from './paid/resources.ts';
import { patientIn, type Writing } from './write.ts';

const SHORTEST_REASON = 5;
const LONGEST_REASON = 500;

export function mistakenRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<Ask>('/api/programmes/doses/:dose/mistaken', async (request) => {
    const writing = writingOf(kernel, request);
    const reason = textOf(request.body ?? {}, 'reason');
    if (reason.length < SHORTEST_REASON || reason.length > LONGEST_REASON)
      throw refusal(
        'reason',
        `Ghi lý do từ ${SHORTEST_REASON} đến ${LONGEST_REASON} ký tự.`,
        `reason must have ${SHORTEST_REASON} to ${LONGEST_REASON} characters.`,
      );
    const dose = await writing.session.read('Immunization', request.params.dose);
    refuseOthers(dose, writing);
    await writing.session.transaction(await withdrawn(dose, reason, writing));
    return { dose: dose.id };
  });
}

/** A dose of another station is put right there: it was in the room. */
function refuseOthers({ status, performer = [] }: Immunization, { actor }: Writing): void {
  if (status !== 'completed')
    throw new Failure('conflict', 'Mũi này đã huỷ hoặc không phải mũi đã tiêm: tải lại trang.', {
      textEn: `The dose is ${status}`,
    });
  const places = performer.flatMap(({ actor: one }) =>
    one.reference?.startsWith('Organization/') ? [one.reference] : [],
  );
  if (places.length > 0 && !places.includes(`Organization/${actor.unit}`))
    throw refusal(
      'dose',
      'Mũi này do cơ sở khác tiêm: hãy báo nơi đã tiêm huỷ mũi ghi nhầm.',
      'The dose was given elsewhere: it is put right there.',
    );
}

async function withdrawn(dose: Immunization, reason: string, writing: Writing): Promise<Bundle> {
  const { actor, now, session } = writing;
  const note = { text: `Huỷ vì ghi nhầm: ${reason}`, time: now, authorString: actor.name };
  const paid = await session.search('Appointment', [
    ['patient', patientIn(dose)],
    ['supporting-info', `Immunization/${dose.id}`],
  ]);
  const reservations = paid.matches.filter((each) => reservedIn(each)?.state === 'fulfilled');
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      put({ ...dose, status: 'entered-in-error', note: [...(dose.note ?? []), note] }),
      ...reservations.map((each) => put(booked(each, dose.id!))),
    ],
  };
}

function booked(appointment: Appointment, dose: string): Appointment {
  const { supportingInformation = [], ...rest } = appointment;
  const kept = supportingInformation.filter(({ reference }) => reference !== `Immunization/${dose}`);
  return { ...rest, status: 'booked', ...(kept.length > 0 ? { supportingInformation: kept } : {}) };
}

const put = (resource: Immunization | Appointment) => ({
  resource,
  request: {
    method: 'PUT' as const,
    url: `${resource.resourceType}/${resource.id}`,
    ifMatch: `W/"${resource.meta?.versionId ?? '1'}"`,
  },
});
