/**
 * Criteria: FHIRPath asked of the person, or a search among what is kept of her. R4 leaves to the server what an expression
 * stands on; here it stands on the Patient, and a resource type's name is all that the record has of that type for the person.
 */
import { checkSearch } from '../../store/search/index.ts';
import {
  isResourceName,
  patientCompartmentParameters,
  resourceTypeNames,
  searchParametersOf,
} from '../definitions/index.ts';
import { CARRIERS, RENDERED } from '../names.ts';
import { type Constant, compilePath, type PathTree, parsePath, Work } from '../path/index.ts';
import type { Expression, Patient, Resource, ResourceType } from '../types.ts';
import { atPlace, refusedAt } from './place.ts';

/** What has to be read of each person. */
export interface Source {
  /** `Condition`, or the query as it stands in the criterion. */
  key: string;
  type: ResourceType;
  params: [string, string][];
  /** Of the criterion that asks for it. */
  place: string;
}

/** A person with what was read of the record for the criteria. */
export interface Subject {
  patient: Patient;
  /** What a source found of this person. */
  found(source: Source): readonly Resource[];
  memberOf: MemberOf;
  /** Values of the dialect's own variables. */
  variable?(name: string): readonly unknown[];
}

/** Is a code, Coding or CodeableConcept in the value set? Null when nobody knows. */
export type MemberOf = (value: unknown, type: string | null, valueSet: string) => boolean | null;

export interface Criterion {
  /** FHIRPath in the definition. */
  place: string;
  sources: readonly Source[];
  /** Canonical addresses that it asks with `memberOf()`. */
  valueSets: readonly string[];
  /** The dialect's own variables that it names. */
  variables: readonly string[];
  /** FHIR type of what it gives; null when only the data know it. */
  type: string | null;
  /** A search: it is met by whatever it finds. */
  isQuery: boolean;
  /**
   * What it gives for a person.
   * @param focus the Patient, or the resource that is observed
   * @param now what `now()` and `today()` are
   * @throws Failure `business-rule`, `too-costly` with the place
   */
  values(subject: Subject, focus: Resource, now: Date): readonly unknown[];
}

/** What an engine adds to the language that all share. */
export interface Dialect {
  /** `%periodStart`; in queries a text constant also stands for `{{%periodStart}}`. */
  constants: ReadonlyMap<string, Constant>;
  /** `%draftOrders`: names with the FHIR types of their values (null: only the data know), asked of the subject. */
  variables?: ReadonlyMap<string, string | null>;
}

export const FHIRPATH = 'text/fhirpath';
export const QUERY = 'application/x-fhir-query';

/** @param type of the resources that it will be asked of. @throws Failure `business-rule` for what cannot be carried out */
export function compileCriterion(
  expression: Expression | undefined,
  place: string,
  dialect: Dialect,
  type: ResourceType = 'Patient',
): Criterion {
  const { language, expression: text } = expression ?? {};
  if (language !== FHIRPATH && language !== QUERY)
    throw refusedAt(
      `${place}.language`,
      language === undefined
        ? `thiếu ngôn ngữ (${FHIRPATH} hoặc ${QUERY})`
        : `không tính được "${language}" (chỉ ${FHIRPATH} và ${QUERY})`,
      language === undefined
        ? `is missing: ${FHIRPATH} or ${QUERY}`
        : `"${language}" is not carried out: only ${FHIRPATH} and ${QUERY}`,
    );
  if (text === undefined || text.trim() === '')
    throw refusedAt(`${place}.expression`, 'thiếu biểu thức', 'is missing');
  const at = `${place}.expression`;
  return atPlace(at, () =>
    language === QUERY ? compileQuery(text, at, dialect) : compileExpression(text, at, dialect, type),
  );
}

function compileExpression(text: string, place: string, dialect: Dialect, type: ResourceType): Criterion {
  const own = dialect.variables ?? new Map<string, string | null>();
  const variables = own.size === 0 ? RECORD : new Map([...RECORD, ...own]);
  const { step, type: given } = compilePath(text, { type, constants: dialect.constants, variables, offers });
  const named: Named = { types: new Set(), valueSets: new Set(), variables: new Set() };
  addNamed(parsePath(text), named, place, own);
  named.types.delete('Patient');
  const sources = [...named.types].map(
    (one): Source => ({ key: one, type: checked(one, place), params: [], place }),
  );
  const byType = new Map(sources.map((source) => [source.type as string, source]));
  return {
    place,
    sources,
    valueSets: [...named.valueSets],
    variables: [...named.variables],
    type: given,
    isQuery: false,
    values: (subject, focus, now) =>
      atPlace(place, () => {
        const variable = (name: string) => {
          if (own.has(name)) return subject.variable?.(name) ?? [];
          const source = byType.get(name);
          return source ? subject.found(source) : [subject.patient];
        };
        const { memberOf } = subject;
        return step([focus], new Work(undefined, { resource: focus, now, variable, memberOf }));
      }),
  };
}

