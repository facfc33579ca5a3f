// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitPair, emitReference, emitString, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('DocumentReference');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHENTICATOR = site('authenticator');
const AUTHOR = site('author');
const CATEGORY = site('category');
const CONTENTTYPE = site('contenttype');
const LANGUAGE = site('language');
const LOCATION = site('location');
const FORMAT = site('format');
const CUSTODIAN = site('custodian');
const DATE = site('date');
const DESCRIPTION = site('description');
const ENCOUNTER = site('encounter');
const EVENT = site('event');
const FACILITY = site('facility');
const PERIOD = site('period');
const RELATED = site('related');
const SETTING = site('setting');
const IDENTIFIER = site('identifier');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const RELATIONSHIP = site('relationship');
const RELATESTO = site('relatesto');
const RELATION = site('relation');
const SECURITY_LABEL = site('security-label');
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
  const authenticator = resource.authenticator;
  if (authenticator != null) { sink.mark(16, 0); emitReference(AUTHENTICATOR, authenticator, sink); }
  for (const author of itemsOf(resource.author)) if (author != null) { sink.mark(32, 0); emitReference(AUTHOR, author, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(64, 0); emitConcept(CATEGORY, category, sink); }
  for (const content of itemsOf(resource.content)) if (content != null) {
    const attachment = content.attachment;
    if (attachment != null) {
      const contentType = attachment.contentType;
      if (contentType != null) { sink.mark(128, 0); emitCode(CONTENTTYPE, contentType, sink); }
      const language = attachment.language;
      if (language != null) { sink.mark(65536, 0); emitCode(LANGUAGE, language, sink); }
      const url = attachment.url;
      if (url != null) { sink.mark(131072, 0); emitUri(LOCATION, url, sink); }
    }
    const format = content.format;
    if (format != null) { sink.mark(16384, 0); emitCoding(FORMAT, format, sink); }
  }
  const custodian = resource.custodian;
  if (custodian != null) { sink.mark(256, 0); emitReference(CUSTODIAN, custodian, sink); }
  const date = resource.date;
  if (date != null) { sink.mark(512, 0); emitMainDate(DATE, date, sink, 'instant'); }
  const description = resource.description;
  if (description != null) { sink.mark(1024, 0); emitString(DESCRIPTION, description, sink); }
  const context = resource.context;
  if (context != null) {
    for (const encounter of itemsOf(context.encounter)) if (encounter != null) { sink.mark(2048, 0); emitReference(ENCOUNTER, encounter, sink); }
    for (const event of itemsOf(context.event)) if (event != null) { sink.mark(4096, 0); emitConcept(EVENT, event, sink); }
    const facilityType = context.facilityType;
    if (facilityType != null) { sink.mark(8192, 0); emitConcept(FACILITY, facilityType, sink); }
    const period = context.period;
    if (period != null) { sink.mark(524288, 0); emitDate(PERIOD, period, sink, 'Period'); }
    for (const related of itemsOf(context.related)) if (related != null) { sink.mark(1048576, 0); emitReference(RELATED, related, sink); }
    const practiceSetting = context.practiceSetting;
    if (practiceSetting != null) { sink.mark(33554432, 0); emitConcept(SETTING, practiceSetting, sink); }
  }
  const masterIdentifier = resource.masterIdentifier;
  if (masterIdentifier != null) { sink.mark(32768, 0); emitIdentifier(IDENTIFIER, masterIdentifier, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32768, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(262144, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(134217728, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const relatesTo of itemsOf(resource.relatesTo)) if (relatesTo != null) {
    sink.mark(8388608, 0);
    if (relatesTo.target != null) emitPair(RELATIONSHIP, 'code', relatesTo.code, 'Reference', relatesTo.target, sink);
    const target = relatesTo.target;
    if (target != null) { sink.mark(2097152, 0); emitReference(RELATESTO, target, sink); }
    const code = relatesTo.code;
    if (code != null) { sink.mark(4194304, 0); emitCode(RELATION, code, sink); }
  }
  for (const securityLabel of itemsOf(resource.securityLabel)) if (securityLabel != null) { sink.mark(16777216, 0); emitConcept(SECURITY_LABEL, securityLabel, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(67108864, 0); emitCode(STATUS, status, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(268435456, 0); emitConcept(TYPE, type_, sink, true); }
}
