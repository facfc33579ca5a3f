/** What persons open to a reader by name, beyond what policy opens: of resources that are at hand. */
import type { Resource } from '../../fhir/types.ts';
import { type ConsentReader, consentDecision, readRules } from '../consent/index.ts';
import type { StoredVersion } from '../contract.ts';
import { hash64 } from '../hash.ts';
import { typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { extractIndexes } from './extract.ts';
import { visitOwners } from './visit-owners.ts';

/** In the order of the versions. One look at the rules of all their persons; a deleted version is opened to nobody. */
export async function grantedAmong(
  db: Queryable,
  versions: readonly StoredVersion[],
  reader: ConsentReader & { now: number },
): Promise<boolean[]> {
  const personOf = ({ type, id, patient }: StoredVersion) => (type === 'Patient' ? id : patient);
  const persons = new Set(versions.map(personOf).filter((person) => person !== null));
  const rules = await readRules(db, [...persons], new Date(reader.now));
  const held = versions.map((version) => {
    const person = personOf(version);
    const permits = !version.deleted && rules.get(person ?? '')?.some(({ permit }) => permit);
    if (!permits) return null;
    const resource = JSON.parse(version.body.toString('utf8')) as Resource;
    return { person, resource, row: extractIndexes(resource) };
  });
  const owners = await visitOwners(
    db,
    held.filter((one) => one !== null),
    rules,
  );
  return versions.map(({ type, id }, at) => {
    const one = held[at];
    if (!one) return false;
    const { sec, org, tok, d0, d1 } = one.row;
    const visits = owners.get(one) ?? [];
    const subject = { t: typeNumber(type)!, idh: hash64(`${type}/${id}`), sec, org, visits, tok, d0, d1 };
    return consentDecision(rules.get(one.person ?? '')!, reader, subject, reader.now) === 'granted';
  });
}
