/** What every route of this room asks first: who, of which unit, on which day; and fields of a body, refused by name. */
import type { FastifyRequest } from 'fastify';
import { type Facts, type OpenProgramme, programmesOn, readPerson } from '../../engines/programmes/index.ts';
import type { Role } from '../../kernel/access/contract.ts';
import { type Body, memberOfUnit as memberWith, todayOf } from '../../kernel/asking.ts';
import { Failure } from '../../kernel/failure.ts';
import type { FhirSession } from '../../kernel/fhir/session/session.ts';
import type { Actor, Kernel } from '../../kernel/kernel.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import type { Writing } from './write.ts';

export { type Body, dayIn, pageOf, reasonOf, refusal, textOf, todayOf } from '../../kernel/asking.ts';

export const READERS: Role[] = ['nurse', 'doctor', 'station-head'];
/** Who sells doses and takes the money: a cashier too, who sees nothing else of this room. */
export const SELLERS: Role[] = [...READERS, 'cashier'];
export const LONGEST_TEXT = 200;

/** A request of this room, with what its address may say. */
export interface Ask {
  Params: { key: string; patient: string; dose: string };
  Querystring: Record<string, string | undefined>;
  Body: Body | undefined;
}

export function memberOfUnit(
  kernel: Kernel,
  request: FastifyRequest,
  roles: readonly Role[] = READERS,
): Actor & { unit: string } {
  return memberWith(kernel, request, ...roles);
}

export async function programmeOf(kernel: Kernel, key: string): Promise<OpenProgramme> {
  const found = (await programmesOn(kernel, todayOf(kernel))).find(({ programme }) => programme.key === key);
  if (found) return found;
  throw new Failure('not-found', `Không có chương trình "${key}" nào đang có hiệu lực.`, {
    textEn: `No programme "${key}" is in force.`,
  });
}

/** What is known of the person of the address, as far as the programme asks. */
export async function factsOf(
  kernel: Kernel,
  request: FastifyRequest<Ask>,
  open: OpenProgramme,
): Promise<{ facts: Facts; name: string }> {
  const { patient, resources } = await readPerson(
    kernel.gate.session(request),
    request.params.patient,
    open.asker.types,
  );
  return {
    facts: open.asker.factsOf(patient, resources, kernel.settings.now()),
    name: patient.name?.[0]?.text ?? '',
  };
}

/** What is written is of who asks, at the unit, now. */
export function writingOf(
  kernel: Kernel,
  request: FastifyRequest,
  roles: readonly Role[] = READERS,
): Writing {
  const actor = memberOfUnit(kernel, request, roles);
  const now = kernel.settings.now();
  return { session: kernel.gate.session(request), actor, now: vietnamInstant(now), day: vietnamDay(now) };
}

export const fhirSession = (kernel: Kernel, request: FastifyRequest) =>
  kernel.gate.session(request) as FhirSession;

/** Every person that is shown gets a line of the audit. */
export async function noteShown(
  kernel: Kernel,
  request: FastifyRequest,
  rows: readonly { patient: string }[],
  what: string,
): Promise<void> {
  const session = kernel.gate.session(request);
  await Promise.all(
    [...new Set(rows.map(({ patient }) => patient))].map((patient) => session.note('read', what, patient)),
  );
}
