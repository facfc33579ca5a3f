/** A reserved dose is given: the Immunization, and the Appointment that it fulfils, all of it or nothing. */
import type { Appointment, Bundle, Immunization } from '../../../kernel/fhir/types.ts';
import { refusal } from '../asking.ts';
import type { Writing } from '../write.ts';
import { reservedIn } from './resources.ts';

const FUNDING = 'http://terminology.hl7.org/CodeSystem/immunization-funding-source';
const FULL_URL = 'urn:uuid:7d1f3c52-0000-4000-8000-00000000d05e';

/**
 * @param reservation id of the Appointment
 * @returns id of the Immunization
 * @throws Failure `business-rule` when it is another's, another vaccine's, over, or not paid for; `version-conflict` when somebody else
 * has just used it
 */
export async function giveReserved(
  { session }: Writing,
  immunization: Immunization,
  reservation: string,
): Promise<string> {
  const appointment = await session.read('Appointment', reservation);
  const reserved = reservedIn(appointment);
  if (reserved === null || `Patient/${reserved.patient}` !== immunization.patient.reference)
    throw refusal(
      'reservation',
      'Lịch đặt này không phải của người được tiêm. Hãy mở lại từ danh sách Tiêm dịch vụ.',
      'The reservation is of somebody else.',
    );
  if (reserved.state !== 'booked')
    throw refusal(
      'reservation',
      reserved.state === 'fulfilled' ? 'Lịch đặt này đã tiêm rồi.' : 'Lịch đặt này đã huỷ.',
      `The reservation is ${reserved.state}.`,
    );
  const codes = (immunization.vaccineCode.coding ?? []).map(({ system, code }) => `${system}|${code}`);
  if (!codes.includes(reserved.product))
    throw refusal(
      'product',
      `Lịch đặt này là của ${appointment.description ?? 'vắc xin khác'}. Hãy lấy đúng vắc xin, hoặc huỷ lịch và đặt lại.`,
      'The reservation is for another vaccine.',
    );
  const { status } = await session.read('Invoice', reserved.bill);
  if (status !== 'balanced')
    throw refusal(
      'reservation',
      'Chưa thu tiền mũi này: hãy thu tiền trước khi tiêm.',
      'The dose is not paid for yet.',
    );
  const answer = await session.transaction(bundleOf(immunization, appointment));
  return /Immunization\/([^/]+)/.exec(answer.entry?.[0]?.response?.location ?? '')?.[1] ?? '';
}

function bundleOf(immunization: Immunization, appointment: Appointment): Bundle {
  const given: Immunization = {
    ...immunization,
    fundingSource: { coding: [{ system: FUNDING, code: 'private' }], text: 'Tiêm dịch vụ' },
  };
  const fulfilled: Appointment = {
    ...appointment,
    status: 'fulfilled',
    supportingInformation: [...(appointment.supportingInformation ?? []), { reference: FULL_URL }],
  };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { fullUrl: FULL_URL, resource: given, request: { method: 'POST', url: 'Immunization' } },
      {
        resource: fulfilled,
        request: {
          method: 'PUT',
          url: `Appointment/${appointment.id}`,
          ifMatch: `W/"${appointment.meta?.versionId ?? '1'}"`,
        },
      },
    ],
  };
}
