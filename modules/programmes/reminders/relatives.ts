/** Telephones of relatives from their own records, found by their citizen numbers. */
import { readStoredJson } from '../../../kernel/fhir/json/read.ts';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { Patient, RelatedPerson } from '../../../kernel/fhir/types.ts';
import type { StoredVersion } from '../../../kernel/store/contract.ts';
import { citizenNumbersOf, type Mobiles, mobilesOf } from './compose.ts';

/** Alternatives of one search. */
const AT_ONCE = 100;

/** A search for Patients in the name of whoever asks: what the reader may not see is not there. */
type FindPatients = (params: [string, string][]) => Promise<{ matches: readonly StoredVersion[] }>;

export async function mobilesOfRelatives(
  find: FindPatients,
  relatives: readonly RelatedPerson[],
): Promise<Mobiles> {
  const numbers = [...new Set(relatives.flatMap(citizenNumbersOf))].filter((one) => /^\d{12}$/.test(one));
  const found = new Map<string, string>();
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    const some = numbers.slice(at, at + AT_ONCE).map((number) => `${sid.cccd}|${number}`);
    const { matches } = await find([
      ['identifier', some.join(',')],
      ['_count', String(2 * AT_ONCE)],
    ]);
    const persons = matches.map(({ body }) => readStoredJson(body) as Patient);
    for (const [number, phone] of mobilesOf(persons)) found.set(number, phone);
  }
  return found;
}
