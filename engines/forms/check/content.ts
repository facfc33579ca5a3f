/** Faults of the forms of the content, before any program shows them. */
import type { Content } from '../../../kernel/content/content.ts';
import type { Issue } from '../../../kernel/failure.ts';
import { openTerminology } from '../../../kernel/fhir/terminology/index.ts';
import type { Questionnaire } from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import { formVersions } from '../content.ts';
import { checkForm } from './check.ts';
import type { CheckWith } from './knowing.ts';

const OWN_SETS = 'http://yba.vn/fhir/vs/';

/**
 * Errors of every version, each with its file and its place in it. Value sets of others may lie in the record: they are not judged.
 * @param concerns which files are looked at; all when absent
 */
export function checkForms(
  content: Content,
  concerns = (_file: string) => true,
): { where: string; text: string; textVi: string }[] {
  const own = new Set<string>();
  if (content.files('terminology').length > 0)
    for (const { valueSet } of openTerminology(content).lists()) own.add(valueSet);
  const knowsValueSet = (address: string) => (address.startsWith(OWN_SETS) ? own.has(address) : null);
  return formVersions(content)
    .filter(({ file }) => concerns(file))
    .flatMap(({ file, value }) =>
      faultsOf(value, { knowsValueSet })
        .filter(({ severity }) => severity === 'error')
        .map(({ text, textEn = text, expression = '' }) => ({
          where: text.startsWith(expression) ? file : `${file} ${expression}`,
          text: textEn,
          textVi: text,
        })),
    );
}

/** What is no Questionnaire of R4 is told as such: its questions are looked at when it is one. */
function faultsOf(value: Questionnaire, knowing: CheckWith): Issue[] {
  const shape = validateResource(value);
  const wrong = shape.filter(({ severity }) => severity === 'error');
  // R4 says that two questions have one name; the form's own check says which.
  if (wrong.length > 0 && wrong.every(({ code }) => code === 'invariant'))
    return [...wrong, ...checkForm(value, knowing).filter(({ code }) => code === 'duplicate')];
  if (wrong.length > 0) return wrong;
  const title = (value.title ?? '').trim() === '' ? [NAMELESS] : [];
  return [...title, ...checkForm(value, knowing)];
}

const NAMELESS: Issue = {
  severity: 'error',
  code: 'required',
  text: 'Questionnaire.title còn thiếu: tên biểu mẫu mà người điền thấy.',
  textEn: 'Questionnaire.title is missing: the name by which people find the form.',
  expression: 'Questionnaire.title',
};
