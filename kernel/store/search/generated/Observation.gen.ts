// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitPair, emitQuantity, emitReference, emitString, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Observation');
const CODE_VALUE_CONCEPT = site('code-value-concept');
const CODE_VALUE_DATE = site('code-value-date');
const CODE_VALUE_QUANTITY = site('code-value-quantity');
const CODE_VALUE_STRING = site('code-value-string');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const BASED_ON = site('based-on');
const CATEGORY = site('category');
const CODE = site('code');
const COMPONENT_CODE_VALUE_CONCEPT = site('component-code-value-concept');
const COMPONENT_CODE_VALUE_QUANTITY = site('component-code-value-quantity');
const COMPONENT_CODE = site('component-code');
const COMPONENT_DATA_ABSENT_REASON = site('component-data-absent-reason');
const COMPONENT_VALUE_CONCEPT = site('component-value-concept');
const COMPONENT_VALUE_QUANTITY = site('component-value-quantity');
const DATA_ABSENT_REASON = site('data-absent-reason');
const VALUE_CONCEPT = site('value-concept');
const VALUE_STRING = site('value-string');
const VALUE_QUANTITY = site('value-quantity');
const DATE = site('date');
const DERIVED_FROM = site('derived-from');
const DEVICE = site('device');
const ENCOUNTER = site('encounter');
const FOCUS = site('focus');
const HAS_MEMBER = site('has-member');
const IDENTIFIER = site('identifier');
const METHOD = site('method');
const PART_OF = site('part-of');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERFORMER = site('performer');
const SPECIMEN = site('specimen');
const STATUS = site('status');
const VALUE_DATE = site('value-date');

