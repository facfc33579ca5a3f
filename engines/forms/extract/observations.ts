/** Observation-based extraction: http://hl7.org/fhir/uv/sdc/extraction.html#observation-based-extraction. Pure. */
import type {
  BundleEntry,
  CodeableConcept,
  Coding,
  Observation,
  ObservationComponent,
  Quantity,
  QuestionnaireResponse,
} from '../../../kernel/fhir/types.ts';
import { isObject, valueIn } from '../answer.ts';
import { EXT, type Extended, extensionOf, extensionsOf, onlyValueOf } from '../extension.ts';
import type { Value } from '../form/types.ts';
import { fixedUnit } from '../form/units.ts';
import type { Question } from '../question.ts';
import type { Answered } from './answered.ts';
import { type ExtractContext, entryOf, namedUuid } from './entry.ts';
import type { SubjectOf } from './subject.ts';

/** How a question is extracted: by itself, as a part of the Observation above, as a member of it, or not. */
export type Extracted = 'own' | 'component' | 'member' | null;

const RELATIONS: Readonly<Record<string, Extracted>> = {
  component: 'component',
  member: 'member',
  derived: 'own',
  independent: 'own',
};

/** The extension of the question, else of what stands above; a code that has one of its own decides for itself. */
export function extractedAs(question: Question): Extracted {
  for (const one of [...question.lineage].reverse()) {
    const told = toldOf(one.item);
    if (told !== undefined) return told;
    if (
      one === question &&
      (one.item.code ?? []).some((code) => toldOf(code) !== undefined && toldOf(code) !== null)
    )
      return 'own';
  }
  return null;
}

function toldOf(holder: Extended | object): Extracted | undefined {
  const value = onlyValueOf(extensionOf(holder as Extended, EXT.observationExtract));
  if (value === undefined) return undefined;
  if (value === false) return null;
  return typeof value === 'string' ? (RELATIONS[value] ?? 'own') : 'own';
}

/** Codes that go into the Observation: those that say so, else all. */
export function codesOf({ item }: Question): Coding[] {
  const codes = item.code ?? [];
  const named = codes.filter((code) => toldOf(code as Extended) !== undefined);
  const wanted = named.length > 0 ? named.filter((code) => toldOf(code as Extended) !== null) : codes;
  return wanted.map(({ extension: _, ...code }) => code);
}

export function observationEntries(
  root: Answered,
  response: QuestionnaireResponse,
  context: ExtractContext,
  subjectOf: SubjectOf,
): BundleEntry[] {
  const walk = new Walk(response, context, subjectOf);
  return root.children.flatMap((one) => walk.entries(one));
}

class Walk {
  readonly #response: QuestionnaireResponse;
  readonly #context: ExtractContext;
  readonly #subjectOf: SubjectOf;

  constructor(response: QuestionnaireResponse, context: ExtractContext, subjectOf: SubjectOf) {
    this.#response = response;
    this.#context = context;
    this.#subjectOf = subjectOf;
  }

