/** The variables of a rule: named expressions, and calculators with their inputs. */
import type { Content } from '../../../kernel/content/content.ts';
import {
  type Criterion,
  compileCriterion,
  type Dialect,
  refusedAt,
  type Source,
} from '../../../kernel/fhir/person/index.ts';
import type { Extension, PlanDefinition } from '../../../kernel/fhir/types.ts';
import { type Calculator, calculatorNamed, calculatorNames } from '../calculators/index.ts';
import { ruleExt } from './names.ts';
import type { Given, Variable } from './rule.ts';

/** What every rule may name besides the record and its own variables. */
const GIVEN: ReadonlyMap<string, string | null> = new Map<string, string | null>([
  ['draftOrders', null],
  ['selections', 'System.String'],
  ['appointments', 'Appointment'],
  ['encounter', 'Encounter'],
  ['ageYears', 'System.Decimal'],
  ['ageDays', 'System.Integer'],
  ['day', 'date'],
  ['hour', 'System.Integer'],
  ['roles', 'System.String'],
  ['place', 'System.String'],
]);

const NAME = /^[A-Za-z][A-Za-z0-9]*$/;

/** Variables in the order of the definition; each may name all others, loops are refused by `loops.ts`. */
export function readVariables(plan: PlanDefinition, content: Content): Map<string, Variable> {
  const names = new Map<string, { at: number; type: string | null; extension: Extension }>();
  for (const [at, extension] of (plan.extension ?? []).entries()) {
    const isVariable = extension.url === ruleExt.variable;
    if (!isVariable && extension.url !== ruleExt.calculator) continue;
    const place = `PlanDefinition.extension[${at}]`;
    const name = isVariable ? extension.valueExpression?.name : part(extension, 'name')?.valueString;
    if (name === undefined || !NAME.test(name))
      throw refusedAt(place, 'thiếu tên biến (chữ và số không dấu)', 'needs a name of letters and digits');
    if (names.has(name) || GIVEN.has(name) || name === 'found')
      throw refusedAt(place, `tên "${name}" đã có`, `names "${name}", which is taken`);
    names.set(name, {
      at,
      extension,
      type: isVariable ? null : (calculatorOf(extension, place).gives ?? null),
    });
  }
  const dialect: Dialect = {
    constants: new Map(),
    variables: new Map([...GIVEN, ...[...names].map(([name, { type }]) => [name, type] as const)]),
  };
  const read = [...names].map(([name, { at, extension }]): [string, Variable] => {
    const place = `PlanDefinition.extension[${at}]`;
    return [
      name,
      extension.url === ruleExt.variable
        ? {
            kind: 'expression',
            criterion: compileCriterion(extension.valueExpression, `${place}.value`, dialect),
          }
        : {
            kind: 'calculator',
            calculator: calculatorOf(extension, place),
            inputs: readInputs(extension, place, dialect, content),
          },
    ];
  });
  return new Map(read);
}

const part = (extension: Extension, name: string) => extension.extension?.find(({ url }) => url === name);

function calculatorOf(extension: Extension, place: string): Calculator {
  const code = part(extension, 'calculator')?.valueCode ?? part(extension, 'calculator')?.valueString ?? '';
  const found = calculatorNamed(code);
  if (found) return found;
  throw refusedAt(
    place,
    `không có máy tính "${code}" (${calculatorNames.join(', ')})`,
    `names the calculator "${code}", which is none of ${calculatorNames.join(', ')}`,
  );
}

function readInputs(
  extension: Extension,
  place: string,
  dialect: Dialect,
  content: Content,
): Map<string, Given> {
  const calculator = calculatorOf(extension, place);
  const inputs = new Map<string, Given>();
  for (const [at, one] of (extension.extension ?? []).entries()) {
    if (one.url !== 'input') continue;
    const here = `${place}.extension[${at}]`;
    const name = part(one, 'name')?.valueString ?? '';
    const rule = calculator.inputs[name];
    if (!rule) {
      const known = Object.keys(calculator.inputs).join(', ');
      throw refusedAt(
        here,
        `máy tính ${calculator.code} không có đầu vào "${name}" (${known})`,
        `gives "${name}", which is no input of ${calculator.code} (${known})`,
      );
    }
    inputs.set(name, readGiven(part(one, 'value'), here, dialect));
    if (rule.kind === 'table') refuseTable(inputs.get(name)!, here, content);
  }
  for (const [name, rule] of Object.entries(calculator.inputs)) {
    if (rule.required && !inputs.has(name))
      throw refusedAt(
        place,
        `máy tính ${calculator.code} thiếu đầu vào "${name}"`,
        `lacks the input "${name}" of ${calculator.code}`,
      );
  }
  return inputs;
}

function readGiven(value: Extension | undefined, place: string, dialect: Dialect): Given {
  if (value?.valueExpression) return { criterion: compileCriterion(value.valueExpression, place, dialect) };
  const constant =
    value?.valueString ??
    value?.valueInteger ??
    value?.valueDecimal ??
    value?.valueBoolean ??
    value?.valueCode;
  if (constant === undefined) throw refusedAt(place, 'thiếu giá trị (value)', 'has no value');
  return { constant };
}

/** A table that is missing is told here, not at the bedside. */
function refuseTable(given: Given, place: string, content: Content): void {
  const name = 'constant' in given ? given.constant : null;
  if (typeof name !== 'string')
    throw refusedAt(place, 'bảng phải nêu thẳng tên', 'must name its table by a text');
  try {
    content.table(name);
  } catch {
    throw refusedAt(
      place,
      `không có bảng content/${name}.csv`,
      `names the table content/${name}.csv, which is not there`,
    );
  }
}

export function dialectOf(variables: ReadonlyMap<string, Variable>): Dialect {
  const own = [...variables].map(
    ([name, one]) => [name, one.kind === 'calculator' ? one.calculator.gives : one.criterion.type] as const,
  );
  return { constants: new Map(), variables: new Map([...GIVEN, ...own]) };
}

export function criteriaOf(variables: ReadonlyMap<string, Variable>): Criterion[] {
  return [...variables.values()].flatMap((one) =>
    one.kind === 'expression'
      ? [one.criterion]
      : [...one.inputs.values()].flatMap((given) => ('criterion' in given ? [given.criterion] : [])),
  );
}

/** What a calculator reads of a person; of measurements with codes that are written down only those. */
export function readsOf(variables: ReadonlyMap<string, Variable>): { sources: Source[]; measured: string[] } {
  const sources: Source[] = [];
  const measured: string[] = [];
  for (const one of variables.values()) {
    if (one.kind !== 'calculator') continue;
    const codes = one.calculator.measures?.(constantsOf(one.inputs)) ?? null;
    if (codes) measured.push(...codes);
    for (const type of one.calculator.reads)
      if (type !== 'Observation' || codes === null)
        sources.push({ key: type, type, params: [], place: 'PlanDefinition' });
  }
  return { sources, measured: [...new Set(measured)] };
}

function constantsOf(inputs: ReadonlyMap<string, Given>): Record<string, unknown> {
  return Object.fromEntries(
    [...inputs].flatMap(([name, given]) => ('constant' in given ? [[name, given.constant]] : [])),
  );
}
