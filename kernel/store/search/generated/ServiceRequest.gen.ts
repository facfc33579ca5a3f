// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('ServiceRequest');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHORED = site('authored');
const BASED_ON = site('based-on');
const BODY_SITE = site('body-site');
const CATEGORY = site('category');
const CODE = site('code');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const INSTANTIATES_CANONICAL = site('instantiates-canonical');
const INSTANTIATES_URI = site('instantiates-uri');
const INTENT = site('intent');
const OCCURRENCE = site('occurrence');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERFORMER = site('performer');
const PERFORMER_TYPE = site('performer-type');
const PRIORITY = site('priority');
const REPLACES = site('replaces');
const REQUESTER = site('requester');
const REQUISITION = site('requisition');
const SPECIMEN = site('specimen');
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
  const authoredOn = resource.authoredOn;
  if (authoredOn != null) { sink.mark(16, 0); emitMainDate(AUTHORED, authoredOn, sink, 'dateTime'); }
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(32, 0); emitReference(BASED_ON, basedOn, sink); }
  for (const bodySite of itemsOf(resource.bodySite)) if (bodySite != null) { sink.mark(64, 0); emitConcept(BODY_SITE, bodySite, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(128, 0); emitConcept(CATEGORY, category, sink); }
  const code = resource.code;
  if (code != null) { sink.mark(256, 0); emitConcept(CODE, code, sink, true); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(512, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(1024, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const instantiatesCanonical of itemsOf(resource.instantiatesCanonical)) if (instantiatesCanonical != null) { sink.mark(2048, 0); emitUri(INSTANTIATES_CANONICAL, instantiatesCanonical, sink); }
  for (const instantiatesUri of itemsOf(resource.instantiatesUri)) if (instantiatesUri != null) { sink.mark(4096, 0); emitUri(INSTANTIATES_URI, instantiatesUri, sink); }
  const intent = resource.intent;
  if (intent != null) { sink.mark(8192, 0); emitCode(INTENT, intent, sink); }
  const occurrenceDateTime = resource.occurrenceDateTime;
  if (occurrenceDateTime != null) { sink.mark(16384, 0); emitDate(OCCURRENCE, occurrenceDateTime, sink, 'dateTime'); }
  const occurrencePeriod = resource.occurrencePeriod;
  if (occurrencePeriod != null) { sink.mark(16384, 0); emitDate(OCCURRENCE, occurrencePeriod, sink, 'Period'); }
  const occurrenceTiming = resource.occurrenceTiming;
  if (occurrenceTiming != null) { sink.mark(16384, 0); emitDate(OCCURRENCE, occurrenceTiming, sink, 'Timing'); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(32768, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(16777216, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const performer of itemsOf(resource.performer)) if (performer != null) { sink.mark(65536, 0); emitReference(PERFORMER, performer, sink); }
  const performerType = resource.performerType;
  if (performerType != null) { sink.mark(131072, 0); emitConcept(PERFORMER_TYPE, performerType, sink); }
  const priority = resource.priority;
  if (priority != null) { sink.mark(262144, 0); emitCode(PRIORITY, priority, sink); }
  for (const replaces of itemsOf(resource.replaces)) if (replaces != null) { sink.mark(524288, 0); emitReference(REPLACES, replaces, sink); }
  const requester = resource.requester;
  if (requester != null) { sink.mark(1048576, 0); emitReference(REQUESTER, requester, sink); }
  const requisition = resource.requisition;
  if (requisition != null) { sink.mark(2097152, 0); emitIdentifier(REQUISITION, requisition, sink); }
  for (const specimen of itemsOf(resource.specimen)) if (specimen != null) { sink.mark(4194304, 0); emitReference(SPECIMEN, specimen, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(8388608, 0); emitCode(STATUS, status, sink); }
}
