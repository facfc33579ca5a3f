/** What a screen of the program asks of a form that it draws or reads by itself: judged when the form is published, not where it is filled in. */
import type { Issue } from '../../../kernel/failure.ts';
import type { Questionnaire } from '../../../kernel/fhir/types.ts';

/** @returns what the screen could not go on with, each with its place in the form. Pure */
export type Demand = (form: Questionnaire) => Issue[];

const demands = new Map<string, Demand>();

/** @param key last part of the form's canonical address; one demand a form */
export function demandOfForm(key: string, demand: Demand): void {
  demands.set(key, demand);
}

export function demandFaults(key: string, form: Questionnaire): Issue[] {
  return demands.get(key)?.(form) ?? [];
}
