/** From a SearchParameter resource to the parameters of our own that it makes. Pure. */
import type { Issue } from '../../failure.ts';
import {
  isResourceName,
  type ParameterKind,
  resourceTypeNames,
  type SearchParameter,
  searchParametersOf,
} from '../../fhir/definitions/index.ts';
import type { Resource } from '../../fhir/types.ts';
import { kindOfPart } from '../search/emit-composite.ts';
import type { OwnParameter } from '../search/own-parameters.ts';
import { ExpressionError, expressionFor, ownPaths, withoutAs } from '../search/own-paths.ts';
import { type JsonPath, resolvePaths } from '../search/paths.ts';

/** The elements of SearchParameter that are read here; the resource was validated before. */
export interface SearchParameterJson {
  resourceType: 'SearchParameter';
  id?: string;
  url?: string;
  status?: string;
  code?: string;
  base?: string[];
  type?: string;
  expression?: string;
  target?: string[];
  component?: { definition?: string; expression?: string }[];
}

export interface Definition {
  /** One for each type of `base`; empty when it is not active, or says what a parameter of R4 says already. */
  parameters: OwnParameter[];
  issues: Issue[];
}

const NONE: Definition = { parameters: [], issues: [] };
const LONGEST_EXPRESSION = 2_000;
/** Not kept as resources, so never searched. */
const NOT_DOMAIN = new Set(['Bundle', 'Binary', 'Parameters']);

/** What an active SearchParameter defines, and everything that stands in the way of answering it. */
export function definitionOf(resource: Resource | SearchParameterJson): Definition {
  const json = resource as SearchParameterJson;
  if (json.resourceType !== 'SearchParameter' || json.status !== 'active') return NONE;
  const issues = generalIssues(json);
  if (issues.length > 0) return { parameters: [], issues };
  const parameters: OwnParameter[] = [];
  for (const type of basesOf(json)) {
    const read = ofType(json, type);
    if (Array.isArray(read)) issues.push(...read);
    else if (read) parameters.push(read);
  }
  return { parameters, issues };
}

function issue(expression: string, text: string, textEn: string): Issue {
  return { severity: 'error', code: 'invalid', text, textEn, expression: `SearchParameter.${expression}` };
}

function generalIssues({ code, type, expression }: SearchParameterJson): Issue[] {
  const issues: Issue[] = [];
  if (!/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(code ?? '')) {
    issues.push(
      issue(
        'code',
        `Tên "${code}" không dùng được: bắt đầu bằng chữ, chỉ gồm chữ không dấu, số và dấu -, tối đa 64 ký tự.`,
        `The code "${code}" cannot be used: a letter, then letters, digits and -, at most 64.`,
      ),
    );
  }
  if (type === 'special') {
    issues.push(
      issue(
        'type',
        'Loại "special" cần mã chương trình riêng.',
        'A parameter of type "special" needs code of its own.',
      ),
    );
  }
  if (expression === undefined || expression.trim() === '') {
    issues.push(issue('expression', 'Cần biểu thức FHIRPath.', 'A FHIRPath expression is needed.'));
  } else if (expression.length > LONGEST_EXPRESSION) {
    issues.push(
      issue(
        'expression',
        `Biểu thức dài hơn ${LONGEST_EXPRESSION} ký tự.`,
        `The expression is longer than ${LONGEST_EXPRESSION} characters.`,
      ),
    );
  }
  return issues;
}

function basesOf({ base = [] }: SearchParameterJson): string[] {
  if (base.includes('Resource')) return [...resourceTypeNames];
  if (base.includes('DomainResource')) return resourceTypeNames.filter((type) => !NOT_DOMAIN.has(type));
  return [...new Set(base)].filter(isResourceName);
}

/** The parameter of one type; null when R4 has it already; issues when it cannot be. */
function ofType(json: SearchParameterJson, type: string): OwnParameter | Issue[] | null {
  const code = json.code!;
  const written = expressionFor(type, json.expression!);
  const known = searchParametersOf(type).get(code);
  if (known) return sayTheSame(known, json.type!, written) ? null : [taken(type, code)];
  if (written === '') {
    return [
      issue(
        'expression',
        `Biểu thức không có phần nào dành cho ${type}.`,
        `No alternative of the expression is for ${type}.`,
      ),
    ];
  }
  try {
    const paths = ownPaths(type, json.type!, written);
    const components = json.type === 'composite' ? componentsOf(json, paths) : [];
    return {
      type,
      code,
      kind: json.type as ParameterKind,
      expression: written,
      targets: targetsOf(json, paths),
      components,
      bit: -1,
      id: json.id ?? '',
      url: json.url ?? '',
    };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [
      issue(
        'expression',
        `Biểu thức không dùng được cho ${type} kiểu ${json.type}: ${error.message}.`,
        `The expression cannot be a ${json.type} parameter of ${type}: ${error.message}.`,
      ),
    ];
  }
}

function taken(type: string, code: string): Issue {
  return issue(
    'code',
    `${type} đã có tham số "${code}" của R4 với nghĩa khác; hãy chọn tên khác.`,
    `${type} has a parameter "${code}" of R4 that means something else; choose another code.`,
  );
}

/** The same kind, and the same paths however they are written: a copy of R4's own definition does no harm. */
function sayTheSame(known: SearchParameter, kind: string, expression: string): boolean {
  if (known.kind !== kind) return false;
  if (plain(known.expression) === plain(expression)) return true;
  try {
    return pathsText(known.type, known.expression) === pathsText(known.type, withoutAs(expression));
  } catch {
    return false;
  }
}

const plain = (expression: string) => withoutAs(expression).replace(/[\s()]/g, '');

function pathsText(type: string, expression: string): string {
  return resolvePaths(type, expression)
    .map((path) => JSON.stringify([path.steps, path.type]))
    .sort()
    .join();
}

function targetsOf({ type, target }: SearchParameterJson, paths: readonly JsonPath[]): string[] {
  if (type !== 'reference') return [];
  const said = target ?? paths.flatMap((path) => path.targets ?? []);
  const targets = [...new Set(said)].filter(isResourceName).sort();
  return targets.length >= resourceTypeNames.length - 1 ? [] : targets;
}

/** A code and a second part of one element, like those of R4. */
function componentsOf({ component = [] }: SearchParameterJson, paths: readonly JsonPath[]) {
  if (component.length !== 2) throw new ExpressionError('a composite has two components here');
  const components = component.map(({ definition = '', expression = '' }) => ({
    code: definition.split(/[/|]/).at(-1) ?? '',
    expression: withoutAs(expression),
  }));
  for (const path of paths) {
    const parts = components.map(({ expression }) => partTypes(path.type, expression));
    if (!parts.some((types) => types.every((type) => kindOfPart(type) === 'token')))
      throw new ExpressionError('one of the two components of a composite is a code');
    const other = parts.flat().filter((type) => kindOfPart(type) === undefined);
    if (other.length > 0)
      throw new ExpressionError(
        `a component leads to ${other.join(', ')}; a code, quantity, number, date, string or reference is needed`,
      );
  }
  return components;
}

function partTypes(structure: string, expression: string): string[] {
  try {
    return resolvePaths(structure, expression).map((path) => path.type);
  } catch {
    throw new ExpressionError(`the component ${expression} is no path below ${structure}`);
  }
}
