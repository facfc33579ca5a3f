// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitString, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('List');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CODE = site('code');
const DATE = site('date');
const EMPTY_REASON = site('empty-reason');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const ITEM = site('item');
const NOTES = site('notes');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const SOURCE = site('source');
const STATUS = site('status');
const TITLE = site('title');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const code = resource.code;
  if (code != null) { sink.mark(16, 0); emitConcept(CODE, code, sink, true); }
  const date = resource.date;
  if (date != null) { sink.mark(32, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  const emptyReason = resource.emptyReason;
  if (emptyReason != null) { sink.mark(64, 0); emitConcept(EMPTY_REASON, emptyReason, sink); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(128, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(256, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const entry of itemsOf(resource.entry)) if (entry != null) {
    const item = entry.item;
    if (item != null) { sink.mark(512, 0); emitReference(ITEM, item, sink); }
  }
  for (const note of itemsOf(resource.note)) if (note != null) {
    const text = note.text;
    if (text != null) { sink.mark(1024, 0); emitString(NOTES, text, sink); }
  }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(2048, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(16384, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const source = resource.source;
  if (source != null) { sink.mark(4096, 0); emitReference(SOURCE, source, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(8192, 0); emitCode(STATUS, status, sink); }
  const title = resource.title;
  if (title != null) { sink.mark(32768, 0); emitString(TITLE, title, sink); }
}
