// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitMainDate, emitOrderedIdentifier, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Slot');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const APPOINTMENT_TYPE = site('appointment-type');
const IDENTIFIER = site('identifier');
const SCHEDULE = site('schedule');
const SERVICE_CATEGORY = site('service-category');
const SERVICE_TYPE = site('service-type');
const SPECIALTY = site('specialty');
const START = site('start');
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
  const appointmentType = resource.appointmentType;
  if (appointmentType != null) { sink.mark(16, 0); emitConcept(APPOINTMENT_TYPE, appointmentType, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  const schedule = resource.schedule;
  if (schedule != null) { sink.mark(64, 0); emitReference(SCHEDULE, schedule, sink); }
  for (const serviceCategory of itemsOf(resource.serviceCategory)) if (serviceCategory != null) { sink.mark(128, 0); emitConcept(SERVICE_CATEGORY, serviceCategory, sink); }
  for (const serviceType of itemsOf(resource.serviceType)) if (serviceType != null) { sink.mark(256, 0); emitConcept(SERVICE_TYPE, serviceType, sink, true); }
  for (const specialty of itemsOf(resource.specialty)) if (specialty != null) { sink.mark(512, 0); emitConcept(SPECIALTY, specialty, sink); }
  const start = resource.start;
  if (start != null) { sink.mark(1024, 0); emitMainDate(START, start, sink, 'instant'); }
  const status = resource.status;
  if (status != null) { sink.mark(2048, 0); emitCode(STATUS, status, sink); }
}
