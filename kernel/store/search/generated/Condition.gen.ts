// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitQuantity, emitReference, emitString, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Condition');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ABATEMENT_AGE = site('abatement-age');
const ABATEMENT_DATE = site('abatement-date');
const ABATEMENT_STRING = site('abatement-string');
const ASSERTER = site('asserter');
const BODY_SITE = site('body-site');
const CATEGORY = site('category');
const CLINICAL_STATUS = site('clinical-status');
const CODE = site('code');
const ENCOUNTER = site('encounter');
const EVIDENCE = site('evidence');
const EVIDENCE_DETAIL = site('evidence-detail');
const IDENTIFIER = site('identifier');
const ONSET_AGE = site('onset-age');
const ONSET_DATE = site('onset-date');
const ONSET_INFO = site('onset-info');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const RECORDED_DATE = site('recorded-date');
const SEVERITY = site('severity');
const STAGE = site('stage');
const VERIFICATION_STATUS = site('verification-status');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const abatementAge = resource.abatementAge;
  if (abatementAge != null) { sink.mark(16, 0); emitQuantity(ABATEMENT_AGE, abatementAge, sink, 'Age'); }
  const abatementRange = resource.abatementRange;
  if (abatementRange != null) { sink.mark(16, 0); emitQuantity(ABATEMENT_AGE, abatementRange, sink, 'Range'); }
  const abatementDateTime = resource.abatementDateTime;
  if (abatementDateTime != null) { sink.mark(32, 0); emitDate(ABATEMENT_DATE, abatementDateTime, sink, 'dateTime'); }
  const abatementPeriod = resource.abatementPeriod;
  if (abatementPeriod != null) { sink.mark(32, 0); emitDate(ABATEMENT_DATE, abatementPeriod, sink, 'Period'); }
  const abatementString = resource.abatementString;
  if (abatementString != null) { sink.mark(64, 0); emitString(ABATEMENT_STRING, abatementString, sink); }
  const asserter = resource.asserter;
  if (asserter != null) { sink.mark(128, 0); emitReference(ASSERTER, asserter, sink); }
  for (const bodySite of itemsOf(resource.bodySite)) if (bodySite != null) { sink.mark(256, 0); emitConcept(BODY_SITE, bodySite, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(512, 0); emitConcept(CATEGORY, category, sink); }
  const clinicalStatus = resource.clinicalStatus;
  if (clinicalStatus != null) { sink.mark(1024, 0); emitConcept(CLINICAL_STATUS, clinicalStatus, sink); }
  const code = resource.code;
  if (code != null) { sink.mark(2048, 0); emitConcept(CODE, code, sink, true); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(4096, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const evidence of itemsOf(resource.evidence)) if (evidence != null) {
    for (const code of itemsOf(evidence.code)) if (code != null) { sink.mark(8192, 0); emitConcept(EVIDENCE, code, sink); }
    for (const detail of itemsOf(evidence.detail)) if (detail != null) { sink.mark(16384, 0); emitReference(EVIDENCE_DETAIL, detail, sink); }
  }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32768, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const onsetAge = resource.onsetAge;
  if (onsetAge != null) { sink.mark(65536, 0); emitQuantity(ONSET_AGE, onsetAge, sink, 'Age'); }
  const onsetRange = resource.onsetRange;
  if (onsetRange != null) { sink.mark(65536, 0); emitQuantity(ONSET_AGE, onsetRange, sink, 'Range'); }
  const onsetDateTime = resource.onsetDateTime;
  if (onsetDateTime != null) { sink.mark(131072, 0); emitDate(ONSET_DATE, onsetDateTime, sink, 'dateTime'); }
  const onsetPeriod = resource.onsetPeriod;
  if (onsetPeriod != null) { sink.mark(131072, 0); emitDate(ONSET_DATE, onsetPeriod, sink, 'Period'); }
  const onsetString = resource.onsetString;
  if (onsetString != null) { sink.mark(262144, 0); emitString(ONSET_INFO, onsetString, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(524288, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(8388608, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const recordedDate = resource.recordedDate;
  if (recordedDate != null) { sink.mark(1048576, 0); emitMainDate(RECORDED_DATE, recordedDate, sink, 'dateTime'); }
  const severity = resource.severity;
  if (severity != null) { sink.mark(2097152, 0); emitConcept(SEVERITY, severity, sink); }
  for (const stage of itemsOf(resource.stage)) if (stage != null) {
    const summary = stage.summary;
    if (summary != null) { sink.mark(4194304, 0); emitConcept(STAGE, summary, sink); }
  }
  const verificationStatus = resource.verificationStatus;
  if (verificationStatus != null) { sink.mark(16777216, 0); emitConcept(VERIFICATION_STATUS, verificationStatus, sink); }
}
