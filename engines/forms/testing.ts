/** Small forms for tests. */
import type { Extension, Questionnaire, QuestionnaireItem } from '../../kernel/fhir/types.ts';

export const NOW = new Date('2026-07-01T08:00:00+07:00');
export const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
export const CORE = 'http://hl7.org/fhir/StructureDefinition/';

export const form = (item: QuestionnaireItem[], more: Partial<Questionnaire> = {}): Questionnaire => ({
  resourceType: 'Questionnaire',
  status: 'active',
  url: 'http://example.org/q',
  version: '1',
  item,
  ...more,
});

/** An extension of SDC with FHIRPath. */
export const fhirPath = (name: string, expression: string): Extension => ({
  url: `${SDC}${name}`,
  valueExpression: { language: 'text/fhirpath', expression },
});

export const variable = (name: string, expression: string): Extension => ({
  url: `${CORE}variable`,
  valueExpression: { name, language: 'text/fhirpath', expression },
});

export const launch = (name: string, type: string): Extension => ({
  url: `${SDC}launchContext`,
  extension: [
    { url: 'name', valueCoding: { code: name } },
    { url: 'type', valueCode: type },
  ],
});
