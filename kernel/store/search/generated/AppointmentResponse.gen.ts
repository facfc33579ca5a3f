// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitIdentifier, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('AppointmentResponse');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTOR = site('actor');
const LOCATION = site('location');
const PATIENT = site('patient');
const PRACTITIONER = site('practitioner');
const APPOINTMENT = site('appointment');
const IDENTIFIER = site('identifier');
const PART_STATUS = site('part-status');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const actor = resource.actor;
  if (actor != null) {
    sink.mark(16, 0);
    emitReference(ACTOR, actor, sink, true);
    if (targetTypeOf(actor) === 'Location') { sink.mark(128, 0); emitReference(LOCATION, actor, sink); }
    if (targetTypeOf(actor) === 'Patient') { sink.mark(512, 0); emitReference(PATIENT, actor, sink, true); }
    if (targetTypeOf(actor) === 'Practitioner') { sink.mark(1024, 0); emitReference(PRACTITIONER, actor, sink); }
  }
  const appointment = resource.appointment;
  if (appointment != null) { sink.mark(32, 0); emitReference(APPOINTMENT, appointment, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(64, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const participantStatus = resource.participantStatus;
  if (participantStatus != null) { sink.mark(256, 0); emitCode(PART_STATUS, participantStatus, sink); }
}
