// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('QuestionnaireResponse');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHOR = site('author');
const AUTHORED = site('authored');
const BASED_ON = site('based-on');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const PART_OF = site('part-of');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const QUESTIONNAIRE = site('questionnaire');
const SOURCE = site('source');
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
  const authored = resource.authored;
  if (authored != null) { sink.mark(32, 0); emitMainDate(AUTHORED, authored, sink, 'dateTime'); }
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(64, 0); emitReference(BASED_ON, basedOn, sink); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(128, 0); emitReference(ENCOUNTER, encounter, sink); }
  const identifier = resource.identifier;
  if (identifier != null) { sink.mark(256, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const partOf of itemsOf(resource.partOf)) if (partOf != null) { sink.mark(512, 0); emitReference(PART_OF, partOf, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(1024, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(16384, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const questionnaire = resource.questionnaire;
  if (questionnaire != null) { sink.mark(2048, 0); emitUri(QUESTIONNAIRE, questionnaire, sink); }
  const source = resource.source;
  if (source != null) { sink.mark(4096, 0); emitReference(SOURCE, source, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(8192, 0); emitCode(STATUS, status, sink); }
}
