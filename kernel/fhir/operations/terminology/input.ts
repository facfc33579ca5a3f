/** The input of an operation of terminology, from a query or a Parameters resource, by its definition. Pure. */
import { Failure } from '../../../failure.ts';
import { intervalOf } from '../../dates.ts';
import { unknownOrWrong } from '../../http/context.ts';
import type { Operation, OperationParameter } from '../definition.ts';

export interface CodingJson {
  system?: string;
  version?: string;
  code?: string;
  display?: string;
}

export interface CodeableConceptJson {
  coding?: CodingJson[];
  text?: string;
}

type Json = Record<string, unknown>;

/** Values by name, of the declared types. */
export class Input {
  readonly #values = new Map<string, unknown[]>();

  add(name: string, value: unknown): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.[0] as string | undefined;
  }

  texts(name: string): string[] {
    return (this.#values.get(name) ?? []) as string[];
  }

  flag(name: string): boolean | undefined {
    return this.#values.get(name)?.[0] as boolean | undefined;
  }

  number(name: string): number | undefined {
    return this.#values.get(name)?.[0] as number | undefined;
  }

  coding(name: string): CodingJson | undefined {
    return this.#values.get(name)?.[0] as CodingJson | undefined;
  }

  codings(name: string): CodingJson[] {
    return (this.#values.get(name) ?? []) as CodingJson[];
  }

  codeableConcept(name: string): CodeableConceptJson | undefined {
    return this.#values.get(name)?.[0] as CodeableConceptJson | undefined;
  }

  resource(name: string): Json | undefined {
    return this.#values.get(name)?.[0] as Json | undefined;
  }

  parts(name: string): Input[] {
    return (this.#values.get(name) ?? []) as Input[];
  }
}

const COMPLEX = new Set(['Coding', 'CodeableConcept']);
const RESOURCES = new Set(['CodeSystem', 'ValueSet', 'ConceptMap']);

/**
 * @param query pairs of the address
 * @param body the Parameters of a POST, or the one resource that the operation takes; undefined without a body
 * @throws Failure `unknown-parameter`, `invalid-parameter` (with the parameter's name) or `invalid-request`
 */
export function readTyped(operation: Operation, query: readonly [string, string][], body: unknown): Input {
  const input = new Input();
  const declared = operation.parameters.filter(({ use }) => use === 'in');
  const add = (name: string, shown: string, value: (parameter: OperationParameter) => unknown) => {
    const parameter = declared.find((one) => one.name === name);
    if (!parameter) throw unknownOrWrong(name, shown, []);
    if (parameter.max === '1' && input.has(name)) throw twice(name);
    input.add(name, value(parameter));
  };
  for (const [name, text] of query) add(name, text, (parameter) => valueOfText(parameter, text));
  if (body === undefined) return input;
  const { resourceType } = (body ?? {}) as Json;
  const takes = declared.filter(({ type }) => type === resourceType && RESOURCES.has(type ?? ''));
  if (takes.length === 1) add(takes[0]!.name, '', () => body);
  else for (const one of listOf(body)) add(one.name, '', (parameter) => givenValue(parameter, one.json));
  return input;
}

function listOf(body: unknown): { name: string; json: Json }[] {
  const { resourceType, parameter = [] } = (body ?? {}) as Json;
  if (resourceType !== 'Parameters' || !Array.isArray(parameter)) throw noParameters('Parameters');
  return parameter.map((json: unknown, at) => {
    const { name } = (json ?? {}) as Json;
    if (typeof name !== 'string') throw noParameters(`Parameters.parameter[${at}].name`);
    return { name, json: json as Json };
  });
}

function valueOfText({ name, type = '' }: OperationParameter, text: string): unknown {
  if (type === '' || COMPLEX.has(type) || RESOURCES.has(type)) {
    throw new Failure('invalid-parameter', `Tham số ${name} phải gửi bằng POST, trong một Parameters.`, {
      textEn: `Parameter ${name} (${type === '' ? 'with parts' : type}) is sent by POST, in a Parameters resource.`,
      expression: name,
    });
  }
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw unknownOrWrong(name, text, [name]);
    return text === 'true';
  }
  if (type === 'integer') {
    if (!/^\d{1,9}$/.test(text)) throw unknownOrWrong(name, text, [name]);
    return Number(text);
  }
  if (text === '' && name !== 'filter') throw unknownOrWrong(name, text, [name]);
  if (type === 'dateTime' && intervalOf(text) === null) throw unknownOrWrong(name, text, [name]);
  return text;
}

function givenValue(parameter: OperationParameter, json: Json): unknown {
  const { name, type = '', part } = parameter;
  if (part) return partsOf(name, part, json);
  if (RESOURCES.has(type)) {
    const { resource } = json as { resource?: Json };
    if (resource?.resourceType !== type) throw wrongType(name, type);
    return resource;
  }
  const key = Object.keys(json).find((one) => one.startsWith('value'));
  const value = key === undefined ? undefined : json[key];
  if (COMPLEX.has(type)) {
    if (key !== `value${type}` || typeof value !== 'object' || value === null) throw wrongType(name, type);
    return checkedComplex(name, type, value as Json);
  }
  const expected = type === 'boolean' ? 'boolean' : type === 'integer' ? 'number' : 'string';
  if (typeof value !== expected) throw wrongType(name, type);
  return valueOfText(parameter, String(value));
}

/** Codes, systems and displays are texts. */
function checkedComplex(name: string, type: string, value: Json): Json {
  const codings = type === 'Coding' ? [value] : (value.coding ?? []);
  const isRight = (one: unknown) =>
    typeof one === 'object' &&
    one !== null &&
    ['system', 'version', 'code', 'display'].every((key) =>
      ['string', 'undefined'].includes(typeof (one as Json)[key]),
    );
  if (!Array.isArray(codings) || !codings.every(isRight)) throw wrongType(name, type);
  return value;
}

function partsOf(name: string, parts: readonly OperationParameter[], json: Json): Input {
  const inner = new Input();
  for (const one of Array.isArray(json.part) ? (json.part as Json[]) : []) {
    const part = parts.find((known) => known.name === one?.name);
    if (!part) throw unknownOrWrong(`${name}.${String(one?.name)}`, '', []);
    inner.add(part.name, givenValue(part, one));
  }
  return inner;
}

function wrongType(name: string, type: string): Failure {
  return new Failure('invalid-parameter', `Tham số ${name} phải có kiểu ${type}.`, {
    textEn: `Parameter ${name} must be of type ${type}.`,
    expression: name,
  });
}

function twice(name: string): Failure {
  return new Failure('invalid-parameter', `Tham số ${name} chỉ được cho một lần.`, {
    textEn: `Parameter ${name} may be given once.`,
    expression: name,
  });
}

function noParameters(expression: string): Failure {
  return new Failure('invalid-request', 'Cần một tài nguyên Parameters, mỗi tham số có name.', {
    textEn: 'A Parameters resource is expected, each parameter with a name.',
    expression,
  });
}

/** `invalid-parameter` for what is missing or does not go together. */
export function wrongInput(name: string, text: string, textEn: string): Failure {
  return new Failure('invalid-parameter', text, { textEn, expression: name });
}
