// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('ClinicalImpression');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ASSESSOR = site('assessor');
const DATE = site('date');
const ENCOUNTER = site('encounter');
const FINDING_CODE = site('finding-code');
const FINDING_REF = site('finding-ref');
const IDENTIFIER = site('identifier');
const INVESTIGATION = site('investigation');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PREVIOUS = site('previous');
const PROBLEM = site('problem');
const STATUS = site('status');
const SUPPORTING_INFO = site('supporting-info');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const assessor = resource.assessor;
  if (assessor != null) { sink.mark(16, 0); emitReference(ASSESSOR, assessor, sink); }
  const date = resource.date;
  if (date != null) { sink.mark(32, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(64, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const finding of itemsOf(resource.finding)) if (finding != null) {
    const itemCodeableConcept = finding.itemCodeableConcept;
    if (itemCodeableConcept != null) { sink.mark(128, 0); emitConcept(FINDING_CODE, itemCodeableConcept, sink); }
    const itemReference = finding.itemReference;
    if (itemReference != null) { sink.mark(256, 0); emitReference(FINDING_REF, itemReference, sink); }
  }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(512, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const investigation of itemsOf(resource.investigation)) if (investigation != null) {
    for (const item of itemsOf(investigation.item)) if (item != null) { sink.mark(1024, 0); emitReference(INVESTIGATION, item, sink); }
  }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(2048, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(32768, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const previous = resource.previous;
  if (previous != null) { sink.mark(4096, 0); emitReference(PREVIOUS, previous, sink); }
  for (const problem of itemsOf(resource.problem)) if (problem != null) { sink.mark(8192, 0); emitReference(PROBLEM, problem, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(16384, 0); emitCode(STATUS, status, sink); }
  for (const supportingInfo of itemsOf(resource.supportingInfo)) if (supportingInfo != null) { sink.mark(65536, 0); emitReference(SUPPORTING_INFO, supportingInfo, sink); }
}
