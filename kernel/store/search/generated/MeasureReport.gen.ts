// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('MeasureReport');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const DATE = site('date');
const EVALUATED_RESOURCE = site('evaluated-resource');
const IDENTIFIER = site('identifier');
const MEASURE = site('measure');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERIOD = site('period');
const REPORTER = site('reporter');
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
  const date = resource.date;
  if (date != null) { sink.mark(16, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  for (const evaluatedResource of itemsOf(resource.evaluatedResource)) if (evaluatedResource != null) { sink.mark(32, 0); emitReference(EVALUATED_RESOURCE, evaluatedResource, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(64, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const measure = resource.measure;
  if (measure != null) { sink.mark(128, 0); emitUri(MEASURE, measure, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(256, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(4096, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const period = resource.period;
  if (period != null) { sink.mark(512, 0); emitDate(PERIOD, period, sink, 'Period'); }
  const reporter = resource.reporter;
  if (reporter != null) { sink.mark(1024, 0); emitReference(REPORTER, reporter, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(2048, 0); emitCode(STATUS, status, sink); }
}
