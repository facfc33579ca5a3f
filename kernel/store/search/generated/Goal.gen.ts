// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Goal');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACHIEVEMENT_STATUS = site('achievement-status');
const CATEGORY = site('category');
const IDENTIFIER = site('identifier');
const LIFECYCLE_STATUS = site('lifecycle-status');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const START_DATE = site('start-date');
const TARGET_DATE = site('target-date');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const achievementStatus = resource.achievementStatus;
  if (achievementStatus != null) { sink.mark(16, 0); emitConcept(ACHIEVEMENT_STATUS, achievementStatus, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(32, 0); emitConcept(CATEGORY, category, sink, true); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(64, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const lifecycleStatus = resource.lifecycleStatus;
  if (lifecycleStatus != null) { sink.mark(128, 0); emitCode(LIFECYCLE_STATUS, lifecycleStatus, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(256, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(1024, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const startDate = resource.startDate;
  if (startDate != null) { sink.mark(512, 0); emitMainDate(START_DATE, startDate, sink, 'date'); }
  for (const target of itemsOf(resource.target)) if (target != null) {
    const dueDate = target.dueDate;
    if (dueDate != null) { sink.mark(2048, 0); emitDate(TARGET_DATE, dueDate, sink, 'date'); }
  }
}
