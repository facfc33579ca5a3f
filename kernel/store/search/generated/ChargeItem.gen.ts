// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitNumber, emitQuantity, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('ChargeItem');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACCOUNT = site('account');
const CODE = site('code');
const CONTEXT = site('context');
const ENTERED_DATE = site('entered-date');
const ENTERER = site('enterer');
const FACTOR_OVERRIDE = site('factor-override');
const IDENTIFIER = site('identifier');
const OCCURRENCE = site('occurrence');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERFORMER_ACTOR = site('performer-actor');
const PERFORMER_FUNCTION = site('performer-function');
const PERFORMING_ORGANIZATION = site('performing-organization');
const PRICE_OVERRIDE = site('price-override');
const QUANTITY = site('quantity');
const REQUESTING_ORGANIZATION = site('requesting-organization');
const SERVICE = site('service');

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
  const code = resource.code;
  if (code != null) { sink.mark(32, 0); emitConcept(CODE, code, sink, true); }
  const context = resource.context;
  if (context != null) { sink.mark(64, 0); emitReference(CONTEXT, context, sink); }
  const enteredDate = resource.enteredDate;
  if (enteredDate != null) { sink.mark(128, 0); emitDate(ENTERED_DATE, enteredDate, sink, 'dateTime'); }
  const enterer = resource.enterer;
  if (enterer != null) { sink.mark(256, 0); emitReference(ENTERER, enterer, sink); }
  const factorOverride = resource.factorOverride;
  if (factorOverride != null) { sink.mark(512, 0); emitNumber(FACTOR_OVERRIDE, factorOverride, sink, 'decimal'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(1024, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const occurrenceDateTime = resource.occurrenceDateTime;
  if (occurrenceDateTime != null) { sink.mark(2048, 0); emitMainDate(OCCURRENCE, occurrenceDateTime, sink, 'dateTime'); }
  const occurrencePeriod = resource.occurrencePeriod;
  if (occurrencePeriod != null) { sink.mark(2048, 0); emitMainDate(OCCURRENCE, occurrencePeriod, sink, 'Period'); }
  const occurrenceTiming = resource.occurrenceTiming;
  if (occurrenceTiming != null) { sink.mark(2048, 0); emitMainDate(OCCURRENCE, occurrenceTiming, sink, 'Timing'); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(4096, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(1048576, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const performer of itemsOf(resource.performer)) if (performer != null) {
    const actor = performer.actor;
    if (actor != null) { sink.mark(8192, 0); emitReference(PERFORMER_ACTOR, actor, sink); }
    const function_ = performer.function;
    if (function_ != null) { sink.mark(16384, 0); emitConcept(PERFORMER_FUNCTION, function_, sink); }
  }
  const performingOrganization = resource.performingOrganization;
  if (performingOrganization != null) { sink.mark(32768, 0); emitReference(PERFORMING_ORGANIZATION, performingOrganization, sink); }
  const priceOverride = resource.priceOverride;
  if (priceOverride != null) { sink.mark(65536, 0); emitQuantity(PRICE_OVERRIDE, priceOverride, sink, 'Money'); }
  const quantity = resource.quantity;
  if (quantity != null) { sink.mark(131072, 0); emitQuantity(QUANTITY, quantity, sink, 'Quantity'); }
  const requestingOrganization = resource.requestingOrganization;
  if (requestingOrganization != null) { sink.mark(262144, 0); emitReference(REQUESTING_ORGANIZATION, requestingOrganization, sink); }
  for (const service of itemsOf(resource.service)) if (service != null) { sink.mark(524288, 0); emitReference(SERVICE, service, sink); }
}
