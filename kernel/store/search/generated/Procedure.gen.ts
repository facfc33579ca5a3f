// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Procedure');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const BASED_ON = site('based-on');
const CATEGORY = site('category');
const CODE = site('code');
const DATE = site('date');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const INSTANTIATES_CANONICAL = site('instantiates-canonical');
const INSTANTIATES_URI = site('instantiates-uri');
const LOCATION = site('location');
const PART_OF = site('part-of');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERFORMER = site('performer');
const REASON_CODE = site('reason-code');
const REASON_REFERENCE = site('reason-reference');
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
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(16, 0); emitReference(BASED_ON, basedOn, sink); }
  const category = resource.category;
  if (category != null) { sink.mark(32, 0); emitConcept(CATEGORY, category, sink); }
  const code = resource.code;
  if (code != null) { sink.mark(64, 0); emitConcept(CODE, code, sink, true); }
  const performedDateTime = resource.performedDateTime;
  if (performedDateTime != null) { sink.mark(128, 0); emitMainDate(DATE, performedDateTime, sink, 'dateTime'); }
  const performedPeriod = resource.performedPeriod;
  if (performedPeriod != null) { sink.mark(128, 0); emitMainDate(DATE, performedPeriod, sink, 'Period'); }
  const performedString = resource.performedString;
  if (performedString != null) { sink.mark(128, 0); emitMainDate(DATE, performedString, sink, 'string'); }
  const performedAge = resource.performedAge;
  if (performedAge != null) { sink.mark(128, 0); emitMainDate(DATE, performedAge, sink, 'Age'); }
  const performedRange = resource.performedRange;
  if (performedRange != null) { sink.mark(128, 0); emitMainDate(DATE, performedRange, sink, 'Range'); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(256, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(512, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const instantiatesCanonical of itemsOf(resource.instantiatesCanonical)) if (instantiatesCanonical != null) { sink.mark(1024, 0); emitUri(INSTANTIATES_CANONICAL, instantiatesCanonical, sink); }
  for (const instantiatesUri of itemsOf(resource.instantiatesUri)) if (instantiatesUri != null) { sink.mark(2048, 0); emitUri(INSTANTIATES_URI, instantiatesUri, sink); }
  const location = resource.location;
  if (location != null) { sink.mark(4096, 0); emitReference(LOCATION, location, sink); }
  for (const partOf of itemsOf(resource.partOf)) if (partOf != null) { sink.mark(8192, 0); emitReference(PART_OF, partOf, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(16384, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(524288, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const performer of itemsOf(resource.performer)) if (performer != null) {
    const actor = performer.actor;
    if (actor != null) { sink.mark(32768, 0); emitReference(PERFORMER, actor, sink); }
  }
  for (const reasonCode of itemsOf(resource.reasonCode)) if (reasonCode != null) { sink.mark(65536, 0); emitConcept(REASON_CODE, reasonCode, sink); }
  for (const reasonReference of itemsOf(resource.reasonReference)) if (reasonReference != null) { sink.mark(131072, 0); emitReference(REASON_REFERENCE, reasonReference, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(262144, 0); emitCode(STATUS, status, sink); }
}
