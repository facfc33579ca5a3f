/** The Parameters of `$populate` and `$extract`. Pure. */
import { Failure } from '../../../kernel/failure.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import type { Operation } from '../../../kernel/fhir/operations/definition.ts';
import type { ParametersParameter, Resource } from '../../../kernel/fhir/types.ts';
import { valueIn } from '../answer.ts';

export type Parameter = Pick<ParametersParameter, 'name' | 'resource' | 'part'>;

/**
 * Parameters of the body; a resource that is no Parameters stands for the parameter `alone`.
 * @throws Failure `invalid-request` for what is none, `unknown-parameter`, `invalid-parameter`
 */
export function parametersOf(operation: Operation, body: unknown, alone: string): Parameter[] {
  const { resourceType, parameter } = (body ?? {}) as { resourceType?: unknown; parameter?: unknown };
  if (typeof resourceType === 'string' && resourceType !== 'Parameters')
    return checked(operation, [{ name: alone, resource: body as Resource }]);
  if (resourceType !== 'Parameters' || (parameter !== undefined && !Array.isArray(parameter)))
    throw noParameters('Parameters');
  return checked(operation, (parameter ?? []) as Parameter[]);
}

/** Parameters of a query: text, and `subject` as a reference. */
export function parametersOfQuery(operation: Operation, query: readonly [string, string][]): Parameter[] {
  return checked(
    operation,
    query.map(([name, value]) => ({ name, valueString: value }) as Parameter),
  );
}

function checked(operation: Operation, given: Parameter[]): Parameter[] {
  const inputs = operation.parameters.filter(({ use }) => use === 'in');
  const seen = new Set<string>();
  for (const [at, one] of given.entries()) {
    if (!isParameter(one)) throw noParameters(`Parameters.parameter[${at}]`);
    const name = one.name!;
    const known = inputs.find((input) => input.name === name);
    if (!known) throw unknownOrWrong(name, '', []);
    if (seen.has(name) && known.max === '1') throw twice(name);
    seen.add(name);
  }
  return given;
}

function isParameter(one: unknown): boolean {
  const { name, part } = (one ?? {}) as Parameter;
  return typeof name === 'string' && (part === undefined || (Array.isArray(part) && part.every(isParameter)));
}

export const named = (given: readonly Parameter[], name: string): Parameter | undefined =>
  given.find((one) => one.name === name);

/** Text of a primitive, or the reference of a Reference; undefined for what is none. */
export function textIn(parameter: Parameter | undefined): string | undefined {
  const value = parameter && valueIn(parameter)?.value;
  if (typeof value === 'string') return value;
  const { reference } = (value ?? {}) as { reference?: unknown };
  return typeof reference === 'string' ? reference : undefined;
}

/** @throws Failure `invalid-parameter` for what is no boolean */
export function flagIn(parameter: Parameter | undefined): boolean | undefined {
  if (!parameter) return undefined;
  const value = valueIn(parameter)?.value;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw unknownOrWrong(parameter.name ?? '', String(value), [parameter.name ?? '']);
}

/** The resource of a parameter. @throws Failure `invalid-parameter` when it is of another type */
export function resourceIn<T extends Resource>(
  parameter: Parameter | undefined,
  type: T['resourceType'],
): T | undefined {
  const { resource } = parameter ?? {};
  if (!resource) return undefined;
  if (resource.resourceType === type) return resource as T;
  throw unknownOrWrong(parameter!.name ?? '', String(resource.resourceType), [parameter!.name ?? '']);
}

export function needed(name: string, vi: string, en: string): Failure {
  return new Failure('invalid-parameter', vi, { textEn: en, expression: name });
}

function noParameters(expression: string): Failure {
  return new Failure('invalid-request', 'Cần một tài nguyên Parameters.', {
    textEn: 'A Parameters resource is expected.',
    expression,
  });
}

function twice(name: string): Failure {
  return new Failure('invalid-parameter', `Tham số ${name} chỉ được nêu một lần.`, {
    textEn: `Parameter ${name} is taken once.`,
    expression: name,
  });
}
