// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('MedicationDispense');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CODE = site('code');
const CONTEXT = site('context');
const DESTINATION = site('destination');
const IDENTIFIER = site('identifier');
const MEDICATION = site('medication');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERFORMER = site('performer');
const PRESCRIPTION = site('prescription');
const RECEIVER = site('receiver');
const RESPONSIBLEPARTY = site('responsibleparty');
const STATUS = site('status');
const TYPE = site('type');
const WHENHANDEDOVER = site('whenhandedover');
const WHENPREPARED = site('whenprepared');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const medicationCodeableConcept = resource.medicationCodeableConcept;
  if (medicationCodeableConcept != null) { sink.mark(16, 0); emitConcept(CODE, medicationCodeableConcept, sink, true); }
  const context = resource.context;
  if (context != null) { sink.mark(32, 0); emitReference(CONTEXT, context, sink); }
  const destination = resource.destination;
  if (destination != null) { sink.mark(64, 0); emitReference(DESTINATION, destination, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(128, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const medicationReference = resource.medicationReference;
  if (medicationReference != null) { sink.mark(256, 0); emitReference(MEDICATION, medicationReference, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(512, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(32768, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const performer of itemsOf(resource.performer)) if (performer != null) {
    const actor = performer.actor;
    if (actor != null) { sink.mark(1024, 0); emitReference(PERFORMER, actor, sink); }
  }
  for (const authorizingPrescription of itemsOf(resource.authorizingPrescription)) if (authorizingPrescription != null) { sink.mark(2048, 0); emitReference(PRESCRIPTION, authorizingPrescription, sink); }
  for (const receiver of itemsOf(resource.receiver)) if (receiver != null) { sink.mark(4096, 0); emitReference(RECEIVER, receiver, sink); }
  const substitution = resource.substitution;
  if (substitution != null) {
    for (const responsibleParty of itemsOf(substitution.responsibleParty)) if (responsibleParty != null) { sink.mark(8192, 0); emitReference(RESPONSIBLEPARTY, responsibleParty, sink); }
  }
  const status = resource.status;
  if (status != null) { sink.mark(16384, 0); emitCode(STATUS, status, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(65536, 0); emitConcept(TYPE, type_, sink); }
  const whenHandedOver = resource.whenHandedOver;
  if (whenHandedOver != null) { sink.mark(131072, 0); emitMainDate(WHENHANDEDOVER, whenHandedOver, sink, 'dateTime'); }
  const whenPrepared = resource.whenPrepared;
  if (whenPrepared != null) { sink.mark(262144, 0); emitDate(WHENPREPARED, whenPrepared, sink, 'dateTime'); }
}
