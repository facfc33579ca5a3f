/**
 * `patient.identifier`, `agent.identifier` and `source.identifier` of AuditEvent (IHE ITI-81): the audit has no rows of the
 * store to chain through, so who is meant is found first.
 */
import { mayReadAudit } from '../../access/audit-log/readers.ts';
import type { Actor } from '../../access/contract.ts';
import type { SearchAnswer } from '../../store/contract.ts';
import type { ResourceType } from '../types.ts';

const CHAIN = /^(patient|agent|source)(?::([A-Za-z]+))?\.identifier$/;
const TARGETS: Readonly<Record<string, ResourceType>> = {
  patient: 'Patient',
  agent: 'Practitioner',
  source: 'Organization',
};
/** No resource has it. */
const NOBODY = '-';

type Find = (type: ResourceType, params: [string, string][]) => Promise<SearchAnswer>;

/**
 * @param findOwn a search in the name of the actor, within the policy
 * @param findAny a search of everything: for those who may read the whole audit, who see every person in it anyway
 */
export async function withoutChains(
  actor: Actor,
  params: [string, string][],
  findOwn: Find,
  findAny: Find,
): Promise<[string, string][]> {
  const find = mayReadAudit(actor) && actor.scopes === undefined ? findAny : findOwn;
  return Promise.all(
    params.map(async ([name, value]): Promise<[string, string]> => {
      const [, parameter = '', type] = CHAIN.exec(name) ?? [];
      const target = TARGETS[parameter];
      if (target === undefined || (type !== undefined && type !== target)) return [name, value];
      const { matches } = await find(target, [
        ['identifier', value],
        ['_count', '100'],
      ]);
      const ids = matches.map(({ id }) => `${target}/${id}`);
      return [parameter, ids.length === 0 ? `${target}/${NOBODY}` : ids.join(',')];
    }),
  );
}
