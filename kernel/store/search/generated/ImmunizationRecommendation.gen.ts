// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('ImmunizationRecommendation');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const INFORMATION = site('information');
const STATUS = site('status');
const SUPPORT = site('support');
const TARGET_DISEASE = site('target-disease');
const VACCINE_TYPE = site('vaccine-type');
const PATIENT = site('patient');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const date = resource.date;
  if (date != null) { sink.mark(16, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const recommendation of itemsOf(resource.recommendation)) if (recommendation != null) {
    for (const supportingPatientInformation of itemsOf(recommendation.supportingPatientInformation)) if (supportingPatientInformation != null) { sink.mark(64, 0); emitReference(INFORMATION, supportingPatientInformation, sink); }
    const forecastStatus = recommendation.forecastStatus;
    if (forecastStatus != null) { sink.mark(256, 0); emitConcept(STATUS, forecastStatus, sink); }
    for (const supportingImmunization of itemsOf(recommendation.supportingImmunization)) if (supportingImmunization != null) { sink.mark(512, 0); emitReference(SUPPORT, supportingImmunization, sink); }
    const targetDisease = recommendation.targetDisease;
    if (targetDisease != null) { sink.mark(1024, 0); emitConcept(TARGET_DISEASE, targetDisease, sink); }
    for (const vaccineCode of itemsOf(recommendation.vaccineCode)) if (vaccineCode != null) { sink.mark(2048, 0); emitConcept(VACCINE_TYPE, vaccineCode, sink); }
  }
  const patient = resource.patient;
  if (patient != null) { sink.mark(128, 0); emitReference(PATIENT, patient, sink, true); }
}
