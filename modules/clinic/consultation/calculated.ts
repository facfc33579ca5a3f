/**
 * Numbers that follow from measured ones, on the server and while one types: expressions (FHIRPath) of `content/clinic/measured.csv`,
 * in which `%weight` is what was measured under that key. Pure.
 */
import { compilePath, Work } from '../../../kernel/fhir/path/index.ts';

type Numbers = Readonly<Record<string, number | null | undefined>>;
type Calculation = (values: Numbers) => number | null;

const compiled = new Map<string, Calculation>();

/**
 * @param names keys of what is measured: the variables that it may name
 * @throws Failure `invalid-resource` for what is no FHIRPath, or names what is not measured
 */
export function compileCalculation(expression: string, names: readonly string[]): Calculation {
  const { step } = compilePath(expression, {
    type: null,
    constants: new Map(),
    variables: new Map(names.map((name) => [name, 'decimal'])),
  });
  return (values) => {
    const variable = (name: string) => {
      const value = values[name];
      return typeof value === 'number' ? [value] : [];
    };
    const found = step([], new Work(undefined, { variable }));
    const [value] = found;
    return found.length === 1 && typeof value === 'number' ? value : null;
  };
}

/**
 * @param vitals by key; what is null or not there was not measured
 * @returns null unless the expression gives one number
 */
export function calculate(expression: string, vitals: Numbers): number | null {
  const known = compiled.get(expression) ?? compileCalculation(expression, namesIn(expression));
  compiled.set(expression, known);
  return known(vitals);
}

/** What is named is taken as measured: names that are not are refused when the content is checked. */
const namesIn = (expression: string) => [...expression.matchAll(/%(\w+)/g)].map(([, name]) => name!);
