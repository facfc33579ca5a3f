/** The operations of this room as their OperationDefinitions state them: what `/metadata` announces and what is read. */
import type { ResourceType } from '../types.ts';

export interface OperationParameter {
  name: string;
  type: 'date' | 'instant' | 'code' | 'integer' | 'string';
  /** `*`: repeats, and each may be a list with commas. */
  max: '1' | '*';
}

export interface Operation {
  /** Without the `$`. */
  name: string;
  /** Canonical URL of the OperationDefinition. */
  definition: string;
  type: ResourceType;
  parameters: readonly OperationParameter[];
}

const CHANGED: readonly OperationParameter[] = [
  { name: '_since', type: 'instant', max: '1' },
  { name: '_type', type: 'code', max: '*' },
  { name: '_count', type: 'integer', max: '1' },
];

/** R4 operation-patient-everything.html; on one person. Whole provinces are exported, not answered. */
export const PATIENT_EVERYTHING: Operation = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  type: 'Patient',
  parameters: [
    { name: 'start', type: 'date', max: '1' },
    { name: 'end', type: 'date', max: '1' },
    ...CHANGED,
  ],
};

/** R4 operation-encounter-everything.html; on one visit. */
export const ENCOUNTER_EVERYTHING: Operation = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Encounter-everything',
  type: 'Encounter',
  parameters: CHANGED,
};

/**
 * Erasure of a person. FHIR R4 has no such operation; name and form are those of R6's Patient $purge, with the reason that
 * the law wants written down.
 */
export const PATIENT_PURGE: Operation = {
  name: 'purge',
  definition: 'http://yba.vn/fhir/OperationDefinition/Patient-purge',
  type: 'Patient',
  parameters: [{ name: 'reason', type: 'string', max: '1' }],
};

/** R4 operation-observation-lastn.html; beside `max` it takes the search parameters of Observation. */
export const OBSERVATION_LASTN: Operation = {
  name: 'lastn',
  definition: 'http://hl7.org/fhir/OperationDefinition/Observation-lastn',
  type: 'Observation',
  parameters: [{ name: 'max', type: 'integer', max: '1' }],
};

/** R4 operation-composition-document.html; documents are made of what is kept here, `graph` is not taken. */
export const COMPOSITION_DOCUMENT: Operation = {
  name: 'document',
  definition: 'http://hl7.org/fhir/OperationDefinition/Composition-document',
  type: 'Composition',
  parameters: [
    { name: 'id', type: 'string', max: '1' },
    { name: 'persist', type: 'code', max: '1' },
  ],
};

/** Bulk Data Access 2.0, at three levels; its parameters are read in kernel/fhir/bulk. */
const exportAt = (type: ResourceType, definition: string): Operation => ({
  name: 'export',
  definition: `http://hl7.org/fhir/uv/bulkdata/OperationDefinition/${definition}`,
  type,
  parameters: [],
});

/** Operations on the whole record. */
export const SYSTEM_OPERATIONS = [
  { name: 'export', definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export' },
  // Bulk Data has no published definition of an import: the form is that of its proposal.
  { name: 'import', definition: 'http://yba.vn/fhir/OperationDefinition/import' },
];

const OPERATIONS = [
  PATIENT_EVERYTHING,
  ENCOUNTER_EVERYTHING,
  PATIENT_PURGE,
  OBSERVATION_LASTN,
  COMPOSITION_DOCUMENT,
  exportAt('Patient', 'patient-export'),
  exportAt('Group', 'group-export'),
];

/** Those that are answered on resources of a type. */
export function operationsOf(type: ResourceType): readonly Operation[] {
  return OPERATIONS.filter((operation) => operation.type === type);
}
