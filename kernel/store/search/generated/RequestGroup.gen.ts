// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('RequestGroup');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHOR = site('author');
const AUTHORED = site('authored');
const CODE = site('code');
const ENCOUNTER = site('encounter');
const GROUP_IDENTIFIER = site('group-identifier');
const IDENTIFIER = site('identifier');
const INSTANTIATES_CANONICAL = site('instantiates-canonical');
const INSTANTIATES_URI = site('instantiates-uri');
const INTENT = site('intent');
const PARTICIPANT = site('participant');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PRIORITY = site('priority');
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
  const author = resource.author;
  if (author != null) { sink.mark(16, 0); emitReference(AUTHOR, author, sink); }
  const authoredOn = resource.authoredOn;
  if (authoredOn != null) { sink.mark(32, 0); emitMainDate(AUTHORED, authoredOn, sink, 'dateTime'); }
  const code = resource.code;
  if (code != null) { sink.mark(64, 0); emitConcept(CODE, code, sink, true); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(128, 0); emitReference(ENCOUNTER, encounter, sink); }
  const groupIdentifier = resource.groupIdentifier;
  if (groupIdentifier != null) { sink.mark(256, 0); emitIdentifier(GROUP_IDENTIFIER, groupIdentifier, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(512, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const instantiatesCanonical of itemsOf(resource.instantiatesCanonical)) if (instantiatesCanonical != null) { sink.mark(1024, 0); emitUri(INSTANTIATES_CANONICAL, instantiatesCanonical, sink); }
  for (const instantiatesUri of itemsOf(resource.instantiatesUri)) if (instantiatesUri != null) { sink.mark(2048, 0); emitUri(INSTANTIATES_URI, instantiatesUri, sink); }
  const intent = resource.intent;
  if (intent != null) { sink.mark(4096, 0); emitCode(INTENT, intent, sink); }
  for (const action of itemsOf(resource.action)) if (action != null) {
    for (const participant of itemsOf(action.participant)) if (participant != null) { sink.mark(8192, 0); emitReference(PARTICIPANT, participant, sink); }
  }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(16384, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(131072, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const priority = resource.priority;
  if (priority != null) { sink.mark(32768, 0); emitCode(PRIORITY, priority, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(65536, 0); emitCode(STATUS, status, sink); }
}
