// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('EpisodeOfCare');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CARE_MANAGER = site('care-manager');
const CONDITION = site('condition');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const INCOMING_REFERRAL = site('incoming-referral');
const ORGANIZATION = site('organization');
const PATIENT = site('patient');
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
  const careManager = resource.careManager;
  if (careManager != null) {
    if (targetTypeOf(careManager) === 'Practitioner') { sink.mark(16, 0); emitReference(CARE_MANAGER, careManager, sink); }
  }
  for (const diagnosis of itemsOf(resource.diagnosis)) if (diagnosis != null) {
    const condition = diagnosis.condition;
    if (condition != null) { sink.mark(32, 0); emitReference(CONDITION, condition, sink); }
  }
  const period = resource.period;
  if (period != null) { sink.mark(64, 0); emitMainDate(DATE, period, sink, 'Period'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(128, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const referralRequest of itemsOf(resource.referralRequest)) if (referralRequest != null) { sink.mark(256, 0); emitReference(INCOMING_REFERRAL, referralRequest, sink); }
  const managingOrganization = resource.managingOrganization;
  if (managingOrganization != null) { sink.mark(512, 0); emitReference(ORGANIZATION, managingOrganization, sink); }
  const patient = resource.patient;
  if (patient != null) { sink.mark(1024, 0); emitReference(PATIENT, patient, sink, true); }
  const status = resource.status;
  if (status != null) { sink.mark(2048, 0); emitCode(STATUS, status, sink); }
  for (const type_ of itemsOf(resource.type)) if (type_ != null) { sink.mark(4096, 0); emitConcept(TYPE, type_, sink, true); }
}
