/** The operations of terminology: which there are, and one call for all of them. */
import type { FhirSession } from '../../session/session.ts';
import type { ResourceType } from '../../types.ts';
import type { Operation } from '../definition.ts';
import { CODE_SYSTEM_LOOKUP, lookUp } from './code-system-lookup.ts';
import { CODE_SYSTEM_SUBSUMES, subsumes } from './code-system-subsumes.ts';
import { CODE_SYSTEM_VALIDATE_CODE, validateInSystem } from './code-system-validate-code.ts';
import { CONCEPT_MAP_TRANSLATE, translateCode } from './concept-map-translate.ts';
import { type Input, readTyped } from './input.ts';
import { USE_SUPPLEMENT } from './supplements.ts';
import { Terms } from './terms.ts';
import { expand, VALUE_SET_EXPAND, versionsOf } from './value-set-expand.ts';
import { VALUE_SET_VALIDATE_CODE, validateInSet } from './value-set-validate-code.ts';

type Run = (terms: Terms, input: Input, id?: string) => Promise<object>;

const OPERATIONS: readonly [Operation, Run][] = [
  [CODE_SYSTEM_LOOKUP, lookUp],
  [CODE_SYSTEM_VALIDATE_CODE, validateInSystem],
  [CODE_SYSTEM_SUBSUMES, subsumes],
  [VALUE_SET_EXPAND, expand],
  [VALUE_SET_VALIDATE_CODE, validateInSet],
  [CONCEPT_MAP_TRANSLATE, translateCode],
];

export const terminologyOperations: readonly Operation[] = OPERATIONS.map(([one]) => one);

/** Addresses below the base: `/ValueSet/$expand`, `/ValueSet/:id/$expand`. */
export const terminologyAddresses: readonly string[] = terminologyOperations.flatMap(
  ({ resource: [type], name, at }) => [
    `/${type}/$${name}`,
    ...(at.includes('instance') ? [`/${type}/:id/$${name}`] : []),
  ],
);

/** The operation of a type by its name with `$`; on an instance only those that take one. */
export function terminologyOperation(
  type: ResourceType,
  name: string,
  onInstance: boolean,
): Operation | undefined {
  return terminologyOperations.find(
    (one) =>
      one.resource[0] === type && `$${one.name}` === name && (one.at.includes('instance') || !onInstance),
  );
}

/**
 * Carries an operation out.
 * @param body of a POST, parsed; undefined without one
 * @returns Parameters, or the ValueSet of an expansion
 * @throws Failure that names the parameter
 */
export async function runTerminology(
  session: FhirSession,
  operation: Operation,
  id: string | undefined,
  query: readonly [string, string][],
  body?: unknown,
): Promise<object> {
  const input = readTyped(operation, query, body);
  const [, run] = OPERATIONS.find(([one]) => one === operation)!;
  const terms = new Terms(session, input.text('date'), versionsOf(input));
  await terms.use(input.texts(USE_SUPPLEMENT), USE_SUPPLEMENT);
  return run(terms, input, id);
}
