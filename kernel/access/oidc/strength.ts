/** How strongly a person proved who they are: `amr` (RFC 8176) and `acr` of id_tokens. Pure. */

/** One factor, two factors; in the order of strength. */
export const ACR_VALUES = ['urn:yba:acr:one-factor', 'urn:yba:acr:two-factors'] as const;

export type Acr = (typeof ACR_VALUES)[number];

/**
 * @param methods of RFC 8176, as the browser's session has them
 * @returns two factors when it says so (`mfa`), or when methods of two kinds stand in it; a passkey with the person verified is two
 */
export function acrOf(methods: readonly string[]): Acr {
  if (methods.includes('mfa')) return ACR_VALUES[1];
  const knows = methods.includes('pwd') || methods.includes('pin') || methods.includes('user');
  const has = methods.some((method) => ['otp', 'hwk', 'swk', 'sms'].includes(method));
  return knows && has ? ACR_VALUES[1] : ACR_VALUES[0];
}

/** True when a proof is as strong as one of the asked ones; what is asked in words of others is not known here and asks nothing. */
export function strongEnough(acr: string | undefined, asked: readonly string[]): boolean {
  const levels = asked.map((one) => ACR_VALUES.indexOf(one as Acr)).filter((level) => level >= 0);
  return levels.length === 0 || ACR_VALUES.indexOf(acr as Acr) >= Math.min(...levels);
}
