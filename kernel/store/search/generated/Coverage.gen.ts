// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitReference, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Coverage');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const BENEFICIARY = site('beneficiary');
const PATIENT = site('patient');
const CLASS_TYPE = site('class-type');
const CLASS_VALUE = site('class-value');
const DEPENDENT = site('dependent');
const IDENTIFIER = site('identifier');
const PAYOR = site('payor');
const POLICY_HOLDER = site('policy-holder');
const STATUS = site('status');
const SUBSCRIBER = site('subscriber');
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
  const beneficiary = resource.beneficiary;
  if (beneficiary != null) {
    sink.mark(528, 0);
    emitReference(BENEFICIARY, beneficiary, sink, true);
    emitReference(PATIENT, beneficiary, sink, true);
  }
  for (const class_ of itemsOf(resource.class)) if (class_ != null) {
    const type_ = class_.type;
    if (type_ != null) { sink.mark(32, 0); emitConcept(CLASS_TYPE, type_, sink); }
    const value = class_.value;
    if (value != null) { sink.mark(64, 0); emitString(CLASS_VALUE, value, sink); }
  }
  const dependent = resource.dependent;
  if (dependent != null) { sink.mark(128, 0); emitString(DEPENDENT, dependent, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(256, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const payor of itemsOf(resource.payor)) if (payor != null) { sink.mark(1024, 0); emitReference(PAYOR, payor, sink); }
  const policyHolder = resource.policyHolder;
  if (policyHolder != null) { sink.mark(2048, 0); emitReference(POLICY_HOLDER, policyHolder, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(4096, 0); emitCode(STATUS, status, sink); }
  const subscriber = resource.subscriber;
  if (subscriber != null) { sink.mark(8192, 0); emitReference(SUBSCRIBER, subscriber, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(16384, 0); emitConcept(TYPE, type_, sink, true); }
}
