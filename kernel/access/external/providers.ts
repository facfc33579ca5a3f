/** Which providers of others may say who somebody is, and how their claims lead to one person. Read from a file of the operator. */
import { readFileSync } from 'node:fs';

export interface ExternalProvider {
  /** In addresses: `vneid`. */
  id: string;
  /** On the button. */
  name: string;
  issuer: string;
  clientId: string;
  /** Null for a public client. */
  clientSecret: string | null;
  scopes: string;
  /** Whom it may sign in. */
  signsIn: 'citizen' | 'staff';
  /** Claim that holds the person's number. */
  claim: string;
  /** System of `Patient.identifier` or `Practitioner.identifier` that the number belongs to. */
  system: string;
  /** Claim with the date of birth (ISO), which must then be the record's; null = none is compared. */
  birthDateClaim: string | null;
  /** True when it proves two factors itself: nothing more is asked here. */
  twoFactors: boolean;
}

/** What the operator's file says cannot be used: one sentence. */
export class ExternalProviderFault extends Error {}

type Written = Record<string, unknown>;

/**
 * @param file JSON: a list of providers, their members as above; `clientSecretFile` names the file of the secret
 * @param text of the file; read from it when left out
 * @throws ExternalProviderFault
 */
export function readExternalProviders(file: string, text = readText(file)): ExternalProvider[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new ExternalProviderFault(`${file} is no JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(list)) throw new ExternalProviderFault(`${file} must be a list of providers.`);
  const providers = list.map((one: Written, at) => providerOf(file, one, at));
  const double = providers.find(({ id }, at) => providers.findIndex((other) => other.id === id) !== at);
  if (double) throw new ExternalProviderFault(`${file} names "${double.id}" twice.`);
  return providers;
}

function providerOf(file: string, one: Written, at: number): ExternalProvider {
  const fault = (what: string) => new ExternalProviderFault(`${file}, provider ${at + 1}: ${what}`);
  const text = (name: string, standard?: string): string => {
    const value = one?.[name] ?? standard;
    if (typeof value === 'string' && value !== '') return value;
    throw fault(`"${name}" is missing.`);
  };
  const signsIn = text('signsIn');
  if (signsIn !== 'citizen' && signsIn !== 'staff') throw fault('"signsIn" is citizen or staff.');
  const id = text('id');
  if (!/^[a-z0-9-]{1,40}$/.test(id)) throw fault('"id" has 1 to 40 of a-z 0-9 -.');
  const issuer = URL.parse(text('issuer'));
  if (!issuer || !/^https?:$/.test(issuer.protocol)) throw fault('"issuer" is no http(s) address.');
  return {
    id,
    name: text('name'),
    issuer: text('issuer'),
    clientId: text('clientId'),
    clientSecret: one.clientSecretFile === undefined ? null : readText(text('clientSecretFile')).trim(),
    scopes: text('scopes', 'openid'),
    signsIn,
    claim: text('claim'),
    system: text('system'),
    birthDateClaim: typeof one.birthDateClaim === 'string' ? one.birthDateClaim : null,
    twoFactors: one.twoFactors === true,
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ExternalProviderFault(`${file} cannot be read: ${(error as Error).message}`);
  }
}
