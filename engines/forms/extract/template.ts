/** Template-based extraction of SDC 4: http://hl7.org/fhir/uv/sdc/extraction.html#template-based-extraction. Pure. */
import { isPrimitive } from '../../../kernel/fhir/definitions/elements.ts';
import type { BundleEntry, Extension, Questionnaire, Resource } from '../../../kernel/fhir/types.ts';
import { isObject } from '../answer.ts';
import { EXT, type Extended, extensionOf, extensionsOf, partOf } from '../extension.ts';
import type { Answered } from './answered.ts';
import { templateNamed, templateOf } from './contained.ts';
import { type ExtractContext, entryOf } from './entry.ts';
import { type Expressions, type Focus, plainOf, singleText } from './expression.ts';
import { cast, propertyOf } from './place.ts';

type Json = Record<string, unknown>;
type Names = ReadonlyMap<string, readonly unknown[]>;

export function templateEntries(
  root: Answered,
  questionnaire: Questionnaire,
  context: ExtractContext,
  expressions: Expressions,
  names: (at: Answered) => Names,
): BundleEntry[] {
  const entries: BundleEntry[] = [];
  const walk = (at: Answered): void => {
    for (const extension of extensionsOf(at.question.item, EXT.templateExtract)) {
      const template = templateOf(questionnaire, extension);
      if (!template) continue;
      const type = at.question.parent ? 'QuestionnaireResponse.item' : 'QuestionnaireResponse';
      const focus: Focus = { nodes: [at.item], type };
      const filling = new Filling(expressions, names(at), at.question.place);
      const [made] = filling.objects(template, focus, template.resourceType);
      if (!isObject(made)) continue;
      entries.push(entryFrom(made, at, extension, focus, filling, context));
    }
    at.children.forEach(walk);
  };
  walk(root);
  for (const extension of extensionsOf(root.question.item, EXT.templateExtractBundle)) {
    const template = templateOf(questionnaire, extension);
    if (template?.resourceType !== 'Bundle') continue;
    const focus: Focus = { nodes: [root.item], type: 'QuestionnaireResponse' };
    const [made] = new Filling(expressions, names(root), root.question.place).objects(
      template,
      focus,
      'Bundle',
    );
    const filled = isObject(made) && Array.isArray(made.entry) ? (made.entry as BundleEntry[]) : [];
    entries.push(
      ...filled.flatMap((one, at) => writtenEntry(one, `${templateNamed(extension)}.${at}`, context)),
    );
  }
  return entries;
}

/** An entry of a whole Bundle that was a template: what it says of its request stands; what it says nothing of is as elsewhere. */
function writtenEntry(
  { resource, fullUrl, request, ...more }: BundleEntry,
  path: string,
  context: ExtractContext,
): BundleEntry[] {
  if (!resource) return request ? [{ ...more, ...(fullUrl ? { fullUrl } : {}), request }] : [];
  const { method, url: _, ...conditions } = request ?? {};
  if (request && method !== 'POST') return [{ ...more, ...(fullUrl ? { fullUrl } : {}), resource, request }];
  // The id of what is created is the server's.
  const { id: __, ...fresh } = resource;
  return [
    {
      ...more,
      ...entryOf(fresh as Resource, path, context, { request: conditions, ...(fullUrl ? { fullUrl } : {}) }),
    },
  ];
}

