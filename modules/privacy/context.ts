/** Who asks, for whom: a citizen and the persons that the citizen may act for; and names for what they read. */
import type { FastifyRequest } from 'fastify';
import { auditLine } from '../../kernel/access/audit.ts';
import type { Actor } from '../../kernel/access/contract.ts';
import { type Dependant, type Guardians, openGuardians } from '../../kernel/access/guardians/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Organization, Patient, Practitioner, Resource, ResourceType } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';

export interface Context {
  kernel: Kernel;
  guardians: Guardians;
  /** Rows of a dated table of content as of now. */
  inForce(name: string): Readonly<Record<string, string>>[];
  /** Name of `Organization/x`, `Practitioner/y` or `Patient/z` by reference; those that are not there are left out. */
  namesOf(references: Iterable<string>): Promise<Map<string, string>>;
}

export function openContext(kernel: Kernel): Context {
  const { store, content, settings } = kernel;
  return {
    kernel,
    guardians: openGuardians({ pool: kernel.pool, store, content, now: settings.now }),
    inForce: (name) => content.inForce(name, settings.now().toISOString().slice(0, 10)),
    async namesOf(references) {
      const names = [...new Set(references)].flatMap((reference) => {
        const match = /^(Organization|Practitioner|Patient)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference);
        return match ? [{ type: match[1] as ResourceType, id: match[2]! }] : [];
      });
      const found = await store.readMany(names);
      return new Map(
        found
          .filter(({ deleted }) => !deleted)
          .map(({ type, id, body }) => [
            `${type}/${id}`,
            nameOf(JSON.parse(body.toString('utf8')) as Resource),
          ]),
      );
    },
  };
}

function nameOf(resource: Resource): string {
  if (resource.resourceType === 'Organization') return (resource as Organization).name ?? resource.id!;
  const { name } = resource as Patient | Practitioner;
  const official = name?.find(({ use }) => use === 'official') ?? name?.[0];
  return (
    official?.text ?? [official?.family, ...(official?.given ?? [])].filter(Boolean).join(' ') ?? resource.id!
  );
}

/** The citizen behind a request. Fails with `sign-in-required`, and `forbidden` for everyone else. */
export function citizenOf(kernel: Kernel, request: FastifyRequest): Actor & { persons: readonly string[] } {
  const actor = kernel.gate.require(request, 'citizen');
  if (actor.persons === undefined || actor.persons.length === 0) throw notYours();
  return actor as Actor & { persons: readonly string[] };
}

/**
 * The person that a citizen asks about: the citizen, or who is named and may be acted for. Somebody else is refused, and the
 * refusal stands in that person's own log.
 */
export async function personAsked(
  { kernel, guardians }: Context,
  request: FastifyRequest,
  named: unknown,
): Promise<{ actor: Actor; self: string; patient: string; dependant: Dependant | null }> {
  const actor = citizenOf(kernel, request);
  const self = actor.persons[0]!;
  const patient = typeof named === 'string' && named !== '' ? named.replace(/^Patient\//, '') : self;
  if (!actor.persons.includes(patient)) {
    const known = /^[A-Za-z0-9\-.]{1,64}$/.test(patient) ? await kernel.store.read('Patient', patient) : null;
    const of = known && !known.deleted ? patient : null;
    await kernel.store.audit([auditLine(actor, 'read', `Patient/${patient.slice(0, 64)}`, of, 'refused')]);
    throw notYours();
  }
  const dependant =
    patient === self
      ? null
      : ((await guardians.dependantsOf(self)).find((one) => one.patient === patient) ?? null);
  if (patient !== self && dependant === null) throw notYours();
  return { actor, self, patient, dependant };
}

function notYours(): Failure {
  return new Failure('forbidden', 'Đây không phải hồ sơ của bạn hay của người mà bạn đại diện.', {
    textEn: 'This is neither your record nor that of a person you stand for.',
  });
}
