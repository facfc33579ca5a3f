// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitString, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Account');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const IDENTIFIER = site('identifier');
const NAME = site('name');
const OWNER = site('owner');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERIOD = site('period');
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
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(16, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const name = resource.name;
  if (name != null) { sink.mark(32, 0); emitString(NAME, name, sink); }
  const owner = resource.owner;
  if (owner != null) { sink.mark(64, 0); emitReference(OWNER, owner, sink); }
  for (const subject of itemsOf(resource.subject)) if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(128, 0); emitReference(PATIENT, subject, sink); }
    sink.mark(1024, 0);
    emitReference(SUBJECT, subject, sink);
  }
  const servicePeriod = resource.servicePeriod;
  if (servicePeriod != null) { sink.mark(256, 0); emitMainDate(PERIOD, servicePeriod, sink, 'Period'); }
  const status = resource.status;
  if (status != null) { sink.mark(512, 0); emitCode(STATUS, status, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(2048, 0); emitConcept(TYPE, type_, sink, true); }
}