function entryFrom(
  { id: _, ...made }: Json,
  at: Answered,
  extension: Extension,
  focus: Focus,
  filling: Filling,
  context: ExtractContext,
): BundleEntry {
  const ask = (name: string) => {
    const text = partOf(extension, name);
    return typeof text === 'string' ? filling.text(text, focus) : undefined;
  };
  const request = Object.fromEntries(
    ['ifNoneMatch', 'ifModifiedSince', 'ifMatch', 'ifNoneExist'].flatMap((name) => {
      const value = ask(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const [id, fullUrl] = [ask('resourceId'), ask('fullUrl')];
  const amends = (extension.extension ?? []).flatMap(({ url, valueString }) =>
    url === EXT.amends && valueString !== undefined ? [valueString] : [],
  );
  const resource = { ...made, ...(id ? { id } : {}) } as unknown as Resource;
  return entryOf(resource, `${at.path}!${templateNamed(extension)}`, context, {
    request,
    amends,
    ...(fullUrl ? { fullUrl } : {}),
  });
}

/** Deepest nesting of a template. */
const DEEPEST = 40;

class Filling {
  readonly #expressions: Expressions;
  readonly #names: Map<string, readonly unknown[]>;
  readonly #place: string;

  constructor(expressions: Expressions, names: Names, place: string) {
    this.#expressions = expressions;
    this.#names = new Map(names);
    this.#place = place;
  }

  text(expression: string, focus: Focus): string | undefined {
    return singleText(this.#ask(expression, focus));
  }

  #ask(text: string, focus: Focus): Focus {
    return this.#expressions.ask(text, focus, this.#names, this.#place);
  }

  /** What a node of the template becomes: nothing, itself filled, or one for each that its context gives. */
  objects(node: object, focus: Focus, structure: string | null, depth = 0): unknown[] {
    if (depth > DEEPEST) return [];
    const context = expressionText(extensionOf(node as Extended, EXT.templateExtractContext));
    const found = context ? this.#ask(context.text, focus) : focus;
    const each = context ? found.nodes.map((one) => ({ nodes: [one], type: found.type })) : [focus];
    return each.flatMap((one) => {
      if (context?.name) this.#names.set(context.name, one.nodes);
      return this.#filled(node as Json, one, structure, depth);
    });
  }

  #filled(node: Json, focus: Focus, structure: string | null, depth: number): unknown[] {
    const value = expressionText(extensionOf(node as Extended, EXT.templateExtractValue));
    if (value) return this.#values(value.text, focus, structure);
    const made: Json = {};
    for (const [name, child] of Object.entries(node)) {
      if (name === 'extension') {
        const kept = this.#extensions(child as Extension[], focus, depth);
        if (kept.length > 0) made.extension = kept;
      } else if (name.startsWith('_')) this.#primitive(made, name.slice(1), child, focus, structure, depth);
      else if (made[name] === undefined && !Object.hasOwn(node, `_${name}`))
        this.#member(made, name, child, focus, structure, depth);
    }
    return Object.keys(made).length > 0 ? [made] : [];
  }

  #extensions(extensions: readonly Extension[], focus: Focus, depth: number): unknown[] {
    const own = [EXT.templateExtractContext, EXT.templateExtractValue] as string[];
    return extensions
      .filter(({ url }) => !own.includes(url))
      .flatMap((one) => this.objects(one, focus, 'Extension', depth + 1));
  }

  #member(
    made: Json,
    name: string,
    child: unknown,
    focus: Focus,
    structure: string | null,
    depth: number,
  ): void {
    const type = structure === null ? null : (propertyOf(structure, name, null)?.type ?? null);
    const filled = (one: unknown) => (isObject(one) ? this.objects(one, focus, type, depth + 1) : [one]);
    if (Array.isArray(child)) {
      const all = child.flatMap(filled);
      if (all.length > 0) made[name] = all;
    } else {
      const [only] = filled(child);
      if (only !== undefined) made[name] = only;
    }
  }

  /** A primitive whose value is evaluated; without such an expression what was written stays. */
  #primitive(
    made: Json,
    name: string,
    beside: unknown,
    focus: Focus,
    structure: string | null,
    depth: number,
  ): void {
    const isMany = Array.isArray(beside);
    const type = structure === null ? null : (propertyOf(structure, name, null)?.type ?? null);
    const all = (isMany ? beside : [beside]).flatMap((one) =>
      isObject(one) ? this.#primitives(one, focus, type, depth) : [],
    );
    if (all.length > 0) made[name] = isMany ? all : all[0];
  }

  #primitives(beside: Json, focus: Focus, type: string | null, depth: number): unknown[] {
    return this.objects(beside, focus, type, depth + 1).filter((one) => !isObject(one));
  }

  #values(text: string, focus: Focus, structure: string | null): unknown[] {
    return plainOf(this.#ask(text, focus)).flatMap(({ value, type }) => {
      if (structure === null) return [value];
      const made = cast(value, type, structure);
      return made === undefined || (isPrimitive(structure) && isObject(made)) ? [] : [made];
    });
  }
}

function expressionText(extension: Extension | undefined): { text: string; name: string | null } | null {
  if (extension?.valueString !== undefined) return { text: extension.valueString, name: null };
  const { expression, name } = extension?.valueExpression ?? {};
  return expression === undefined ? null : { text: expression, name: name ?? null };
}