  entries(one: Answered): BundleEntry[] {
    const { question, values } = one;
    const codes = codesOf(question);
    const isOwn = extractedAs(question) !== null && codes.length > 0;
    // Of a group about somebody whom nobody has named.
    if (this.#subjectOf(one) === null) return [];
    if (!isOwn) return one.children.flatMap((child) => this.entries(child));
    if (question.isGroup) return this.#panel(one, codes);
    const below = one.children.flatMap((child) => this.entries(child));
    const each = values.map((value, at) => {
      const path = values.length > 1 ? `${one.path}#${at}` : one.path;
      const observation = {
        ...this.#head(one, codes),
        ...observedValue(question, value),
      } as Observation;
      return entryOf(inOrder(observation), path, this.#context);
    });
    return [...each, ...below];
  }

  /** A group with a code: its questions are components or members, and others stand by themselves. */
  #panel(one: Answered, codes: Coding[]): BundleEntry[] {
    const components = one.children.flatMap((child) => this.#components(child));
    const parts = one.children.filter(({ question }) => !isComponent(question));
    const members = parts.filter(({ question }) => extractedAs(question) !== null);
    const entries = parts.flatMap((child) => this.entries(child));
    const direct = members.flatMap(({ path, values, question }) =>
      codesOf(question).length === 0
        ? []
        : values.map((_, at) => this.#name(values.length > 1 ? `${path}#${at}` : path)),
    );
    if (components.length === 0 && direct.length === 0) return entries;
    const observation = {
      ...this.#head(one, codes),
      ...(components.length > 0 ? { component: components } : {}),
      ...(direct.length > 0 ? { hasMember: direct.map((reference) => ({ reference })) } : {}),
    } as Observation;
    return [entryOf(inOrder(observation), one.path, this.#context), ...entries];
  }

  #name(path: string): string {
    const { key, seed, existing } = this.#context;
    const before = key === null ? undefined : existing.get(`${key}${path}`);
    return before ? `Observation/${before.id}` : namedUuid(seed, path, 'Observation');
  }

  #components({ question, values }: Answered): ObservationComponent[] {
    if (!isComponent(question)) return [];
    return values.map((value) => ({
      code: { coding: codesOf(question) },
      ...observedValue(question, value),
    }));
  }

  #head(one: Answered, codes: Coding[]): Partial<Observation> {
    const { question } = one;
    const { basedOn, partOf, encounter, authored, author } = this.#response;
    const subject = this.#subjectOf(one);
    const category = categoriesOf(question);
    const text = question.item.text;
    return {
      resourceType: 'Observation',
      ...(basedOn ? { basedOn: basedOn as Observation['basedOn'] } : {}),
      ...(partOf ? { partOf: partOf as Observation['partOf'] } : {}),
      // What somebody is still answering is nobody's result yet.
      status: this.#response.status === 'in-progress' ? 'preliminary' : 'final',
      ...(category.length > 0 ? { category } : {}),
      code: { coding: codes, ...(text ? { text } : {}) },
      ...(subject ? { subject: subject as Observation['subject'] } : {}),
      ...(encounter ? { encounter } : {}),
      ...(authored ? { effectiveDateTime: authored } : {}),
      ...(authored && INSTANT.test(authored) ? { issued: authored } : {}),
      ...(author ? { performer: [author as NonNullable<Observation['performer']>[number]] } : {}),
      ...(this.#context.source === null ? {} : { derivedFrom: [{ reference: this.#context.source }] }),
    };
  }
}

const INSTANT = /T\d\d:\d\d:\d\d/;

/** A question under a group with a code, that is to be a part of its Observation. */
function isComponent(question: Question): boolean {
  if (question.isGroup || codesOf(question).length === 0) return false;
  return extractedAs(question) === 'component';
}

/** Of the codes or the item itself, else of what stands nearest above. */
function categoriesOf(question: Question): CodeableConcept[] {
  for (const { item } of [...question.lineage].reverse()) {
    const holders: Extended[] = [...((item.code ?? []) as Extended[]), item];
    const found = holders.flatMap((one) => extensionsOf(one, EXT.observationCategory));
    const concepts = found.flatMap((one) => one.valueCodeableConcept ?? []);
    if (concepts.length > 0) return concepts;
  }
  return [];
}

/** `value[x]` of an Observation: a number with the question's unit is a Quantity, a date a dateTime, a Coding a concept. */
export function observedValue(question: Question, value: Value): Partial<Observation> {
  const { item } = question;
  const unit = fixedUnit(item);
  switch (item.type) {
    case 'decimal':
    case 'integer':
      if (unit) return { valueQuantity: quantityOf(value as number, unit) };
      return item.type === 'integer'
        ? { valueInteger: value as number }
        : { valueQuantity: { value: value as number } };
    case 'quantity':
      return { valueQuantity: value as Quantity };
    case 'date':
    case 'dateTime':
      return { valueDateTime: value as string };
    case 'time':
      return { valueTime: value as string };
    case 'boolean':
      return { valueBoolean: value as boolean };
    case 'choice':
    case 'open-choice':
      return isObject(value) && 'code' in value
        ? { valueCodeableConcept: { coding: [value as Coding] } }
        : typeof value === 'number'
          ? { valueInteger: value }
          : { valueString: textOf(value) };
    default:
      return { valueString: textOf(value) };
  }
}

const textOf = (value: Value): string => {
  if (!isObject(value)) return String(value);
  const { display, title, reference, url } = value;
  return String(display ?? title ?? reference ?? url ?? valueIn(value)?.value ?? '');
};

function quantityOf(value: number, unit: Coding): Quantity {
  const shown = unit.display ?? unit.code;
  return {
    value,
    ...(shown ? { unit: shown } : {}),
    ...(unit.system ? { system: unit.system } : {}),
    ...(unit.code ? { code: unit.code } : {}),
  };
}

/** `derivedFrom` stands behind the value in R4. */
function inOrder({ derivedFrom, ...observation }: Observation): Observation {
  return { ...observation, ...(derivedFrom ? { derivedFrom } : {}) };
}
