/** From a provider's claims to the one account that they mean, or to nobody. */
import type { Patient, Practitioner } from '../../fhir/types.ts';
import type { Store } from '../../store/contract.ts';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { ExternalProvider } from './providers.ts';

export interface PersonParts {
  find: Store['search'];
  accounts: Pick<Accounts, 'list' | 'ofCitizen'>;
}

/** Numbers of the country's citizens, and whatever else identifies: short, without blanks. */
const NUMBER = /^[\p{L}\p{N}._-]{1,64}$/u;

/** @returns the open account of exactly one living person who has the number; null otherwise */
export async function accountOf(
  parts: PersonParts,
  provider: ExternalProvider,
  claims: Record<string, unknown>,
): Promise<Account | null> {
  const number = claims[provider.claim];
  if (typeof number !== 'string' || !NUMBER.test(number)) return null;
  const type = provider.signsIn === 'citizen' ? 'Patient' : 'Practitioner';
  const { matches } = await parts.find({
    type,
    params: [
      ['identifier', `${provider.system}|${number}`],
      ['_count', '3'],
    ],
  });
  const found = matches
    .map(({ body }) => JSON.parse(body.toString('utf8')) as Patient | Practitioner)
    .filter(isHere);
  const [person] = found;
  if (found.length !== 1 || !person?.id || !isBornThen(person, provider, claims)) return null;
  if (person.resourceType === 'Patient') {
    const account = await parts.accounts.ofCitizen(person.id, nameOf(person));
    return account.active ? account : null;
  }
  const accounts = (await parts.accounts.list()).filter(
    (one) => one.practitioner === person.id && one.active,
  );
  return accounts.length === 1 ? accounts[0]! : null;
}

function isHere(person: Patient | Practitioner): boolean {
  if (person.active === false) return false;
  if (person.resourceType === 'Practitioner') return true;
  const gone = person.deceasedBoolean === true || person.deceasedDateTime !== undefined;
  return !gone && !person.link?.some(({ type }) => type === 'replaced-by');
}

function isBornThen(
  { birthDate }: Patient | Practitioner,
  { birthDateClaim }: ExternalProvider,
  claims: Record<string, unknown>,
): boolean {
  return birthDateClaim === null || (birthDate !== undefined && claims[birthDateClaim] === birthDate);
}

function nameOf({ name = [] }: Patient): string {
  const [first] = name;
  return first?.text ?? ([first?.family, ...(first?.given ?? [])].filter(Boolean).join(' ') || 'Công dân');
}
