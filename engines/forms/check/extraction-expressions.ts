/** FHIRPath that an extraction will ask, wherever the form has written it: refused before anybody fills the form. Pure. */
import { Failure } from '../../../kernel/failure.ts';
import { compilePath, parsePath } from '../../../kernel/fhir/path/index.ts';
import type { Expression, Extension } from '../../../kernel/fhir/types.ts';
import { isObject } from '../answer.ts';
import { EXT, type Extended, extensionsOf, partOf } from '../extension.ts';
import { templateOf } from '../extract/contained.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../form/types.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';
import { linksNamed } from '../reads.ts';

/** An expression with its place in the Questionnaire. */
interface Written {
  text: string;
  place: string;
  /** Of an Expression; undefined for what is FHIRPath by its element. */
  language?: string | undefined;
}

const FHIRPATH = 'text/fhirpath';

/** Faults of all expressions that stand in the extraction of one item, and in the templates that it names. */
export function extractionExpressionFaults(question: Question, plan: Plan): Fault[] {
  const templates = [
    ...extensionsOf(question.item, EXT.templateExtract),
    ...extensionsOf(question.item, EXT.templateExtractBundle),
  ];
  const beside = besideOf(question);
  // Most questions extract nothing, and to ask all of them for each one takes seconds in a form of thousands.
  if (templates.length === 0 && beside.length === 0) return [];
  const names = new Set(allocated(plan));
  const written = [...beside, ...templates.flatMap((one) => inTemplate(one, plan, names))];
  return written.flatMap((one) => faultsOf(one, plan, names));
}

const known = new WeakMap<Plan, ReadonlySet<string>>();

/** Names that extraction gives to new resources anywhere in the form: gathered once, not for each of thousands of questions. */
function allocated(plan: Plan): ReadonlySet<string> {
  let found = known.get(plan);
  if (!found) {
    found = new Set(
      plan.questions.all.flatMap(({ item }) =>
        extensionsOf(item, EXT.extractAllocateId).flatMap(({ valueString }) => valueString ?? []),
      ),
    );
    known.set(plan, found);
  }
  return found;
}

const PARTS = ['resourceId', 'fullUrl', 'ifNoneMatch', 'ifModifiedSince', 'ifMatch', 'ifNoneExist'];

/** Parts of templateExtract and definitionExtract, values of definitionExtractValue. */
function besideOf({ item, place }: Question): Written[] {
  const parts = [EXT.templateExtract, EXT.definitionExtract].flatMap((url) =>
    extensionsOf(item, url).flatMap((one, at) =>
      PARTS.flatMap((name) => {
        const text = partOf(one, name);
        const where = `${place}.extension.where(url = '${url}')[${at}].extension.where(url = '${name}').value`;
        return typeof text === 'string' ? [{ text, place: where }] : [];
      }),
    ),
  );
  const values = extensionsOf(item, EXT.definitionExtractValue).flatMap((one, at) => {
    const { expression, language } = (partOf(one, 'expression') ?? {}) as Partial<Expression>;
    const where = `${place}.extension.where(url = '${EXT.definitionExtractValue}')[${at}]`;
    return expression === undefined ? [] : [{ text: expression, language, place: where }];
  });
  return [...parts, ...values];
}

/** @param names gets the names that contexts of the template declare */
function inTemplate(extension: Extension, { questionnaire }: Plan, names: Set<string>): Written[] {
  const template = templateOf(questionnaire, extension);
  if (!template) return [];
  const at = questionnaire.contained?.indexOf(template) ?? -1;
  const found: Written[] = [];
  const walk = (node: unknown, place: string): void => {
    if (Array.isArray(node)) for (const [index, one] of node.entries()) walk(one, `${place}[${index}]`);
    if (!isObject(node) || Array.isArray(node)) return;
    for (const url of [EXT.templateExtractContext, EXT.templateExtractValue])
      for (const { valueString, valueExpression } of extensionsOf(node as Extended, url)) {
        const text = valueString ?? valueExpression?.expression;
        const { language } = valueExpression ?? {};
        if (text !== undefined)
          found.push({ text, language, place: `${place}.extension.where(url = '${url}').value` });
        if (valueExpression?.name) names.add(valueExpression.name);
      }
    for (const [name, child] of Object.entries(node))
      if (name !== 'extension') walk(child, `${place}.${name.replace(/^_/, '')}`);
      else
        walk(
          (child as Extension[]).filter(({ extension: inner }) => inner),
          `${place}.extension`,
        );
  };
  walk(template, `Questionnaire.contained[${at}]`);
  return found;
}

const offers = (name: string) => !['resolve', 'subsumes', 'conformsTo', 'memberOf'].includes(name);

function faultsOf({ text, place, language }: Written, plan: Plan, names: ReadonlySet<string>): Fault[] {
  if (language !== undefined && language !== FHIRPATH)
    return [
      fault(
        `${place}.language`,
        'language',
        `không tính được ngôn ngữ "${language}" (chỉ ${FHIRPATH})`,
        `asks for "${language}": only ${FHIRPATH} is carried out`,
      ),
    ];
  try {
    const variables = new Map<string, string | null>([
      ['questionnaire', 'Questionnaire'],
      ['qitem', null],
    ]);
    for (const name of names) variables.set(name, null);
    compilePath(text, { type: null, constants: new Map(), variables, offers, lenient: true });
    return linksNamed(parsePath(text))
      .filter((link) => !plan.questions.byLink.has(link))
      .map((link) =>
        fault(
          place,
          'unknown-link',
          `nêu câu hỏi "${link}" không có trong mẫu`,
          `names the question "${link}", which the form does not have`,
        ),
      );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const [issue] = error.issues;
    return [{ ...issue!, severity: 'error', code: 'invalid', expression: place }];
  }
}
