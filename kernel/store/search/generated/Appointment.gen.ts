// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Appointment');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTOR = site('actor');
const LOCATION = site('location');
const PATIENT = site('patient');
const PRACTITIONER = site('practitioner');
const PART_STATUS = site('part-status');
const APPOINTMENT_TYPE = site('appointment-type');
const BASED_ON = site('based-on');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const REASON_CODE = site('reason-code');
const REASON_REFERENCE = site('reason-reference');
const SERVICE_CATEGORY = site('service-category');
const SERVICE_TYPE = site('service-type');
const SLOT = site('slot');
const SPECIALTY = site('specialty');
const STATUS = site('status');
const SUPPORTING_INFO = site('supporting-info');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const participant of itemsOf(resource.participant)) if (participant != null) {
    const actor = participant.actor;
    if (actor != null) {
      sink.mark(16, 0);
      emitReference(ACTOR, actor, sink);
      if (targetTypeOf(actor) === 'Location') { sink.mark(512, 0); emitReference(LOCATION, actor, sink); }
      if (targetTypeOf(actor) === 'Patient') { sink.mark(2048, 0); emitReference(PATIENT, actor, sink); }
      if (targetTypeOf(actor) === 'Practitioner') { sink.mark(4096, 0); emitReference(PRACTITIONER, actor, sink); }
    }
    const status = participant.status;
    if (status != null) { sink.mark(1024, 0); emitCode(PART_STATUS, status, sink); }
  }
  const appointmentType = resource.appointmentType;
  if (appointmentType != null) { sink.mark(32, 0); emitConcept(APPOINTMENT_TYPE, appointmentType, sink); }
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(64, 0); emitReference(BASED_ON, basedOn, sink); }
  const start = resource.start;
  if (start != null) { sink.mark(128, 0); emitMainDate(DATE, start, sink, 'instant'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(256, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const reasonCode of itemsOf(resource.reasonCode)) if (reasonCode != null) { sink.mark(8192, 0); emitConcept(REASON_CODE, reasonCode, sink); }
  for (const reasonReference of itemsOf(resource.reasonReference)) if (reasonReference != null) { sink.mark(16384, 0); emitReference(REASON_REFERENCE, reasonReference, sink); }
  for (const serviceCategory of itemsOf(resource.serviceCategory)) if (serviceCategory != null) { sink.mark(32768, 0); emitConcept(SERVICE_CATEGORY, serviceCategory, sink); }
  for (const serviceType of itemsOf(resource.serviceType)) if (serviceType != null) { sink.mark(65536, 0); emitConcept(SERVICE_TYPE, serviceType, sink, true); }
  for (const slot of itemsOf(resource.slot)) if (slot != null) { sink.mark(131072, 0); emitReference(SLOT, slot, sink); }
  for (const specialty of itemsOf(resource.specialty)) if (specialty != null) { sink.mark(262144, 0); emitConcept(SPECIALTY, specialty, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(524288, 0); emitCode(STATUS, status, sink); }
  for (const supportingInformation of itemsOf(resource.supportingInformation)) if (supportingInformation != null) { sink.mark(1048576, 0); emitReference(SUPPORTING_INFO, supportingInformation, sink); }
}
