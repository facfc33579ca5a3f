/** Definition-based extraction: http://hl7.org/fhir/uv/sdc/extraction.html#definition-based-extraction. Pure. */
import { isResourceName } from '../../../kernel/fhir/definitions/elements.ts';
import type { BundleEntry, Extension, Resource } from '../../../kernel/fhir/types.ts';
import { typeOfValue, valueIn } from '../answer.ts';
import { EXT, extensionsOf, partOf } from '../extension.ts';
import type { Question } from '../question.ts';
import type { Answered } from './answered.ts';
import { type ExtractContext, entryOf } from './entry.ts';
import { type Expressions, plainOf, singleText } from './expression.ts';
import { holderAt, propertyOf, put, stepsOf } from './place.ts';
import { fillFixed, unknownSlices } from './profile.ts';
import type { SubjectOf } from './subject.ts';

type Json = Record<string, unknown>;
type Names = ReadonlyMap<string, readonly unknown[]>;

/** Where a new resource begins: its type, and the canonical address that definitions under it name. */
interface Start {
  type: string;
  /** Null of the older extension: any address of the type. */
  definition: string | null;
  extension: Extension;
}

const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/** What starts at a question. The older extension names a type, or a search among resources of it. */
export function startsOf(question: Question): Start[] {
  const { item } = question;
  const newer = extensionsOf(item, EXT.definitionExtract).flatMap((extension) => {
    const definition = partOf(extension, 'definition');
    if (typeof definition !== 'string') return [];
    const type = typeOfDefinition(definition, question);
    return type === null ? [] : [{ type, definition, extension }];
  });
  const older = extensionsOf(item, EXT.extractionContext).flatMap((extension) => {
    // A search for what is to be changed is refused when the form is published: something new in its place would be a second one.
    const type = extension.valueCode ?? extension.valueExpression?.expression ?? '';
    return isResourceName(type) ? [{ type, definition: null, extension }] : [];
  });
  return [...newer, ...older];
}

/** Of R4's own types the name itself; of a profile what the definitions under it begin with. */
function typeOfDefinition(definition: string, question: Question): string | null {
  const name = definition.split('|')[0]!.slice(CORE.length);
  if (definition.startsWith(CORE) && isResourceName(name)) return name;
  const named = namedDefinitions(question).find((one) => one.startsWith(`${definition}#`));
  const type = named?.split('#')[1]?.split(/[.:]/)[0] ?? '';
  return isResourceName(type) ? type : null;
}

function namedDefinitions(question: Question): string[] {
  const { item, children } = question;
  return [
    ...(item.definition ? [item.definition] : []),
    ...extensionsOf(item, EXT.definitionExtractValue).flatMap((one) => {
      const definition = partOf(one, 'definition');
      return typeof definition === 'string' ? [definition] : [];
    }),
    ...children.flatMap(namedDefinitions),
  ];
}

export function definitionEntries(
  root: Answered,
  context: ExtractContext,
  expressions: Expressions,
  names: (at: Answered) => Names,
  subjectOf: SubjectOf,
): BundleEntry[] {
  const entries: BundleEntry[] = [];
  const walk = (at: Answered): void => {
    for (const start of startsOf(at.question)) {
      const entry = new Maker(start, context, expressions, names).make(at, subjectOf(at));
      if (entry) entries.push(entry);
    }
    at.children.forEach(walk);
  };
  walk(root);
  return entries;
}

class Maker {
  readonly #start: Start;
  readonly #context: ExtractContext;
  readonly #expressions: Expressions;
  readonly #names: (at: Answered) => Names;
  readonly #resource: Json;

  constructor(
    start: Start,
    context: ExtractContext,
    expressions: Expressions,
    names: (at: Answered) => Names,
  ) {
    this.#start = start;
    this.#context = context;
    this.#expressions = expressions;
    this.#names = names;
    this.#resource = { resourceType: start.type };
    const { definition } = start;
    if (definition && !definition.startsWith(CORE)) this.#resource.meta = { profile: [definition] };
  }

