// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('MedicationRequest');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHOREDON = site('authoredon');
const CATEGORY = site('category');
const CODE = site('code');
const DATE = site('date');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const INTENDED_DISPENSER = site('intended-dispenser');
const INTENDED_PERFORMER = site('intended-performer');
const INTENDED_PERFORMERTYPE = site('intended-performertype');
const INTENT = site('intent');
const MEDICATION = site('medication');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PRIORITY = site('priority');
const REQUESTER = site('requester');
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
  const authoredOn = resource.authoredOn;
  if (authoredOn != null) { sink.mark(16, 0); emitMainDate(AUTHOREDON, authoredOn, sink, 'dateTime'); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(32, 0); emitConcept(CATEGORY, category, sink); }
  const medicationCodeableConcept = resource.medicationCodeableConcept;
  if (medicationCodeableConcept != null) { sink.mark(64, 0); emitConcept(CODE, medicationCodeableConcept, sink, true); }
  for (const dosageInstruction of itemsOf(resource.dosageInstruction)) if (dosageInstruction != null) {
    const timing = dosageInstruction.timing;
    if (timing != null) {
      for (const event of itemsOf(timing.event)) if (event != null) { sink.mark(128, 0); emitDate(DATE, event, sink, 'dateTime'); }
    }
  }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(256, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(512, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const dispenseRequest = resource.dispenseRequest;
  if (dispenseRequest != null) {
    const performer = dispenseRequest.performer;
    if (performer != null) { sink.mark(1024, 0); emitReference(INTENDED_DISPENSER, performer, sink); }
  }
  const performer = resource.performer;
  if (performer != null) { sink.mark(2048, 0); emitReference(INTENDED_PERFORMER, performer, sink); }
  const performerType = resource.performerType;
  if (performerType != null) { sink.mark(4096, 0); emitConcept(INTENDED_PERFORMERTYPE, performerType, sink); }
  const intent = resource.intent;
  if (intent != null) { sink.mark(8192, 0); emitCode(INTENT, intent, sink); }
  const medicationReference = resource.medicationReference;
  if (medicationReference != null) { sink.mark(16384, 0); emitReference(MEDICATION, medicationReference, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(32768, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(524288, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  const priority = resource.priority;
  if (priority != null) { sink.mark(65536, 0); emitCode(PRIORITY, priority, sink); }
  const requester = resource.requester;
  if (requester != null) { sink.mark(131072, 0); emitReference(REQUESTER, requester, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(262144, 0); emitCode(STATUS, status, sink); }
}
