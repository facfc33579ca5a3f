// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('AdverseEvent');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTUALITY = site('actuality');
const CATEGORY = site('category');
const DATE = site('date');
const EVENT = site('event');
const LOCATION = site('location');
const RECORDER = site('recorder');
const RESULTINGCONDITION = site('resultingcondition');
const SERIOUSNESS = site('seriousness');
const SEVERITY = site('severity');
const STUDY = site('study');
const SUBJECT = site('subject');
const SUBSTANCE = site('substance');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const actuality = resource.actuality;
  if (actuality != null) { sink.mark(16, 0); emitCode(ACTUALITY, actuality, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(32, 0); emitConcept(CATEGORY, category, sink, true); }
  const date = resource.date;
  if (date != null) { sink.mark(64, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  const event = resource.event;
  if (event != null) { sink.mark(128, 0); emitConcept(EVENT, event, sink); }
  const location = resource.location;
  if (location != null) { sink.mark(256, 0); emitReference(LOCATION, location, sink); }
  const recorder = resource.recorder;
  if (recorder != null) { sink.mark(512, 0); emitReference(RECORDER, recorder, sink); }
  for (const resultingCondition of itemsOf(resource.resultingCondition)) if (resultingCondition != null) { sink.mark(1024, 0); emitReference(RESULTINGCONDITION, resultingCondition, sink); }
  const seriousness = resource.seriousness;
  if (seriousness != null) { sink.mark(2048, 0); emitConcept(SERIOUSNESS, seriousness, sink); }
  const severity = resource.severity;
  if (severity != null) { sink.mark(4096, 0); emitConcept(SEVERITY, severity, sink); }
  for (const study of itemsOf(resource.study)) if (study != null) { sink.mark(8192, 0); emitReference(STUDY, study, sink); }
  const subject = resource.subject;
  if (subject != null) { sink.mark(16384, 0); emitReference(SUBJECT, subject, sink, true); }
  for (const suspectEntity of itemsOf(resource.suspectEntity)) if (suspectEntity != null) {
    const instance = suspectEntity.instance;
    if (instance != null) { sink.mark(32768, 0); emitReference(SUBSTANCE, instance, sink); }
  }
}
