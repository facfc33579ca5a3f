/** A paper is as sensitive as what it is made of: its bytes hold no code by which the record could tell. Pure. */
import type { Coding, Resource } from '../../../kernel/fhir/types.ts';
import { sensitivityOf } from '../../../kernel/store/search/index.ts';
import { CATEGORIES, CATEGORY_BITS } from '../../../kernel/store/search/labels.ts';

const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';

/** `meta.security` of a paper: every category that one of the resources belongs to. */
export function labelsOf(resources: Iterable<Resource>): Coding[] {
  let bits = 0;
  for (const each of resources) bits |= sensitivityOf(each);
  return CATEGORIES.filter((category) => (bits & CATEGORY_BITS[category]) !== 0).map((code) => ({
    system: code === 'R' || code === 'V' ? CONFIDENTIALITY : ACT_CODE,
    code,
  }));
}
