// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitString, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('DocumentManifest');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHOR = site('author');
const CREATED = site('created');
const DESCRIPTION = site('description');
const IDENTIFIER = site('identifier');
const ITEM = site('item');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const RECIPIENT = site('recipient');
const RELATED_ID = site('related-id');
const RELATED_REF = site('related-ref');
const SOURCE = site('source');
const STATUS = site('status');
const TYPE = site('type');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const author of itemsOf(resource.author)) if (author != null) { sink.mark(16, 0); emitReference(AUTHOR, author, sink); }
  const created = resource.created;
  if (created != null) { sink.mark(32, 0); emitMainDate(CREATED, created, sink, 'dateTime'); }
  const description = resource.description;
  if (description != null) { sink.mark(64, 0); emitString(DESCRIPTION, description, sink); }
  const masterIdentifier = resource.masterIdentifier;
  if (masterIdentifier != null) { sink.mark(128, 0); emitIdentifier(IDENTIFIER, masterIdentifier, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(128, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const content of itemsOf(resource.content)) if (content != null) { sink.mark(256, 0); emitReference(ITEM, content, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(512, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(32768, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const recipient of itemsOf(resource.recipient)) if (recipient != null) { sink.mark(1024, 0); emitReference(RECIPIENT, recipient, sink); }
  for (const related of itemsOf(resource.related)) if (related != null) {
    const identifier = related.identifier;
    if (identifier != null) { sink.mark(2048, 0); emitIdentifier(RELATED_ID, identifier, sink); }
    const ref = related.ref;
    if (ref != null) { sink.mark(4096, 0); emitReference(RELATED_REF, ref, sink); }
  }
  const source = resource.source;
  if (source != null) { sink.mark(8192, 0); emitUri(SOURCE, source, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(16384, 0); emitCode(STATUS, status, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(65536, 0); emitConcept(TYPE, type_, sink, true); }
}
