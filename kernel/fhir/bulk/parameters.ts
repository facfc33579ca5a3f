/** The Parameters of a `$export` by POST: persons are References, everything else is a primitive. Pure. */
import { Failure } from '../../failure.ts';

/** @throws Failure `invalid-request`, naming the place */
export function exportPairs(body: unknown): [string, string][] {
  const { resourceType, parameter = [] } = (body ?? {}) as { resourceType?: unknown; parameter?: unknown };
  if (resourceType !== 'Parameters' || !Array.isArray(parameter)) throw wrong('Parameters');
  return parameter.map((one: unknown, at): [string, string] => {
    const { name, ...rest } = (one ?? {}) as Record<string, unknown>;
    const value = Object.entries(rest).find(([key]) => /^value[A-Z]/.test(key))?.[1];
    const text =
      typeof value === 'object' && value !== null ? (value as { reference?: unknown }).reference : value;
    if (typeof name !== 'string' || !['string', 'number', 'boolean'].includes(typeof text)) {
      throw wrong(`Parameters.parameter[${at}]`);
    }
    return [name, String(text)];
  });
}

function wrong(expression: string): Failure {
  return new Failure('invalid-request', 'Cần một tài nguyên Parameters với name và value[x].', {
    textEn: 'A Parameters resource is expected, each parameter with a name and a value[x].',
    expression,
  });
}
