// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('CommunicationRequest');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHORED = site('authored');
const BASED_ON = site('based-on');
const CATEGORY = site('category');
const ENCOUNTER = site('encounter');
const GROUP_IDENTIFIER = site('group-identifier');
const IDENTIFIER = site('identifier');
const MEDIUM = site('medium');
const OCCURRENCE = site('occurrence');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PRIORITY = site('priority');
const RECIPIENT = site('recipient');
const REPLACES = site('replaces');
const REQUESTER = site('requester');
const SENDER = site('sender');
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
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(64, 0); emitConcept(CATEGORY, category, sink, true); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(128, 0); emitReference(ENCOUNTER, encounter, sink); }
  const groupIdentifier = resource.groupIdentifier;
  if (groupIdentifier != null) { sink.mark(256, 0); emitIdentifier(GROUP_IDENTIFIER, groupIdentifier, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(512, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const medium of itemsOf(resource.medium)) if (medium != null) { sink.mark(1024, 0); emitConcept(MEDIUM, medium, sink); }
  const occurrenceDateTime = resource.occurrenceDateTime;
  if (occurrenceDateTime != null) { sink.mark(2048, 0); emitDate(OCCURRENCE, occurrenceDateTime, sink, 'dateTime'); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(4096, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(524288, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const priority = resource.priority;
  if (priority != null) { sink.mark(8192, 0); emitCode(PRIORITY, priority, sink); }
  for (const recipient of itemsOf(resource.recipient)) if (recipient != null) { sink.mark(16384, 0); emitReference(RECIPIENT, recipient, sink); }
  for (const replaces of itemsOf(resource.replaces)) if (replaces != null) { sink.mark(32768, 0); emitReference(REPLACES, replaces, sink); }
  const requester = resource.requester;
  if (requester != null) { sink.mark(65536, 0); emitReference(REQUESTER, requester, sink); }
  const sender = resource.sender;
  if (sender != null) { sink.mark(131072, 0); emitReference(SENDER, sender, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(262144, 0); emitCode(STATUS, status, sink); }
}
