// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Specimen');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACCESSION = site('accession');
const BODYSITE = site('bodysite');
const COLLECTED = site('collected');
const COLLECTOR = site('collector');
const CONTAINER = site('container');
const CONTAINER_ID = site('container-id');
const IDENTIFIER = site('identifier');
const PARENT = site('parent');
const PATIENT = site('patient');
const SUBJECT = site('subject');
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
  const accessionIdentifier = resource.accessionIdentifier;
  if (accessionIdentifier != null) { sink.mark(16, 0); emitIdentifier(ACCESSION, accessionIdentifier, sink); }
  const collection = resource.collection;
  if (collection != null) {
    const bodySite = collection.bodySite;
    if (bodySite != null) { sink.mark(32, 0); emitConcept(BODYSITE, bodySite, sink); }
    const collectedDateTime = collection.collectedDateTime;
    if (collectedDateTime != null) { sink.mark(64, 0); emitMainDate(COLLECTED, collectedDateTime, sink, 'dateTime'); }
    const collectedPeriod = collection.collectedPeriod;
    if (collectedPeriod != null) { sink.mark(64, 0); emitMainDate(COLLECTED, collectedPeriod, sink, 'Period'); }
    const collector = collection.collector;
    if (collector != null) { sink.mark(128, 0); emitReference(COLLECTOR, collector, sink); }
  }
  for (const container of itemsOf(resource.container)) if (container != null) {
    const type_ = container.type;
    if (type_ != null) { sink.mark(256, 0); emitConcept(CONTAINER, type_, sink); }
    for (const identifier of itemsOf(container.identifier)) if (identifier != null) { sink.mark(512, 0); emitIdentifier(CONTAINER_ID, identifier, sink); }
  }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(1024, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const parent of itemsOf(resource.parent)) if (parent != null) { sink.mark(2048, 0); emitReference(PARENT, parent, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(4096, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(16384, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const status = resource.status;
  if (status != null) { sink.mark(8192, 0); emitCode(STATUS, status, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(32768, 0); emitConcept(TYPE, type_, sink, true); }
}
