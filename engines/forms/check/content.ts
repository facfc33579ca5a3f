/** Faults of the forms of the content, before any program shows them. */
import type { Content } from '../../../kernel/content/content.ts';
import { openTerminology } from '../../../kernel/fhir/terminology/index.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import { formVersions } from '../content.ts';
import { checkForm } from './check.ts';

const OWN_SETS = 'http://yba.vn/fhir/vs/';

/** Errors of every version, each with its file and its place in it. Value sets of others may lie in the record: they are not judged. */
export function checkForms(content: Content): { where: string; text: string; textVi: string }[] {
  const own = new Set<string>();
  if (content.files('terminology').length > 0)
    for (const { valueSet } of openTerminology(content).lists()) own.add(valueSet);
  const knowsValueSet = (address: string) => (address.startsWith(OWN_SETS) ? own.has(address) : null);
  return formVersions(content).flatMap(({ file, value }) =>
    [...validateResource(value), ...checkForm(value, { knowsValueSet })]
      .filter(({ severity }) => severity === 'error')
      .map(({ text, textEn }) => ({ where: file, text: textEn ?? text, textVi: text })),
  );
}
