// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Media');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const BASED_ON = site('based-on');
const CREATED = site('created');
const DEVICE = site('device');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const MODALITY = site('modality');
const OPERATOR = site('operator');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const SITE = site('site');
const STATUS = site('status');
const TYPE = site('type');
const VIEW = site('view');

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
  const createdDateTime = resource.createdDateTime;
  if (createdDateTime != null) { sink.mark(32, 0); emitMainDate(CREATED, createdDateTime, sink, 'dateTime'); }
  const createdPeriod = resource.createdPeriod;
  if (createdPeriod != null) { sink.mark(32, 0); emitMainDate(CREATED, createdPeriod, sink, 'Period'); }
  const device = resource.device;
  if (device != null) { sink.mark(64, 0); emitReference(DEVICE, device, sink); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(128, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(256, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const modality = resource.modality;
  if (modality != null) { sink.mark(512, 0); emitConcept(MODALITY, modality, sink); }
  const operator = resource.operator;
  if (operator != null) { sink.mark(1024, 0); emitReference(OPERATOR, operator, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(2048, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(16384, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const bodySite = resource.bodySite;
  if (bodySite != null) { sink.mark(4096, 0); emitConcept(SITE, bodySite, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(8192, 0); emitCode(STATUS, status, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(32768, 0); emitConcept(TYPE, type_, sink, true); }
  const view = resource.view;
  if (view != null) { sink.mark(65536, 0); emitConcept(VIEW, view, sink); }
}
