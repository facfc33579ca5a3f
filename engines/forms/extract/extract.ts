/** Answers as resources: one transaction, by every way of extraction that the form uses. Pure. */
import type { Issue } from '../../../kernel/failure.ts';
import type {
  Bundle,
  BundleEntry,
  Questionnaire,
  QuestionnaireResponse,
  Resource,
} from '../../../kernel/fhir/types.ts';
import { EXT, extensionsOf } from '../extension.ts';
import { questionsOf } from '../question.ts';
import { type Answered, answeredOf } from './answered.ts';
import { definitionEntries } from './definition.ts';
import { keyOf, namedUuid, placeName } from './entry.ts';
import { Expressions } from './expression.ts';
import { observationEntries } from './observations.ts';
import type { Profiles } from './profile.ts';
import { subjectsOf } from './subject.ts';
import { templateEntries } from './template.ts';

export interface ExtractWith {
  /** How extracted resources refer to the response; left out: `QuestionnaireResponse/<id>`, and not at all where it has no id. */
  source?: string;
  /** Resources extracted from the same response before, by the value of their identifier (`sid/cau-tra-loi`). */
  existing?: ReadonlyMap<string, Resource>;
  /** Profiles that the form extracts into (`profilesNamed`), as far as they are known: what they fix is put in. */
  profiles?: Profiles;
}

export interface Extraction {
  bundle: Bundle;
  /** What could not be carried out: warnings with their place in the Questionnaire. */
  issues: readonly Issue[];
}

/**
 * A transaction Bundle of everything that the form extracts. The same response gives the same Bundle; a response that was
 * extracted before gives updates of what came of it (`existing`), not more of it.
 */
export function extractInto(
  response: QuestionnaireResponse,
  questionnaire: Questionnaire,
  { source, existing = new Map(), profiles = new Map() }: ExtractWith = {},
): Extraction {
  const key = keyOf(response);
  const named = source ?? (response.id ? `QuestionnaireResponse/${response.id}` : null);
  const seed = key ?? JSON.stringify(response);
  const context = { key, source: named, seed, existing, profiles };
  const root = answeredOf(questionsOf(questionnaire).root, response);
  const expressions = new Expressions(response, questionnaire);
  const names = namesOf(root, seed);
  const of = (at: Answered) => names.get(at) ?? new Map();
  const subjectOf = subjectsOf(root, response);
  const entry: BundleEntry[] = [
    ...templateEntries(root, questionnaire, context, expressions, of),
    ...definitionEntries(root, context, expressions, of, subjectOf),
    ...observationEntries(root, response, context, subjectOf),
  ];
  return {
    bundle: { resourceType: 'Bundle', type: 'transaction', ...(entry.length > 0 ? { entry } : {}) },
    issues: expressions.issues,
  };
}

/** Whether a form extracts anything at all. */
export function extractsAnything(questionnaire: Questionnaire): boolean {
  const urls: string[] = [
    EXT.observationExtract,
    EXT.definitionExtract,
    EXT.extractionContext,
    EXT.templateExtract,
    EXT.templateExtractBundle,
  ];
  return questionsOf(questionnaire).all.some(
    ({ item }) =>
      urls.some((url) => extensionsOf(item, url).length > 0) ||
      (item.code ?? []).some((code) => extensionsOf(code, EXT.observationExtract).length > 0),
  );
}

/** `extractAllocateId`: names of new resources, each once where it stands and seen below. */
function namesOf(root: Answered, key: string): Map<Answered, ReadonlyMap<string, readonly unknown[]>> {
  const found = new Map<Answered, ReadonlyMap<string, readonly unknown[]>>();
  const walk = (at: Answered, above: ReadonlyMap<string, readonly unknown[]>): void => {
    const own = new Map(above).set('qitem', [at.question.item]);
    for (const { valueString: name } of extensionsOf(at.question.item, EXT.extractAllocateId))
      if (name !== undefined) own.set(name, [namedUuid(key, at.path, name)]);
    found.set(at, own);
    for (const child of at.children) walk(child, own);
  };
  walk(root, new Map());
  return found;
}

/** Values of the identifiers that an extraction of this response gives: what to look for before it is extracted again. */
export function identifiersOf({ bundle }: Extraction, response: QuestionnaireResponse): string[] {
  const key = keyOf(response);
  if (key === null) return [];
  const start = placeName(key, '');
  return (bundle.entry ?? []).flatMap(({ resource }) =>
    ((resource as { identifier?: { value?: string }[] }).identifier ?? []).flatMap(({ value }) =>
      value?.startsWith(start) ? [value] : [],
    ),
  );
}
