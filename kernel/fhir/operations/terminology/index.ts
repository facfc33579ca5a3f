/** The operations of terminology: which there are, and one call for all of them. */
import type { FhirSession } from '../../session/session.ts';
import type { Rendered } from '../../terminology/code-lists.ts';
import type { Resource, ResourceType } from '../../types.ts';
import { CODE_SYSTEM_LOOKUP, lookUp } from './code-system-lookup.ts';
import { CODE_SYSTEM_SUBSUMES, subsumes } from './code-system-subsumes.ts';
import { CODE_SYSTEM_VALIDATE_CODE, validateInSystem } from './code-system-validate-code.ts';
import { CONCEPT_MAP_TRANSLATE, translateCode } from './concept-map-translate.ts';
import { canonicalOf, type DefinedOperation, definitionOf, idOf } from './defined.ts';
import { type Input, readTyped } from './input.ts';
import { Terms } from './terms.ts';
import { expand, VALUE_SET_EXPAND, versionsOf } from './value-set-expand.ts';
import { VALUE_SET_VALIDATE_CODE, validateInSet } from './value-set-validate-code.ts';

type Run = (terms: Terms, input: Input, id?: string) => Promise<object>;

const OPERATIONS: readonly [DefinedOperation, Run][] = [
  [CODE_SYSTEM_LOOKUP, lookUp],
  [CODE_SYSTEM_VALIDATE_CODE, validateInSystem],
  [CODE_SYSTEM_SUBSUMES, subsumes],
  [VALUE_SET_EXPAND, expand],
  [VALUE_SET_VALIDATE_CODE, validateInSet],
  [CONCEPT_MAP_TRANSLATE, translateCode],
];

export const terminologyOperations: readonly DefinedOperation[] = OPERATIONS.map(([one]) => one);

/** Addresses below the base: `/ValueSet/$expand`, `/ValueSet/:id/$expand`. */
export const terminologyAddresses: readonly string[] = terminologyOperations.flatMap(
  ({ resource, name, instance }) => [
    `/${resource}/$${name}`,
    ...(instance ? [`/${resource}/:id/$${name}`] : []),
  ],
);

/** The operation of a type by its name with `$`; on an instance only those that take one. */
export function terminologyOperation(
  type: ResourceType,
  name: string,
  onInstance: boolean,
): DefinedOperation | undefined {
  return terminologyOperations.find(
    (one) => one.resource === type && `$${one.name}` === name && (one.instance || !onInstance),
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
  operation: DefinedOperation,
  id: string | undefined,
  query: readonly [string, string][],
  body?: unknown,
): Promise<object> {
  const input = readTyped(operation, query, body);
  const [, run] = OPERATIONS.find(([one]) => one === operation)!;
  return run(new Terms(session, input.text('date'), versionsOf(input)), input, id);
}

/** The OperationDefinitions as resources that are read at `/fhir/OperationDefinition/<id>`. */
export function renderedDefinitions(): Rendered[] {
  return terminologyOperations.map((operation) => ({
    type: 'OperationDefinition',
    id: idOf(operation),
    url: canonicalOf(operation),
    name: definitionOf(operation).name,
    title: operation.title,
    version: '4.0.1',
    make: () => definitionOf(operation) as Resource,
  }));
}

export { canonicalOf };
