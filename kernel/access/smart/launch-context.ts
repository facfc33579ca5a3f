/** With which person, visit and purpose an application is launched, and what its token says of it. */
import { Failure } from '../../failure.ts';
import type { Patient } from '../../fhir/types.ts';
import type { Store } from '../../store/contract.ts';
import { auditLine } from '../audit.ts';
import type { Actor } from '../contract.ts';
import type { Guard } from '../guard.ts';
import type { LaunchContext, Launches } from './launches.ts';
import { STYLE_ADDRESS } from './style.ts';

export interface PersonShown {
  id: string;
  name: string;
  birthDate: string | null;
}

export interface ContextParts {
  store: Store;
  guard: Guard;
  launches: Launches;
  /** Address of the program without a path. */
  issuer(): string;
}

/** A person whom the actor may see, with a line of the audit. Fails with `not-found` for all others, in the same words. */
export async function readPerson(
  { store, guard }: ContextParts,
  actor: Actor,
  id: string,
): Promise<PersonShown> {
  const stored = /^[A-Za-z0-9\-.]{1,64}$/.test(id) ? await store.read('Patient', id) : null;
  const confined = actor.persons !== undefined && !actor.persons.includes(id);
  const reach = guard.reach(actor, 'read', 'Patient');
  const seen =
    stored !== null && !stored.deleted && !confined && reach !== 'none'
      ? await guard.visible(actor, [stored], 'read')
      : [];
  if (seen.length === 0) {
    await store.audit([auditLine(actor, 'read', `Patient/${id.slice(0, 64)} launch`, null, 'refused')]);
    throw new Failure('not-found', 'Không có người này, hoặc bạn không được xem hồ sơ của người này.', {
      textEn: 'There is no such person, or you may not see the record.',
      expression: 'patient',
    });
  }
  await store.audit([auditLine(actor, 'read', `Patient/${id} launch`, id)]);
  return shown(JSON.parse(seen[0]!.body.toString('utf8')) as Patient);
}

function shown({ id = '', name = [], birthDate }: Patient): PersonShown {
  const [first] = name;
  const text = first?.text ?? [first?.family, ...(first?.given ?? [])].filter(Boolean).join(' ');
  return { id, name: text, birthDate: birthDate ?? null };
}

/** The visit must be the person's. Fails with `invalid-parameter`. */
export async function checkEncounter(
  { store }: ContextParts,
  encounter: string,
  patient: string | null,
): Promise<void> {
  const stored = /^[A-Za-z0-9\-.]{1,64}$/.test(encounter) ? await store.read('Encounter', encounter) : null;
  if (stored && !stored.deleted && patient !== null && stored.patient === patient) return;
  throw new Failure('invalid-parameter', 'Lần khám này không phải của người bệnh đang chọn.', {
    textEn: 'The encounter is not one of the patient.',
    expression: 'encounter',
  });
}

/**
 * What an app learns beside its token (SMART 2.2, "Launch context arrives with your access_token"), by what was granted.
 * A launch opens a page of its own, so the app shows whose record it is.
 */
export function tokenContext(
  scopes: readonly string[],
  { patient, encounter, intent }: LaunchContext,
  issuer: string,
): Record<string, unknown> {
  const launched = scopes.includes('launch');
  const isOfPatient =
    launched || scopes.some((one) => one === 'launch/patient' || one.startsWith('patient/'));
  const told = patient !== null && isOfPatient;
  return {
    ...(told && { patient, need_patient_banner: true }),
    ...(encounter !== null && told && (launched || scopes.includes('launch/encounter')) && { encounter }),
    ...(intent !== null && launched && { intent }),
    ...((told || launched) && { smart_style_url: `${issuer}${STYLE_ADDRESS}` }),
  };
}