/** Every type of R4 names what the record has of it; the person has the names that other servers give her, too. */
const RECORD: ReadonlyMap<string, string> = new Map([
  ...resourceTypeNames.map((name): [string, string] => [name, name]),
  ['patient', 'Patient'],
  ['subject', 'Patient'],
]);

/** What asks for more than the record of one person is not there. */
const offers = (name: string) => !['resolve', 'subsumes', 'conformsTo', 'trace'].includes(name);

interface Named {
  types: Set<ResourceType>;
  valueSets: Set<string>;
  variables: Set<string>;
}

/** What the expression asks of the record: a type's name at the beginning of a path, or `%Condition`, not the types of casts; and of terminology. */
function addNamed(tree: PathTree, named: Named, place: string, own: Dialect['variables']): void {
  const name = tree.kind === 'constant' || (tree.kind === 'member' && tree.base === null) ? tree.name : null;
  if (name !== null && own?.has(name)) named.variables.add(name);
  else if (name !== null && isResourceName(name)) named.types.add(name as ResourceType);
  if (tree.kind === 'call' && tree.name === 'memberOf') {
    const [valueSet] = tree.args;
    if (valueSet?.kind !== 'literal' || typeof valueSet.value !== 'string')
      throw refusedAt(
        place,
        'memberOf() phải nêu thẳng địa chỉ của ValueSet',
        'must name the value set of memberOf() by its address, as a text',
      );
    named.valueSets.add(valueSet.value);
  }
  for (const child of childrenOf(tree)) addNamed(child, named, place, own);
}

const CASTS = new Set(['is', 'as', 'ofType']);

function childrenOf(tree: PathTree): PathTree[] {
  switch (tree.kind) {
    case 'member':
      return tree.base ? [tree.base] : [];
    case 'call':
      return [...(tree.base ? [tree.base] : []), ...(CASTS.has(tree.name) ? [] : tree.args)];
    case 'index':
      return [tree.base, tree.index];
    case 'binary':
      return CASTS.has(tree.operator) ? [tree.left] : [tree.left, tree.right];
    case 'minus':
      return [tree.base];
    default:
      return [];
  }
}

/** `Condition?code=I10`: among what the record has for the person. `{{%periodStart}}` stands for the constant of that name. */
function compileQuery(text: string, place: string, { constants }: Dialect): Criterion {
  const [name = '', query = ''] = split(text.trim(), '?');
  const texts = new Map([...constants].filter(([, { value }]) => typeof value === 'string'));
  const filled = query.replaceAll(/\{\{\s*%(\w+)\s*\}\}/g, (braces, one: string) => {
    const constant = texts.get(one);
    return constant ? encodeURIComponent(constant.value as string) : braces;
  });
  if (filled.includes('{{')) {
    const known = [...texts.keys()].map((one) => `{{%${one}}}`);
    throw refusedAt(
      place,
      known.length === 0 ? 'không được dùng {{…}}' : `chỉ được dùng ${known.join(' và ')}`,
      known.length === 0 ? 'may not use {{…}}' : `may use ${known.join(' and ')} only`,
    );
  }
  if (!isResourceName(name))
    throw refusedAt(place, `"${name}" không phải loại tài nguyên R4`, `"${name}" is no resource type of R4`);
  const type = checked(name as ResourceType, place);
  const params = [...new URLSearchParams(filled.replaceAll('+', '%2B'))] as [string, string][];
  const form = params.find(([one]) => FORM.test(one));
  if (form)
    throw refusedAt(
      place,
      `không nhận tham số ${form[0]}`,
      `does not take ${form[0]}, which is of the form of an answer`,
    );
  checkSearch({ type, params });
  const source: Source = { key: `${type}?${filled}`, type, params, place };
  return {
    place,
    sources: [source],
    valueSets: [],
    variables: [],
    type,
    isQuery: true,
    values: (subject) => subject.found(source),
  };
}

/** Parameters of the form and order of an answer, and of more than one type. */
const FORM = /^_(sort|count|total|cursor|include|revinclude|summary|elements|format|pretty|explain|type)\b/;

/** Fails for what is kept of nobody in particular. */
function checked(type: ResourceType, place: string): ResourceType {
  const isKept = !RENDERED.has(type) && !CARRIERS.has(type);
  if (isKept && personParameter(type) !== undefined) return type;
  throw refusedAt(
    place,
    `${type} không thuộc hồ sơ của một người nào`,
    `asks for ${type}, which is kept of no person`,
  );
}

function split(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}

/** The search parameter that finds a type's resources of a person; undefined for what is of nobody. */
export function personParameter(type: ResourceType): string | undefined {
  if (type === 'Patient') return '_id';
  return searchParametersOf(type).has('patient') ? 'patient' : patientCompartmentParameters(type)[0];
}
