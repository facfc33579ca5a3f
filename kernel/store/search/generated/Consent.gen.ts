// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitAttachment, emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Consent');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTION = site('action');
const ACTOR = site('actor');
const DATA = site('data');
const PERIOD = site('period');
const PURPOSE = site('purpose');
const SECURITY_LABEL = site('security-label');
const CATEGORY = site('category');
const CONSENTOR = site('consentor');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const ORGANIZATION = site('organization');
const PATIENT = site('patient');
const SCOPE = site('scope');
const SOURCE_REFERENCE = site('source-reference');
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
  const provision = resource.provision;
  if (provision != null) {
    for (const action of itemsOf(provision.action)) if (action != null) { sink.mark(16, 0); emitConcept(ACTION, action, sink); }
    for (const actor of itemsOf(provision.actor)) if (actor != null) {
      const reference = actor.reference;
      if (reference != null) { sink.mark(32, 0); emitReference(ACTOR, reference, sink); }
    }
    for (const data of itemsOf(provision.data)) if (data != null) {
      const reference = data.reference;
      if (reference != null) { sink.mark(256, 0); emitReference(DATA, reference, sink); }
    }
    const period = provision.period;
    if (period != null) { sink.mark(8192, 0); emitDate(PERIOD, period, sink, 'Period'); }
    for (const purpose of itemsOf(provision.purpose)) if (purpose != null) { sink.mark(16384, 0); emitCoding(PURPOSE, purpose, sink); }
    for (const securityLabel of itemsOf(provision.securityLabel)) if (securityLabel != null) { sink.mark(65536, 0); emitCoding(SECURITY_LABEL, securityLabel, sink); }
  }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(64, 0); emitConcept(CATEGORY, category, sink, true); }
  for (const performer of itemsOf(resource.performer)) if (performer != null) { sink.mark(128, 0); emitReference(CONSENTOR, performer, sink); }
  const dateTime = resource.dateTime;
  if (dateTime != null) { sink.mark(512, 0); emitMainDate(DATE, dateTime, sink, 'dateTime'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(1024, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const organization of itemsOf(resource.organization)) if (organization != null) { sink.mark(2048, 0); emitReference(ORGANIZATION, organization, sink); }
  const patient = resource.patient;
  if (patient != null) { sink.mark(4096, 0); emitReference(PATIENT, patient, sink, true); }
  const scope = resource.scope;
  if (scope != null) { sink.mark(32768, 0); emitConcept(SCOPE, scope, sink); }
  const sourceAttachment = resource.sourceAttachment;
  if (sourceAttachment != null) { sink.mark(131072, 0); emitAttachment(SOURCE_REFERENCE, sourceAttachment, sink); }
  const sourceReference = resource.sourceReference;
  if (sourceReference != null) { sink.mark(131072, 0); emitReference(SOURCE_REFERENCE, sourceReference, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(262144, 0); emitCode(STATUS, status, sink); }
}
