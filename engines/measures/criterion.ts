/** Criteria of measures: the dialect of `kernel/fhir/person` with the measurement period. */
import type { Constant } from '../../kernel/fhir/path/index.ts';
import type { Subject } from '../../kernel/fhir/person/index.ts';
import {
  type Criterion as AboutPerson,
  compileCriterion as compiled,
} from '../../kernel/fhir/person/index.ts';
import type { Expression, Resource, ResourceType } from '../../kernel/fhir/types.ts';
import type { Period, Setting } from './period.ts';

export interface Criterion extends Omit<AboutPerson, 'values'> {
  /** What it gives for a person when the report is made. @throws Failure `business-rule`, `too-costly` with the place */
  values(subject: Subject, focus: Resource): readonly unknown[];
}

/** @param type of the resources that it will be asked of. @throws Failure `business-rule` for what cannot be carried out */
export function compileCriterion(
  expression: Expression | undefined,
  place: string,
  setting: Setting,
  type: ResourceType = 'Patient',
): Criterion {
  const criterion = compiled(expression, place, { constants: constantsOf(setting) }, type);
  return { ...criterion, values: (subject, focus) => criterion.values(subject, focus, setting.now) };
}

/** The period as R4's measures name it in CQL, and its ends. */
function constantsOf({ first, last }: Period): Map<string, Constant> {
  return new Map<string, Constant>([
    ['Measurement Period', { type: 'Period', value: { start: first, end: last } }],
    ['periodStart', { type: 'dateTime', value: first, isEnd: true }],
    ['periodEnd', { type: 'dateTime', value: last, isEnd: true }],
  ]);
}
