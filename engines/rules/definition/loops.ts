/** Variables that stand on each other in a circle never have a value. */
import { refusedAt } from '../../../kernel/fhir/person/index.ts';
import type { Variable } from './rule.ts';

/** @throws Failure `business-rule` that names the circle */
export function refuseLoops(variables: ReadonlyMap<string, Variable>): void {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    const variable = variables.get(name);
    if (!variable || done.has(name)) return;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].map((one) => `%${one}`).join(' → ');
      throw refusedAt(
        'PlanDefinition.extension',
        `các biến gọi nhau thành vòng: ${circle}`,
        `has variables in a loop: ${circle}`,
      );
    }
    for (const next of namedBy(variable)) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of variables.keys()) visit(name, []);
}

function namedBy(variable: Variable): readonly string[] {
  if (variable.kind === 'expression') return variable.criterion.variables;
  return [...variable.inputs.values()].flatMap((given) =>
    'criterion' in given ? given.criterion.variables : [],
  );
}
