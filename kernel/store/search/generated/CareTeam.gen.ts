// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('CareTeam');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CATEGORY = site('category');
const DATE = site('date');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const PARTICIPANT = site('participant');
const PATIENT = site('patient');
const SUBJECT = site('subject');
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
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(16, 0); emitConcept(CATEGORY, category, sink, true); }
  const period = resource.period;
  if (period != null) { sink.mark(32, 0); emitMainDate(DATE, period, sink, 'Period'); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(64, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(128, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const participant of itemsOf(resource.participant)) if (participant != null) {
    const member = participant.member;
    if (member != null) { sink.mark(256, 0); emitReference(PARTICIPANT, member, sink); }
  }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(512, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(2048, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const status = resource.status;
  if (status != null) { sink.mark(1024, 0); emitCode(STATUS, status, sink); }
}
