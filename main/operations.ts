/** Every operation that is answered below `/fhir`: announced in `/metadata`, its OperationDefinition served. */
import { FORM_OPERATIONS } from '../engines/forms/index.ts';
import { EVALUATE_MEASURE } from '../engines/measures/index.ts';
import { VIEW_OPERATIONS } from '../engines/views/index.ts';
import type { Operation } from '../kernel/fhir/operations/definition.ts';
import { KERNEL_OPERATIONS } from '../kernel/fhir/operations/definitions.ts';
import { CONCEPT_MAP_CLOSURE } from '../kernel/fhir/operations/terminology/closure.ts';
import { terminologyOperations } from '../kernel/fhir/operations/terminology/index.ts';
import { SUBSCRIPTION_OPERATIONS } from '../kernel/fhir/subscriptions/operations/definitions.ts';
import { modules } from './modules.ts';

export const OPERATIONS: readonly Operation[] = [
  ...KERNEL_OPERATIONS,
  ...terminologyOperations,
  ...SUBSCRIPTION_OPERATIONS,
  CONCEPT_MAP_CLOSURE,
  ...VIEW_OPERATIONS,
  EVALUATE_MEASURE,
  ...FORM_OPERATIONS,
  ...modules.flatMap((module) => module.operations ?? []),
];
