/** A person read for programmes in the name of who asks: policy and audit are those of every other search. */
import type { AboutQuery } from '../../../kernel/access/contract.ts';
import type { Patient, Resource, ResourceType } from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';

export interface ReadPerson {
  patient: Patient;
  resources: Resource[];
}

/** What the actor may not search of is as if it were not there. @throws Failure `not-found`, `gone`, `forbidden` */
export async function readPerson(
  session: RecordSession,
  id: string,
  types: readonly ResourceType[],
): Promise<ReadPerson> {
  const patient = await session.read('Patient', id);
  const open = types.filter((type) => type !== 'Patient' && session.reach('search', type) !== 'none');
  const found = await session.searchAbout(
    id,
    open.map((type): AboutQuery => [type]),
  );
  return { patient, resources: (found as Resource[][]).flat() };
}