  make(at: Answered, person: unknown): BundleEntry | null {
    this.#fill(at, true);
    const { type, extension } = this.#start;
    if (Object.keys(this.#resource).every((name) => name === 'resourceType' || name === 'meta')) return null;
    const profile = this.#profile;
    if (profile) fillFixed(this.#resource, type, profile);
    this.#addOrigin(person);
    const ask = (name: string) => {
      const text = partOf(extension, name);
      return typeof text === 'string' ? singleText(this.#ask(text, at)) : undefined;
    };
    const request = Object.fromEntries(
      ['ifNoneMatch', 'ifModifiedSince', 'ifMatch', 'ifNoneExist'].flatMap((name) => {
        const value = ask(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const fullUrl = ask('fullUrl');
    const place = `${at.path}!${type}`;
    return entryOf(this.#resource as unknown as Resource, place, this.#context, {
      request,
      ...(fullUrl ? { fullUrl } : {}),
    });
  }

  /** Of the definition at the start, where it is known here. */
  get #profile() {
    const { definition } = this.#start;
    return definition === null ? undefined : this.#context.profiles.get(definition);
  }

  #ask(text: string, at: Answered) {
    const type = at.question.parent ? 'QuestionnaireResponse.item' : 'QuestionnaireResponse';
    return this.#expressions.ask(text, { nodes: [at.item], type }, this.#names(at), at.question.place);
  }

  /** Answers under the start; where the same definition starts anew below, another resource takes them. */
  #fill(at: Answered, isStart: boolean): void {
    if (!isStart && startsOf(at.question).some(({ type, definition }) => this.#isOwn(type, definition)))
      return;
    const path = this.#pathOf(at.question.item.definition);
    if (path) this.#tellSlices(at);
    if (path && at.question.isGroup && path.length > 0)
      holderAt(this.#resource, this.#start.type, path, true);
    if (path && at.values.length > 0) this.#put(at, path);
    for (const one of extensionsOf(at.question.item, EXT.definitionExtractValue)) this.#putFixed(at, one);
    for (const child of at.children) this.#fill(child, false);
  }

  #isOwn(type: string, definition: string | null): boolean {
    return type === this.#start.type && definition === this.#start.definition;
  }

  /** Steps of a definition that is of this resource. */
  #pathOf(definition: string | undefined): string[] | null {
    const [address = '', path] = (definition ?? '').split('#');
    if (path === undefined) return null;
    const { type, definition: own } = this.#start;
    const isOurs =
      own === null ? path.split('.')[0] === type : address === own || address.split('|')[0] === own;
    return isOurs ? stepsOf(path) : null;
  }

  #put(at: Answered, path: readonly string[]): void {
    const { item } = at.question;
    const type = typeOfValue(item, at.values[0]);
    if (put(this.#resource, this.#start.type, path, at.values, type)) return;
    this.#tell(at, `${this.#start.type}.${path.join('.')}`);
  }

  #putFixed(at: Answered, extension: Extension): void {
    const definition = partOf(extension, 'definition');
    const path = typeof definition === 'string' ? this.#pathOf(definition) : null;
    if (!path) return;
    const fixed = extension.extension?.find(({ url }) => url === 'fixed-value');
    const found = fixed ? valueIn(fixed) : null;
    const expression = extension.extension?.find(({ url }) => url === 'expression')?.valueExpression
      ?.expression;
    const values = found ? [found] : expression ? plainOf(this.#ask(expression, at)) : [];
    if (values.length === 0) return;
    const done = put(
      this.#resource,
      this.#start.type,
      path,
      values.map(({ value }) => value),
      values[0]!.type,
    );
    if (!done) this.#tell(at, `${this.#start.type}.${path.join('.')}`);
  }

  /** A slice that the profile does not have is put beside the others all the same: what was answered is not lost. */
  #tellSlices(at: Answered): void {
    const [, path = ''] = at.question.item.definition?.split('#') ?? [];
    const profile = this.#profile;
    for (const slice of profile ? unknownSlices(profile, path) : [])
      this.#expressions.issues.push({
        severity: 'warning',
        code: 'not-found',
        text: `Hồ sơ cấu trúc ${this.#start.definition} không có lát "${slice}".`,
        textEn: `The profile ${this.#start.definition} has no slice "${slice}".`,
        expression: `${at.question.place}.definition`,
      });
  }

  #tell(at: Answered, path: string): void {
    this.#expressions.issues.push({
      severity: 'warning',
      code: 'not-supported',
      text: `Câu trả lời của "${at.question.linkId}" không đặt được vào ${path}.`,
      textEn: `The answer of "${at.question.linkId}" cannot be put into ${path}.`,
      expression: at.question.place,
    });
  }

  /** Whose it is, where the form does not say it; and of an Observation the response that it comes from. */
  #addOrigin(person: unknown): void {
    const { type } = this.#start;
    for (const name of ['subject', 'patient'])
      if (person && type !== 'Patient' && this.#resource[name] === undefined) {
        const found = propertyOf(type, name, null);
        if (found?.type === 'Reference' && !found.many) this.#resource[name] = person;
      }
    const { source } = this.#context;
    if (type === 'Observation' && source !== null && this.#resource.derivedFrom === undefined)
      this.#resource.derivedFrom = [{ reference: source }];
  }
}
