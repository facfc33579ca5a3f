/** A person's record taken out as one archive, in the name of who takes it out; who did, and the hash of what, stays in the audit. */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../kernel/failure.ts';
import { holdsOf } from '../../kernel/fhir/erasure/retention.ts';
import { readStoredJson } from '../../kernel/fhir/json/read.ts';
import type { FhirSession } from '../../kernel/fhir/session/session.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { zip } from '../../kernel/text/zip.ts';
import { archiveOf, sha256 } from './archive.ts';
import type { Context } from './context.ts';

const ID = /^[A-Za-z0-9.-]{1,64}$/;

export function archiveRoute(app: FastifyInstance, { kernel }: Context): void {
  app.get<{ Params: { patient: string } }>(
    '/api/documents/people/:patient/archive.zip',
    async (request, reply) => {
      const actor = kernel.gate.require(request, 'station-head');
      const { patient } = request.params;
      if (!ID.test(patient))
        throw new Failure('invalid-parameter', 'Mã người bệnh không đúng.', {
          textEn: 'The id of the person is not valid.',
          expression: 'patient',
        });
      const session = kernel.gate.session(request) as FhirSession;
      const now = kernel.settings.now();
      const resources = await recordOf(session, patient);
      const rules = kernel.content.inForce('access/retention', vietnamDay(now));
      const { entries, manifest } = archiveOf({
        patient,
        by: actor.name,
        at: vietnamInstant(now),
        resources,
        holds: holdsOf(resources, rules, vietnamDay(now)),
      });
      const bytes = zip(entries);
      const what = `archive of Patient/${patient}: ${manifest.resources} resources, ${manifest.papers} papers, sha256 ${sha256(bytes)}`;
      await session.note('export', what, patient);
      reply.header('content-type', 'application/zip');
      reply.header('content-disposition', `attachment; filename="ho-so-${patient}.zip"`);
      reply.header('cache-control', 'private, no-store');
      return bytes;
    },
  );
}

/** Each resource once: what others refer to may come with several pieces. */
async function recordOf(session: FhirSession, patient: string): Promise<Resource[]> {
  const found = new Map<string, Resource>();
  for await (const { matches, includes } of session.everything({ type: 'Patient', id: patient }))
    for (const { type, id, body } of [...matches, ...includes])
      if (body) found.set(`${type}/${id}`, readStoredJson(body) as Resource);
  return [...found.values()];
}
