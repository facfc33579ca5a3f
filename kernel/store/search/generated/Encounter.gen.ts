// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitQuantity, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Encounter');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACCOUNT = site('account');
const APPOINTMENT = site('appointment');
const BASED_ON = site('based-on');
const CLASS = site('class');
const DATE = site('date');
const DIAGNOSIS = site('diagnosis');
const EPISODE_OF_CARE = site('episode-of-care');
const IDENTIFIER = site('identifier');
const LENGTH = site('length');
const LOCATION = site('location');
const LOCATION_PERIOD = site('location-period');
const PART_OF = site('part-of');
const PARTICIPANT = site('participant');
const PRACTITIONER = site('practitioner');
const PARTICIPANT_TYPE = site('participant-type');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const REASON_CODE = site('reason-code');
const REASON_REFERENCE = site('reason-reference');
const SERVICE_PROVIDER = site('service-provider');
const SPECIAL_ARRANGEMENT = site('special-arrangement');
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
  for (const account of itemsOf(resource.account)) if (account != null) { sink.mark(16, 0); emitReference(ACCOUNT, account, sink); }
  for (const appointment of itemsOf(resource.appointment)) if (appointment != null) { sink.mark(32, 0); emitReference(APPOINTMENT, appointment, sink); }
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(64, 0); emitReference(BASED_ON, basedOn, sink); }
  const class_ = resource.class;
  if (class_ != null) { sink.mark(128, 0); emitCoding(CLASS, class_, sink); }
  const period = resource.period;
  if (period != null) { sink.mark(256, 0); emitMainDate(DATE, period, sink, 'Period'); }
  for (const diagnosis of itemsOf(resource.diagnosis)) if (diagnosis != null) {
    const condition = diagnosis.condition;
    if (condition != null) { sink.mark(512, 0); emitReference(DIAGNOSIS, condition, sink); }
  }
  for (const episodeOfCare of itemsOf(resource.episodeOfCare)) if (episodeOfCare != null) { sink.mark(1024, 0); emitReference(EPISODE_OF_CARE, episodeOfCare, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(2048, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const length = resource.length;
  if (length != null) { sink.mark(4096, 0); emitQuantity(LENGTH, length, sink, 'Duration'); }
  for (const location of itemsOf(resource.location)) if (location != null) {
    const location_ = location.location;
    if (location_ != null) { sink.mark(8192, 0); emitReference(LOCATION, location_, sink); }
    const period = location.period;
    if (period != null) { sink.mark(16384, 0); emitDate(LOCATION_PERIOD, period, sink, 'Period'); }
  }
  const partOf = resource.partOf;
  if (partOf != null) { sink.mark(32768, 0); emitReference(PART_OF, partOf, sink); }
  for (const participant of itemsOf(resource.participant)) if (participant != null) {
    const individual = participant.individual;
    if (individual != null) {
      sink.mark(65536, 0);
      emitReference(PARTICIPANT, individual, sink);
      if (targetTypeOf(individual) === 'Practitioner') { sink.mark(524288, 0); emitReference(PRACTITIONER, individual, sink); }
    }
    for (const type_ of itemsOf(participant.type)) if (type_ != null) { sink.mark(131072, 0); emitConcept(PARTICIPANT_TYPE, type_, sink); }
  }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(262144, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(33554432, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const reasonCode of itemsOf(resource.reasonCode)) if (reasonCode != null) { sink.mark(1048576, 0); emitConcept(REASON_CODE, reasonCode, sink); }
  for (const reasonReference of itemsOf(resource.reasonReference)) if (reasonReference != null) { sink.mark(2097152, 0); emitReference(REASON_REFERENCE, reasonReference, sink); }
  const serviceProvider = resource.serviceProvider;
  if (serviceProvider != null) { sink.mark(4194304, 0); emitReference(SERVICE_PROVIDER, serviceProvider, sink); }
  const hospitalization = resource.hospitalization;
  if (hospitalization != null) {
    for (const specialArrangement of itemsOf(hospitalization.specialArrangement)) if (specialArrangement != null) { sink.mark(8388608, 0); emitConcept(SPECIAL_ARRANGEMENT, specialArrangement, sink); }
  }
  const status = resource.status;
  if (status != null) { sink.mark(16777216, 0); emitCode(STATUS, status, sink); }
  for (const type_ of itemsOf(resource.type)) if (type_ != null) { sink.mark(67108864, 0); emitConcept(TYPE, type_, sink, true); }
}
