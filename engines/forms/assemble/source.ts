/** What an assembly asks of its surroundings, and what it may find wrong. */
import { Failure, type Issue } from '../../../kernel/failure.ts';
import type { ElementDefinition, Questionnaire } from '../../../kernel/fhir/types.ts';

export interface AssemblySource {
  /** The form of a canonical address; null when it is not known here. */
  form(canonical: string): Promise<Questionnaire | null>;
  /**
   * The element that `<StructureDefinition>#<id>` names: null when the definition is not known here, undefined when it is and
   * has no such element.
   */
  element(definition: string): Promise<ElementDefinition | null | undefined>;
}

/** A form that cannot be assembled. @param place FHIRPath into the Questionnaire that names the part */
export function cannotAssemble(place: string, vi: string, en: string): Failure {
  const issue: Issue = { severity: 'error', code: 'business-rule', text: vi, textEn: en, expression: place };
  return new Failure('business-rule', vi, { textEn: en, expression: place, issues: [issue] });
}

export const warned = (place: string, vi: string, en: string): Issue => ({
  severity: 'warning',
  code: 'informational',
  text: vi,
  textEn: en,
  expression: place,
});
