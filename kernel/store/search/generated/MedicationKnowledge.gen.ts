// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitReference, emitToken, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('MedicationKnowledge');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CLASSIFICATION = site('classification');
const CLASSIFICATION_TYPE = site('classification-type');
const CODE = site('code');
const DOSEFORM = site('doseform');
const INGREDIENT = site('ingredient');
const INGREDIENT_CODE = site('ingredient-code');
const MANUFACTURER = site('manufacturer');
const MONITORING_PROGRAM_NAME = site('monitoring-program-name');
const MONITORING_PROGRAM_TYPE = site('monitoring-program-type');
const MONOGRAPH = site('monograph');
const MONOGRAPH_TYPE = site('monograph-type');
const SOURCE_COST = site('source-cost');
const STATUS = site('status');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const medicineClassification of itemsOf(resource.medicineClassification)) if (medicineClassification != null) {
    for (const classification of itemsOf(medicineClassification.classification)) if (classification != null) { sink.mark(16, 0); emitConcept(CLASSIFICATION, classification, sink); }
    const type_ = medicineClassification.type;
    if (type_ != null) { sink.mark(32, 0); emitConcept(CLASSIFICATION_TYPE, type_, sink); }
  }
  const code = resource.code;
  if (code != null) { sink.mark(64, 0); emitConcept(CODE, code, sink, true); }
  const doseForm = resource.doseForm;
  if (doseForm != null) { sink.mark(128, 0); emitConcept(DOSEFORM, doseForm, sink); }
  for (const ingredient of itemsOf(resource.ingredient)) if (ingredient != null) {
    const itemReference = ingredient.itemReference;
    if (itemReference != null) { sink.mark(256, 0); emitReference(INGREDIENT, itemReference, sink); }
    const itemCodeableConcept = ingredient.itemCodeableConcept;
    if (itemCodeableConcept != null) { sink.mark(512, 0); emitConcept(INGREDIENT_CODE, itemCodeableConcept, sink); }
  }
  const manufacturer = resource.manufacturer;
  if (manufacturer != null) { sink.mark(1024, 0); emitReference(MANUFACTURER, manufacturer, sink); }
  for (const monitoringProgram of itemsOf(resource.monitoringProgram)) if (monitoringProgram != null) {
    const name = monitoringProgram.name;
    if (name != null) { sink.mark(2048, 0); emitToken(MONITORING_PROGRAM_NAME, name, sink); }
    const type_ = monitoringProgram.type;
    if (type_ != null) { sink.mark(4096, 0); emitConcept(MONITORING_PROGRAM_TYPE, type_, sink); }
  }
  for (const monograph of itemsOf(resource.monograph)) if (monograph != null) {
    const source = monograph.source;
    if (source != null) { sink.mark(8192, 0); emitReference(MONOGRAPH, source, sink); }
    const type_ = monograph.type;
    if (type_ != null) { sink.mark(16384, 0); emitConcept(MONOGRAPH_TYPE, type_, sink); }
  }
  for (const cost of itemsOf(resource.cost)) if (cost != null) {
    const source = cost.source;
    if (source != null) { sink.mark(32768, 0); emitToken(SOURCE_COST, source, sink); }
  }
  const status = resource.status;
  if (status != null) { sink.mark(65536, 0); emitCode(STATUS, status, sink); }
}
