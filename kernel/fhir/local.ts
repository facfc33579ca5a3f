/** Our own address in what was sent: below it an address means the same as the relative one. Pure. */
import { searchParametersOf } from './definitions/search-parameters.ts';
import type { ResourceType } from './types.ts';

const LOCAL = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(\/_history\/\d+)?$/;

/**
 * R4 search.html#reference: an absolute address below our own base asks for the same as the relative one.
 * @param base `http://host/fhir`, '' to leave everything as it is
 */
export function localParams(
  type: ResourceType,
  params: readonly [string, string][],
  base: string,
): [string, string][] {
  const start = `${base}/`;
  const localise = (value: string) => {
    const rest = value.startsWith(start) ? value.slice(start.length) : '';
    return LOCAL.test(rest) ? rest : value;
  };
  return params.map(([name, value]) => {
    if (base === '' || !value.includes(start) || isAddress(type, name)) return [name, value];
    return [name, value.split(',').map(localise).join(',')];
  });
}

/** Search criteria (`identifier=…&organization=http://host/fhir/Organization/x`) with our own addresses relative. */
export function localCriteria(type: ResourceType, criteria: string, base: string): string {
  const params = [...new URLSearchParams(criteria)] as [string, string][];
  if (base === '' || !params.some(([, value]) => value.includes(`${base}/`))) return criteria;
  return new URLSearchParams(localParams(type, params, base)).toString();
}

/** True for parameters on elements of type uri, whose addresses are kept as they were sent. */
function isAddress(type: ResourceType, name: string): boolean {
  const [code = ''] = name.split(/[:.]/);
  return (
    name === code && (/^_(profile|source)$/.test(code) || searchParametersOf(type).get(code)?.kind === 'uri')
  );
}
