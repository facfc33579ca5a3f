// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('MedicationStatement');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CATEGORY = site('category');
const CODE = site('code');
const CONTEXT = site('context');
const EFFECTIVE = site('effective');
const IDENTIFIER = site('identifier');
const MEDICATION = site('medication');
const PART_OF = site('part-of');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const SOURCE = site('source');
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
  const category = resource.category;
  if (category != null) { sink.mark(16, 0); emitConcept(CATEGORY, category, sink); }
  const medicationCodeableConcept = resource.medicationCodeableConcept;
  if (medicationCodeableConcept != null) { sink.mark(32, 0); emitConcept(CODE, medicationCodeableConcept, sink, true); }
  const context = resource.context;
  if (context != null) { sink.mark(64, 0); emitReference(CONTEXT, context, sink); }
  const effectiveDateTime = resource.effectiveDateTime;
  if (effectiveDateTime != null) { sink.mark(128, 0); emitMainDate(EFFECTIVE, effectiveDateTime, sink, 'dateTime'); }
  const effectivePeriod = resource.effectivePeriod;
  if (effectivePeriod != null) { sink.mark(128, 0); emitMainDate(EFFECTIVE, effectivePeriod, sink, 'Period'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(256, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const medicationReference = resource.medicationReference;
  if (medicationReference != null) { sink.mark(512, 0); emitReference(MEDICATION, medicationReference, sink); }
  for (const partOf of itemsOf(resource.partOf)) if (partOf != null) { sink.mark(1024, 0); emitReference(PART_OF, partOf, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(2048, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(16384, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const informationSource = resource.informationSource;
  if (informationSource != null) { sink.mark(4096, 0); emitReference(SOURCE, informationSource, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(8192, 0); emitCode(STATUS, status, sink); }
}
