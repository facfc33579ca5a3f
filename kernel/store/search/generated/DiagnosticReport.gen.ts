// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('DiagnosticReport');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const BASED_ON = site('based-on');
const CATEGORY = site('category');
const CODE = site('code');
const CONCLUSION = site('conclusion');
const DATE = site('date');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const ISSUED = site('issued');
const MEDIA = site('media');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERFORMER = site('performer');
const RESULT = site('result');
const RESULTS_INTERPRETER = site('results-interpreter');
const SPECIMEN = site('specimen');
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
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(16, 0); emitReference(BASED_ON, basedOn, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(32, 0); emitConcept(CATEGORY, category, sink); }
  const code = resource.code;
  if (code != null) { sink.mark(64, 0); emitConcept(CODE, code, sink, true); }
  for (const conclusionCode of itemsOf(resource.conclusionCode)) if (conclusionCode != null) { sink.mark(128, 0); emitConcept(CONCLUSION, conclusionCode, sink); }
  const effectiveDateTime = resource.effectiveDateTime;
  if (effectiveDateTime != null) { sink.mark(256, 0); emitMainDate(DATE, effectiveDateTime, sink, 'dateTime'); }
  const effectivePeriod = resource.effectivePeriod;
  if (effectivePeriod != null) { sink.mark(256, 0); emitMainDate(DATE, effectivePeriod, sink, 'Period'); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(512, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(1024, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const issued = resource.issued;
  if (issued != null) { sink.mark(2048, 0); emitDate(ISSUED, issued, sink, 'instant'); }
  for (const media of itemsOf(resource.media)) if (media != null) {
    const link = media.link;
    if (link != null) { sink.mark(4096, 0); emitReference(MEDIA, link, sink); }
  }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(8192, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(524288, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const performer of itemsOf(resource.performer)) if (performer != null) { sink.mark(16384, 0); emitReference(PERFORMER, performer, sink); }
  for (const result of itemsOf(resource.result)) if (result != null) { sink.mark(32768, 0); emitReference(RESULT, result, sink); }
  for (const resultsInterpreter of itemsOf(resource.resultsInterpreter)) if (resultsInterpreter != null) { sink.mark(65536, 0); emitReference(RESULTS_INTERPRETER, resultsInterpreter, sink); }
  for (const specimen of itemsOf(resource.specimen)) if (specimen != null) { sink.mark(131072, 0); emitReference(SPECIMEN, specimen, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(262144, 0); emitCode(STATUS, status, sink); }
}
