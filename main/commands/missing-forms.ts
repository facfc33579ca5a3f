/** Forms that programmes open and the content does not have: they may have been published in the browser, so it is a gap to know of. */
import { formVersions } from '../../engines/forms/index.ts';
import { programmeVersions } from '../../engines/programmes/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import type { PlanDefinitionAction } from '../../kernel/fhir/types.ts';

const FORM = 'http://yba.vn/fhir/Questionnaire/';

/** A line for each file and form. */
export function missingForms(content: Content): string[] {
  const known = new Set(formVersions(content).map(({ value }) => value.url));
  return programmeVersions(content).flatMap(({ file, value }) =>
    [...new Set(formsOf(value.action ?? []))]
      .filter((url) => !known.has(url))
      .map(
        (url) => `${file} form: no form of the content is ${url}: it must have been published in the browser`,
      ),
  );
}

const formsOf = (actions: readonly PlanDefinitionAction[]): string[] =>
  actions.flatMap(({ definitionCanonical = '', action = [] }) => [
    ...(definitionCanonical.startsWith(FORM) ? [definitionCanonical.split('|')[0]!] : []),
    ...formsOf(action),
  ]);
