/** What a calculator is: a named function of the program that a rule of the content may ask, with inputs that the rule writes. */
import type { Content } from '../../../kernel/content/content.ts';
import type { Encounter, Patient, Resource, ResourceOf, ResourceType } from '../../../kernel/fhir/types.ts';

/** What is asked of it for one person. Inputs are what the rule's expressions and constants give. */
export interface CalculatorAsk {
  patient: Patient;
  /** Everything that the record has of a type for the person. */
  found<T extends ResourceType>(type: T): readonly ResourceOf<T>[];
  /** Orders that are about to be signed, in their order. */
  drafts: readonly Resource[];
  encounter: Encounter | null;
  /** ISO day whose law counts. */
  day: string;
  content: Content;
  values(input: string): readonly unknown[];
  /** The first value when it is a number; null for nothing. */
  number(input: string): number | null;
  /** The first value when it is a text; null for nothing. */
  text(input: string): string | null;
  truth(input: string): boolean | null;
}

export interface InputRule {
  required: boolean;
  /** `table`: name of a table of the content. */
  kind: 'table' | 'value';
}

export interface Calculator {
  code: string;
  /** FHIR type of what it gives. */
  gives: string;
  inputs: Readonly<Record<string, InputRule>>;
  /** Types that it reads of the person besides its inputs. */
  reads: readonly ResourceType[];
  /** LOINC codes of the Observations that it reads, by the inputs that are constants; null when only the person knows. */
  measures?(constants: Readonly<Record<string, unknown>>): readonly string[] | null;
  /** Nothing when it cannot be computed: a missing input is never taken for normal. */
  give(ask: CalculatorAsk): readonly unknown[];
}

export const VALUE: InputRule = { required: true, kind: 'value' };
export const OPTIONAL: InputRule = { required: false, kind: 'value' };
export const TABLE: InputRule = { required: true, kind: 'table' };