export function extract(resource: Json, sink: Sink): void {
  sink.mark(14208, 0); // combo-code-value-concept, combo-code-value-quantity
  if (resource.valueCodeableConcept != null) emitPair(CODE_VALUE_CONCEPT, 'CodeableConcept', resource.code, 'CodeableConcept', resource.valueCodeableConcept, sink);
  if (resource.valueDateTime != null) emitPair(CODE_VALUE_DATE, 'CodeableConcept', resource.code, 'dateTime', resource.valueDateTime, sink);
  if (resource.valuePeriod != null) emitPair(CODE_VALUE_DATE, 'CodeableConcept', resource.code, 'Period', resource.valuePeriod, sink);
  if (resource.valueQuantity != null) emitPair(CODE_VALUE_QUANTITY, 'CodeableConcept', resource.code, 'Quantity', resource.valueQuantity, sink);
  if (resource.valueString != null) emitPair(CODE_VALUE_STRING, 'CodeableConcept', resource.code, 'string', resource.valueString, sink);
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(16, 0); emitReference(BASED_ON, basedOn, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(32, 0); emitConcept(CATEGORY, category, sink); }
  const code = resource.code;
  if (code != null) {
    sink.mark(2112, 0); // combo-code
    emitConcept(CODE, code, sink, true);
  }
  for (const component of itemsOf(resource.component)) if (component != null) {
    sink.mark(798720, 0); // combo-code-value-concept, combo-code-value-quantity
    if (component.valueCodeableConcept != null) emitPair(COMPONENT_CODE_VALUE_CONCEPT, 'CodeableConcept', component.code, 'CodeableConcept', component.valueCodeableConcept, sink);
    if (component.valueQuantity != null) emitPair(COMPONENT_CODE_VALUE_QUANTITY, 'CodeableConcept', component.code, 'Quantity', component.valueQuantity, sink);
    const code = component.code;
    if (code != null) {
      sink.mark(133120, 0); // combo-code
      emitConcept(COMPONENT_CODE, code, sink);
    }
    const dataAbsentReason = component.dataAbsentReason;
    if (dataAbsentReason != null) {
      sink.mark(1064960, 0); // combo-data-absent-reason
      emitConcept(COMPONENT_DATA_ABSENT_REASON, dataAbsentReason, sink);
    }
    const valueCodeableConcept = component.valueCodeableConcept;
    if (valueCodeableConcept != null) {
      sink.mark(2129920, 0); // combo-value-concept
      emitConcept(COMPONENT_VALUE_CONCEPT, valueCodeableConcept, sink);
    }
    const valueQuantity = component.valueQuantity;
    if (valueQuantity != null) {
      sink.mark(4259840, 0); // combo-value-quantity
      emitQuantity(COMPONENT_VALUE_QUANTITY, valueQuantity, sink, 'Quantity');
    }
    const valueSampledData = component.valueSampledData;
    if (valueSampledData != null) {
      sink.mark(4259840, 0); // combo-value-quantity
      emitQuantity(COMPONENT_VALUE_QUANTITY, valueSampledData, sink, 'SampledData');
    }
  }
  const dataAbsentReason = resource.dataAbsentReason;
  if (dataAbsentReason != null) {
    sink.mark(8404992, 0); // combo-data-absent-reason
    emitConcept(DATA_ABSENT_REASON, dataAbsentReason, sink);
  }
  const valueCodeableConcept = resource.valueCodeableConcept;
  if (valueCodeableConcept != null) {
    sink.mark(32768, 128); // combo-value-concept
    emitConcept(VALUE_CONCEPT, valueCodeableConcept, sink);
    const text = valueCodeableConcept.text;
    if (text != null) { sink.mark(0, 1024); emitString(VALUE_STRING, text, sink); }
  }
  const valueQuantity = resource.valueQuantity;
  if (valueQuantity != null) {
    sink.mark(65536, 512); // combo-value-quantity
    emitQuantity(VALUE_QUANTITY, valueQuantity, sink, 'Quantity');
  }
  const valueSampledData = resource.valueSampledData;
  if (valueSampledData != null) {
    sink.mark(65536, 512); // combo-value-quantity
    emitQuantity(VALUE_QUANTITY, valueSampledData, sink, 'SampledData');
  }
  const effectiveDateTime = resource.effectiveDateTime;
  if (effectiveDateTime != null) { sink.mark(16777216, 0); emitMainDate(DATE, effectiveDateTime, sink, 'dateTime'); }
  const effectivePeriod = resource.effectivePeriod;
  if (effectivePeriod != null) { sink.mark(16777216, 0); emitMainDate(DATE, effectivePeriod, sink, 'Period'); }
  const effectiveTiming = resource.effectiveTiming;
  if (effectiveTiming != null) { sink.mark(16777216, 0); emitMainDate(DATE, effectiveTiming, sink, 'Timing'); }
  const effectiveInstant = resource.effectiveInstant;
  if (effectiveInstant != null) { sink.mark(16777216, 0); emitMainDate(DATE, effectiveInstant, sink, 'instant'); }
  for (const derivedFrom of itemsOf(resource.derivedFrom)) if (derivedFrom != null) { sink.mark(33554432, 0); emitReference(DERIVED_FROM, derivedFrom, sink); }
  const device = resource.device;
  if (device != null) { sink.mark(67108864, 0); emitReference(DEVICE, device, sink); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(134217728, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const focus of itemsOf(resource.focus)) if (focus != null) { sink.mark(268435456, 0); emitReference(FOCUS, focus, sink); }
  for (const hasMember of itemsOf(resource.hasMember)) if (hasMember != null) { sink.mark(536870912, 0); emitReference(HAS_MEMBER, hasMember, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(1073741824, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const method = resource.method;
  if (method != null) { sink.mark(0, 1); emitConcept(METHOD, method, sink); }
  for (const partOf of itemsOf(resource.partOf)) if (partOf != null) { sink.mark(0, 2); emitReference(PART_OF, partOf, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(0, 4); emitReference(PATIENT, subject, sink, true); }
    sink.mark(0, 64);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const performer of itemsOf(resource.performer)) if (performer != null) { sink.mark(0, 8); emitReference(PERFORMER, performer, sink); }
  const specimen = resource.specimen;
  if (specimen != null) { sink.mark(0, 16); emitReference(SPECIMEN, specimen, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(0, 32); emitCode(STATUS, status, sink); }
  const valueDateTime = resource.valueDateTime;
  if (valueDateTime != null) { sink.mark(0, 256); emitDate(VALUE_DATE, valueDateTime, sink, 'dateTime'); }
  const valuePeriod = resource.valuePeriod;
  if (valuePeriod != null) { sink.mark(0, 256); emitDate(VALUE_DATE, valuePeriod, sink, 'Period'); }
  const valueString = resource.valueString;
  if (valueString != null) { sink.mark(0, 1024); emitString(VALUE_STRING, valueString, sink); }
}
