/** What persons open to a reader by name, beyond what policy opens: of resources that are at hand. */
import type { Resource } from '../../fhir/types.ts';
import { type ConsentReader, consentDecision, readRules } from '../consent/index.ts';
import type { StoredVersion } from '../contract.ts';
import { hash64 } from '../hash.ts';
import { typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { extractIndexes } from './extract.ts';

/** In the order of the versions. One look at the rules of all their persons; a deleted version is opened to nobody. */
export async function grantedAmong(
  db: Queryable,
  versions: readonly StoredVersion[],
  reader: ConsentReader & { now: number },
): Promise<boolean[]> {
  const personOf = ({ type, id, patient }: StoredVersion) => (type === 'Patient' ? id : patient);
  const persons = new Set(versions.map(personOf).filter((person) => person !== null));
  const rules = await readRules(db, [...persons], new Date(reader.now));
  return versions.map((version) => {
    const own = rules.get(personOf(version) ?? '');
    if (own === undefined || version.deleted || !own.some(({ permit }) => permit)) return false;
    const { sec, org, c0, d0, d1 } = extractIndexes(JSON.parse(version.body.toString('utf8')) as Resource);
    const idh = hash64(`${version.type}/${version.id}`);
    const subject = { t: typeNumber(version.type)!, idh, sec, org, c0, d0, d1 };
    return consentDecision(own, reader, subject, reader.now) === 'granted';
  });
}
