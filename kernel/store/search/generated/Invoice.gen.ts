// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitQuantity, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Invoice');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACCOUNT = site('account');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const ISSUER = site('issuer');
const PARTICIPANT = site('participant');
const PARTICIPANT_ROLE = site('participant-role');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const RECIPIENT = site('recipient');
const STATUS = site('status');
const TOTALGROSS = site('totalgross');
const TOTALNET = site('totalnet');
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
  const account = resource.account;
  if (account != null) { sink.mark(16, 0); emitReference(ACCOUNT, account, sink); }
  const date = resource.date;
  if (date != null) { sink.mark(32, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(64, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const issuer = resource.issuer;
  if (issuer != null) { sink.mark(128, 0); emitReference(ISSUER, issuer, sink); }
  for (const participant of itemsOf(resource.participant)) if (participant != null) {
    const actor = participant.actor;
    if (actor != null) { sink.mark(256, 0); emitReference(PARTICIPANT, actor, sink); }
    const role = participant.role;
    if (role != null) { sink.mark(512, 0); emitConcept(PARTICIPANT_ROLE, role, sink); }
  }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(1024, 0); emitReference(PATIENT, subject, sink); }
    sink.mark(8192, 0);
    emitReference(SUBJECT, subject, sink);
  }
  const recipient = resource.recipient;
  if (recipient != null) { sink.mark(2048, 0); emitReference(RECIPIENT, recipient, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(4096, 0); emitCode(STATUS, status, sink); }
  const totalGross = resource.totalGross;
  if (totalGross != null) { sink.mark(16384, 0); emitQuantity(TOTALGROSS, totalGross, sink, 'Money'); }
  const totalNet = resource.totalNet;
  if (totalNet != null) { sink.mark(32768, 0); emitQuantity(TOTALNET, totalNet, sink, 'Money'); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(65536, 0); emitConcept(TYPE, type_, sink, true); }
}
