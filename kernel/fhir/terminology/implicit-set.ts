/**
 * Value sets that are said by their address alone: R4 snomedct.html#implicit (`…?fhir_vs`, `…?fhir_vs=isa/<code>`; taken for any
 * system), loinc.html and ucum.html (`…/vs`). Pure.
 */
import { cs } from '../systems.ts';
import type { ValueSetJson } from './code-set.ts';

const OF_SYSTEM = /^([^?]+)\?fhir_vs(?:=isa\/(.+))?$/;
const WHOLE: Readonly<Record<string, string>> = {
  [`${cs.loinc}/vs`]: cs.loinc,
  [`${cs.ucum}/vs`]: cs.ucum,
};

/** @returns undefined for an address that says nothing by itself; other forms of SNOMED CT (refset, ecl) are among them */
export function implicitSet(url: string): (ValueSetJson & { resourceType: 'ValueSet' }) | undefined {
  const [, named, above] = OF_SYSTEM.exec(url) ?? [];
  const system = named ?? (Object.hasOwn(WHOLE, url) ? WHOLE[url] : undefined);
  if (system === undefined) return undefined;
  const filter = above === undefined ? {} : { filter: [{ property: 'concept', op: 'is-a', value: above }] };
  return { resourceType: 'ValueSet', url, compose: { include: [{ system, ...filter }] } };
}
