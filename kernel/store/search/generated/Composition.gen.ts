// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitString, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Composition');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ATTESTER = site('attester');
const AUTHOR = site('author');
const CATEGORY = site('category');
const CONFIDENTIALITY = site('confidentiality');
const CONTEXT = site('context');
const PERIOD = site('period');
const DATE = site('date');
const ENCOUNTER = site('encounter');
const ENTRY = site('entry');
const SECTION = site('section');
const IDENTIFIER = site('identifier');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const RELATED_ID = site('related-id');
const RELATED_REF = site('related-ref');
const STATUS = site('status');
const TITLE = site('title');
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
  for (const attester of itemsOf(resource.attester)) if (attester != null) {
    const party = attester.party;
    if (party != null) { sink.mark(16, 0); emitReference(ATTESTER, party, sink); }
  }
  for (const author of itemsOf(resource.author)) if (author != null) { sink.mark(32, 0); emitReference(AUTHOR, author, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(64, 0); emitConcept(CATEGORY, category, sink); }
  const confidentiality = resource.confidentiality;
  if (confidentiality != null) { sink.mark(128, 0); emitCode(CONFIDENTIALITY, confidentiality, sink); }
  for (const event of itemsOf(resource.event)) if (event != null) {
    for (const code of itemsOf(event.code)) if (code != null) { sink.mark(256, 0); emitConcept(CONTEXT, code, sink); }
    const period = event.period;
    if (period != null) { sink.mark(16384, 0); emitDate(PERIOD, period, sink, 'Period'); }
  }
  const date = resource.date;
  if (date != null) { sink.mark(512, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(1024, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const section of itemsOf(resource.section)) if (section != null) {
    for (const entry of itemsOf(section.entry)) if (entry != null) { sink.mark(2048, 0); emitReference(ENTRY, entry, sink); }
    const code = section.code;
    if (code != null) { sink.mark(131072, 0); emitConcept(SECTION, code, sink); }
  }
  const identifier = resource.identifier;
  if (identifier != null) { sink.mark(4096, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(8192, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(524288, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const relatesTo of itemsOf(resource.relatesTo)) if (relatesTo != null) {
    const targetIdentifier = relatesTo.targetIdentifier;
    if (targetIdentifier != null) { sink.mark(32768, 0); emitIdentifier(RELATED_ID, targetIdentifier, sink); }
    const targetReference = relatesTo.targetReference;
    if (targetReference != null) { sink.mark(65536, 0); emitReference(RELATED_REF, targetReference, sink); }
  }
  const status = resource.status;
  if (status != null) { sink.mark(262144, 0); emitCode(STATUS, status, sink); }
  const title = resource.title;
  if (title != null) { sink.mark(1048576, 0); emitString(TITLE, title, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(2097152, 0); emitConcept(TYPE, type_, sink, true); }
}
