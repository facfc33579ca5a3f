// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('FamilyMemberHistory');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CODE = site('code');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const INSTANTIATES_CANONICAL = site('instantiates-canonical');
const INSTANTIATES_URI = site('instantiates-uri');
const PATIENT = site('patient');
const RELATIONSHIP = site('relationship');
const SEX = site('sex');
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
  for (const condition of itemsOf(resource.condition)) if (condition != null) {
    const code = condition.code;
    if (code != null) { sink.mark(16, 0); emitConcept(CODE, code, sink, true); }
  }
  const date = resource.date;
  if (date != null) { sink.mark(32, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(64, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const instantiatesCanonical of itemsOf(resource.instantiatesCanonical)) if (instantiatesCanonical != null) { sink.mark(128, 0); emitUri(INSTANTIATES_CANONICAL, instantiatesCanonical, sink); }
  for (const instantiatesUri of itemsOf(resource.instantiatesUri)) if (instantiatesUri != null) { sink.mark(256, 0); emitUri(INSTANTIATES_URI, instantiatesUri, sink); }
  const patient = resource.patient;
  if (patient != null) { sink.mark(512, 0); emitReference(PATIENT, patient, sink, true); }
  const relationship = resource.relationship;
  if (relationship != null) { sink.mark(1024, 0); emitConcept(RELATIONSHIP, relationship, sink); }
  const sex = resource.sex;
  if (sex != null) { sink.mark(2048, 0); emitConcept(SEX, sex, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(4096, 0); emitCode(STATUS, status, sink); }
}
