/** What a paper is filled from, and how its expressions are asked. */
import type { Patient, Questionnaire, Resource } from '../../kernel/fhir/types.ts';

/** What was read of the record for a paper. */
export interface Facts {
  patient: Patient;
  /** What the paper is about: the Patient or something of the person. */
  about: Resource;
  /** By `Source.key`. */
  found: ReadonlyMap<string, readonly Resource[]>;
  now: Date;
  /** The paper's number, '' while it has none. */
  number: string;
  /** The form that was answered, for papers with `answers`; null when it is not known here. */
  form?: Questionnaire | null;
  /** Of a certificate that is signed: its own id, and the address of who signs. */
  signing?: { certificate: string; issuer: string };
}

export interface Asked {
  type: string | null;
  ask(facts: Facts, focus: unknown): readonly unknown[];
}

export type Compile = (path: string, place: string, type: string | null) => Asked;
