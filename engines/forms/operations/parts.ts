/** What the operations of forms stand on. */
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Questionnaire } from '../../../kernel/fhir/types.ts';

export interface FormParts {
  now(): Date;
  /** By a canonical address, in the client's name. */
  find(session: FhirSession, canonical: string): Promise<Questionnaire | null>;
}
