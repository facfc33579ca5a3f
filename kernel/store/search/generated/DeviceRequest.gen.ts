// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('DeviceRequest');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHORED_ON = site('authored-on');
const BASED_ON = site('based-on');
const CODE = site('code');
const DEVICE = site('device');
const ENCOUNTER = site('encounter');
const EVENT_DATE = site('event-date');
const GROUP_IDENTIFIER = site('group-identifier');
const IDENTIFIER = site('identifier');
const INSTANTIATES_CANONICAL = site('instantiates-canonical');
const INSTANTIATES_URI = site('instantiates-uri');
const INSURANCE = site('insurance');
const INTENT = site('intent');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERFORMER = site('performer');
const PRIOR_REQUEST = site('prior-request');
const REQUESTER = site('requester');
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
  if (authoredOn != null) { sink.mark(16, 0); emitMainDate(AUTHORED_ON, authoredOn, sink, 'dateTime'); }
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(32, 0); emitReference(BASED_ON, basedOn, sink); }
  const codeCodeableConcept = resource.codeCodeableConcept;
  if (codeCodeableConcept != null) { sink.mark(64, 0); emitConcept(CODE, codeCodeableConcept, sink, true); }
  const codeReference = resource.codeReference;
  if (codeReference != null) { sink.mark(128, 0); emitReference(DEVICE, codeReference, sink); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(256, 0); emitReference(ENCOUNTER, encounter, sink); }
  const occurrenceDateTime = resource.occurrenceDateTime;
  if (occurrenceDateTime != null) { sink.mark(512, 0); emitDate(EVENT_DATE, occurrenceDateTime, sink, 'dateTime'); }
  const occurrencePeriod = resource.occurrencePeriod;
  if (occurrencePeriod != null) { sink.mark(512, 0); emitDate(EVENT_DATE, occurrencePeriod, sink, 'Period'); }
  const groupIdentifier = resource.groupIdentifier;
  if (groupIdentifier != null) { sink.mark(1024, 0); emitIdentifier(GROUP_IDENTIFIER, groupIdentifier, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(2048, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const instantiatesCanonical of itemsOf(resource.instantiatesCanonical)) if (instantiatesCanonical != null) { sink.mark(4096, 0); emitUri(INSTANTIATES_CANONICAL, instantiatesCanonical, sink); }
  for (const instantiatesUri of itemsOf(resource.instantiatesUri)) if (instantiatesUri != null) { sink.mark(8192, 0); emitUri(INSTANTIATES_URI, instantiatesUri, sink); }
  for (const insurance of itemsOf(resource.insurance)) if (insurance != null) { sink.mark(16384, 0); emitReference(INSURANCE, insurance, sink); }
  const intent = resource.intent;
  if (intent != null) { sink.mark(32768, 0); emitCode(INTENT, intent, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(65536, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(2097152, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const performer = resource.performer;
  if (performer != null) { sink.mark(131072, 0); emitReference(PERFORMER, performer, sink); }
  for (const priorRequest of itemsOf(resource.priorRequest)) if (priorRequest != null) { sink.mark(262144, 0); emitReference(PRIOR_REQUEST, priorRequest, sink); }
  const requester = resource.requester;
  if (requester != null) { sink.mark(524288, 0); emitReference(REQUESTER, requester, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(1048576, 0); emitCode(STATUS, status, sink); }
}
