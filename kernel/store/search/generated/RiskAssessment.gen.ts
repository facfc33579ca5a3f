// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCoding, emitConcept, emitIdentifier, emitMainDate, emitNumber, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('RiskAssessment');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CONDITION = site('condition');
const DATE = site('date');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const METHOD = site('method');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERFORMER = site('performer');
const PROBABILITY = site('probability');
const RISK = site('risk');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const condition = resource.condition;
  if (condition != null) { sink.mark(16, 0); emitReference(CONDITION, condition, sink); }
  const occurrenceDateTime = resource.occurrenceDateTime;
  if (occurrenceDateTime != null) { sink.mark(32, 0); emitMainDate(DATE, occurrenceDateTime, sink, 'dateTime'); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(64, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(128, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const method = resource.method;
  if (method != null) { sink.mark(256, 0); emitConcept(METHOD, method, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(512, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(8192, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const performer = resource.performer;
  if (performer != null) { sink.mark(1024, 0); emitReference(PERFORMER, performer, sink); }
  for (const prediction of itemsOf(resource.prediction)) if (prediction != null) {
    const probabilityDecimal = prediction.probabilityDecimal;
    if (probabilityDecimal != null) { sink.mark(2048, 0); emitNumber(PROBABILITY, probabilityDecimal, sink, 'decimal'); }
    const probabilityRange = prediction.probabilityRange;
    if (probabilityRange != null) { sink.mark(2048, 0); emitNumber(PROBABILITY, probabilityRange, sink, 'Range'); }
    const qualitativeRisk = prediction.qualitativeRisk;
    if (qualitativeRisk != null) { sink.mark(4096, 0); emitConcept(RISK, qualitativeRisk, sink); }
  }
}
