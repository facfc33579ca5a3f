/**
 * Checks of a structure, compiled once from the element tables: each property of the JSON is looked up once and handed to
 * a closure; what is required or exclusive is a bit.
 */
import { type Element, elementsOf, isPrimitive, type Property, propertiesOf } from '../definitions/index.ts';
import { writtenAs } from '../json/decimals.ts';
import { boundCheck, codeTest, sampleOf } from './bindings.ts';
import { type Context, DEEPEST, type Json } from './context.ts';
import { PRIMITIVES, type PrimitiveCheck } from './primitives.ts';
import { checkReference } from './references.ts';
import { type RuleCheck, rulesOn } from './rules.ts';
import { suggest } from './suggest.ts';
import { checkUnit, QUANTITIES } from './units.ts';

/** Checks a value that stands at `context.path`, of the property `key` of `parent`. */
type ValueCheck = (value: unknown, context: Context, parent: Json, key: string) => void;

interface CompiledProperty {
  check: ValueCheck;
  /** Bit among the required elements, 0 = optional. */
  required: number;
  /** Place among the choices, -1 = none, and the type chosen. */
  choice: number;
  type: string;
}

export interface Compiled {
  path: string;
  properties: Map<string, CompiledProperty>;
  required: Element[];
  choices: Element[];
  rules: RuleCheck[];
  isResource: boolean;
}

const compiled = new Map<string, Compiled>();

export function compile(path: string): Compiled {
  const known = compiled.get(path);
  if (known) return known;
  const elements = elementsOf(path);
  const result: Compiled = {
    path,
    properties: new Map(),
    required: elements.filter((e) => e.min > 0),
    choices: elements.filter((e) => e.choice),
    rules: rulesOn(path),
    isResource: elements.some((e) => e.name === 'implicitRules'),
  };
  compiled.set(path, result);
  for (const [name, property] of propertiesOf(path)) compileProperty(result, name, property);
  return result;
}

function compileProperty(structure: Compiled, name: string, { element, type }: Property): void {
  const code = structure.isResource && name === 'id' ? 'id' : type.code;
  const place = structure.required.indexOf(element);
  const base = {
    required: place < 0 ? 0 : 1 << place,
    choice: element.choice ? structure.choices.indexOf(element) : -1,
    type: type.code,
  };
  if (!isPrimitive(code)) {
    const check = counted(element, complexCheck(element, type.code, type.targets));
    structure.properties.set(name, { ...base, check });
    return;
  }
  const check = primitiveCheck(element, code);
  structure.properties.set(name, {
    ...base,
    check: element.max > 1 ? primitiveArray(element, check) : single(check),
  });
  structure.properties.set(`_${name}`, { ...base, check: extensionsOf(element) });
}

