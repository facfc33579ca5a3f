// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('ResearchSubject');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const INDIVIDUAL = site('individual');
const PATIENT = site('patient');
const STATUS = site('status');
const STUDY = site('study');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const period = resource.period;
  if (period != null) { sink.mark(16, 0); emitMainDate(DATE, period, sink, 'Period'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const individual = resource.individual;
  if (individual != null) {
    sink.mark(192, 0);
    emitReference(INDIVIDUAL, individual, sink, true);
    emitReference(PATIENT, individual, sink, true);
  }
  const status = resource.status;
  if (status != null) { sink.mark(256, 0); emitCode(STATUS, status, sink); }
  const study = resource.study;
  if (study != null) { sink.mark(512, 0); emitReference(STUDY, study, sink); }
}
