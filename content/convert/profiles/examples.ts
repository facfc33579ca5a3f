/** Good and bad examples of a profile: `content/profiles/examples/<id>.json`. A bad one is the good one with a JSON Patch. */
import type { Content } from '../../../kernel/content/content.ts';
import { applyJsonPatch } from '../../../kernel/fhir/patch/json-patch.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';

export interface ExpectedIssue {
  severity: 'error' | 'warning';
  code: string;
  /** Key of the constraint that tells it. */
  key?: string;
  expression: string;
}

export interface BadExample {
  /** As `Rule.id`. */
  rule: string;
  patch: { op: string; path: string; value?: unknown }[];
  /** All that must be told of it. */
  issues: ExpectedIssue[];
}

export interface Examples {
  /** Id of the profile whose rules are shown. */
  profile: string;
  /**
   * Id of the profile that the resource is checked by: of an extension or a data type, that of a resource which has it.
   * Left out when no profile is of such resources: then R4 and the definitions of the extensions check it.
   */
  against?: string;
  good: Resource;
  bad: BadExample[];
}

/** @param id of the profile */
export function examplesOf(content: Content, id: string): Examples {
  return content.json<Examples>(`profiles/examples/${id}`);
}

export function badResource({ good }: Examples, { patch }: BadExample): Resource {
  return applyJsonPatch(structuredClone(good) as never, patch as never) as unknown as Resource;
}