/** Array or object as the cardinality asks, each item at its place. */
function counted(element: Element, check: (value: Json, context: Context) => void): ValueCheck {
  const one = (value: unknown, context: Context): void => {
    if (isObject(value)) check(value, context);
    else wrongShape(context, 'một đối tượng { … }', 'an object { … }');
  };
  if (element.max === 1) {
    return (value, context, _parent, key) => {
      context.path.push(key);
      one(value, context);
      context.path.pop();
    };
  }
  return (value, context, _parent, key) => {
    context.path.push(key);
    if (isFilledArray(value, context)) {
      for (let i = 0; i < value.length; i++) {
        context.path.push(i);
        one(value[i], context);
        context.path.pop();
      }
      checkCount(element, value.length, context);
    }
    context.path.pop();
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFilledArray(value: unknown, context: Context): value is unknown[] {
  if (Array.isArray(value) && value.length > 0) return true;
  wrongShape(context, 'một mảng [ … ] không rỗng', 'an array [ … ] that is not empty');
  return false;
}

function wrongShape(context: Context, wanted: string, wantedEn: string): void {
  context.report('structure', `Sai kiểu JSON: cần ${wanted}.`, `Wrong JSON type: ${wantedEn} is needed.`);
}

function checkCount({ min, max }: Element, count: number, context: Context): void {
  if (count >= min && count <= max) return;
  context.report(
    'structure',
    `Có ${count} phần tử; cần từ ${min} đến ${max}.`,
    `There are ${count}; ${min} to ${max} are allowed.`,
  );
}

function complexCheck(element: Element, code: string, targets: readonly string[] | undefined) {
  const bound = element.codes === undefined ? undefined : boundCheck(code, element.codes);
  if (code === 'Resource') return resourceCheck(element.name === 'contained');
  let structure: Compiled | undefined;
  const unit = QUANTITIES.has(code);
  return (value: Json, context: Context): void => {
    structure ??= compile(code);
    checkObject(structure, value, context);
    if (unit) checkUnit(value, context);
    if (code === 'Reference') checkReference(value, targets, context);
    if (bound) bound(value, context);
  };
}

/** A resource inside another: contained, in a Bundle or in Parameters. */
function resourceCheck(contained: boolean): (value: Json, context: Context) => void {
  return (value, context) => {
    const { root, resource, contained: before, bundled } = context;
    if (!contained) context.root = value;
    context.bundled ||= !contained;
    context.contained = contained;
    context.checkResource(value, context);
    context.root = root;
    context.resource = resource;
    context.contained = before;
    context.bundled = bundled;
  };
}

interface Primitive extends PrimitiveCheck {
  code: string;
  inSet: ((code: string) => boolean) | undefined;
  set: string | undefined;
}

function primitiveCheck(element: Element, code: string): Primitive {
  const check = PRIMITIVES[code];
  if (!check) throw new Error(`no check of primitive type ${code}`);
  const bound = code === 'code' && element.codes !== undefined;
  return { ...check, code, inSet: bound ? codeTest(element.codes!) : undefined, set: element.codes };
}

function checkPrimitive(check: Primitive, value: unknown, context: Context, key: string | undefined): void {
  if (!check.test(value)) {
    const shown = JSON.stringify(value)?.slice(0, 80) ?? String(value);
    const isShape = typeof value === 'object' || !/^(string|number|boolean)$/.test(typeof value);
    context.report(
      isShape ? 'structure' : 'value',
      `${shown} không hợp lệ: cần ${check.wanted}.`,
      `${shown} is not valid: ${check.wantedEn} is needed.`,
      key,
    );
  } else if (check.inSet !== undefined && !check.inSet(value as string)) {
    const sample = sampleOf(check.set!);
    context.report(
      'code-invalid',
      `Mã "${value}" không có trong danh mục bắt buộc ${check.set}${sample ? `: ${sample}` : ''}.`,
      `Code "${value}" is not in the required value set ${check.set}${sample ? `: ${sample}` : ''}.`,
      key,
    );
  }
}

function single(check: Primitive): ValueCheck {
  if (!WHOLE.has(check.code))
    return (value, context, _parent, key) => checkPrimitive(check, value, context, key);
  const refused: Primitive = { ...check, test: () => false };
  return (value, context, parent, key) => {
    const isDecimal = /[.eE]/.test(writtenAs(parent, key) ?? '');
    checkPrimitive(isDecimal ? refused : check, value, context, key);
  };
}

/** Written as whole numbers: `1.0` and `1e0` are decimals (R4 datatypes.html#integer). */
const WHOLE: ReadonlySet<string> = new Set(['integer', 'unsignedInt', 'positiveInt']);

/** An item may be null where the array of extensions beside it has something. */
function primitiveArray(element: Element, check: Primitive): ValueCheck {
  return (value, context, parent, key) => {
    context.path.push(key);
    if (isFilledArray(value, context)) {
      const beside = parent[`_${key}`];
      for (let i = 0; i < value.length; i++) {
        if (value[i] === null && Array.isArray(beside) && isObject(beside[i])) continue;
        context.path.push(i);
        checkPrimitive(check, value[i], context, undefined);
        context.path.pop();
      }
      checkCount(element, value.length, context);
    }
    context.path.pop();
  };
}

/** `_birthDate`: id and extensions of a primitive, in parallel with the values when it repeats. */
function extensionsOf(element: Element): ValueCheck {
  const one = (value: unknown, context: Context): void => {
    if (isObject(value)) checkObject(compile('Element'), value, context);
    else wrongShape(context, 'một đối tượng { … }', 'an object { … }');
  };
  return (value, context, parent, key) => {
    context.path.push(key);
    if (element.max === 1) one(value, context);
    else if (isFilledArray(value, context)) {
      const values = parent[key.slice(1)];
      if (Array.isArray(values) && values.length !== value.length) {
        wrongShape(
          context,
          `một mảng ${values.length} phần tử như ${key.slice(1)}`,
          `an array of ${values.length} like ${key.slice(1)}`,
        );
      }
      for (let i = 0; i < value.length; i++) {
        context.path.push(i);
        const hasValue = Array.isArray(values) && values[i] !== null && values[i] !== undefined;
        if (value[i] !== null || !hasValue) one(value[i], context);
        context.path.pop();
      }
    }
    context.path.pop();
  };
}

/** Checks an object against its structure; `context.path` points at it. */
export function checkObject(structure: Compiled, value: Json, context: Context): void {
  if (context.full) return;
  if (context.path.length > DEEPEST) {
    context.report('structure', 'Dữ liệu lồng nhau quá sâu.', 'The data is nested too deeply.');
    return;
  }
  const before = context.shapeFaults;
  let present = 0;
  let content = 0;
  let chosen: (string | undefined)[] | undefined;
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    const property = structure.properties.get(key);
    if (property === undefined) {
      if (key === 'resourceType' && structure.isResource) content++;
      else unknownElement(structure, key, context);
      continue;
    }
    if (key !== 'id') content++;
    present |= property.required;
    if (property.choice >= 0) {
      chosen ??= [];
      const other = chosen[property.choice];
      if (other !== undefined && other !== property.type)
        secondChoice(structure.choices[property.choice]!, context);
      chosen[property.choice] = property.type;
    }
    property.check(item, context, value, key);
  }
  if (content === 0) emptyObject(context);
  if (present !== (1 << structure.required.length) - 1) missing(structure, present, context);
  if (context.shapeFaults > before) return;
  for (const rule of structure.rules) if (!rule.test(value, context)) broken(rule, context);
}

function unknownElement(structure: Compiled, key: string, context: Context): void {
  const near = suggest(key, structure.properties.keys());
  context.report(
    'structure',
    `${structure.path} không có phần tử "${key}"${near ? `; có phải "${near}"?` : '.'}`,
    `${structure.path} has no element "${key}"${near ? `; is "${near}" meant?` : '.'}`,
    key,
  );
}

function secondChoice(element: Element, context: Context): void {
  context.report(
    'structure',
    `Chỉ được có một kiểu của ${element.name}[x].`,
    `Only one type of ${element.name}[x] may be given.`,
    element.name,
  );
}

function emptyObject(context: Context): void {
  context.report(
    'invariant',
    'ele-1: đối tượng rỗng; hãy bỏ hẳn phần tử này.',
    'ele-1: an element must have a value or children; leave it out.',
  );
}

function missing(structure: Compiled, present: number, context: Context): void {
  structure.required.forEach((element, place) => {
    if (present & (1 << place)) return;
    const name = element.choice ? `${element.name}[x]` : element.name;
    context.report(
      'required',
      `Thiếu phần tử bắt buộc ${structure.path}.${name}.`,
      `${structure.path}.${name} is required.`,
      element.name,
    );
  });
}

function broken(rule: RuleCheck, context: Context): void {
  context.report('invariant', `${rule.key}: ${rule.vi}`, `${rule.key}: ${rule.en}`);
}
