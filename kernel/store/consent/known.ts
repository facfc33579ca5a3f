/** What a Consent is read with: what it names, looked up by whoever reads it. */
import type { Resource } from '../../fhir/types.ts';

/** A CareTeam, Group or PractitionerRole by `Type/id`: null when there is none, undefined when it was not looked for. */
export type LookUp = (name: string) => Resource | null | undefined;
/** Ids of an Organization and all that is part of it; undefined when it was not looked for. */
export type PartsLookUp = (id: string) => readonly string[] | undefined;

/** What a Consent is read with. */
export interface Known {
  lookUp: LookUp;
  partsOf: PartsLookUp;
}

/** Teams in teams. */
export const DEEPEST = 10;
