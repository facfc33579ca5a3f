// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitMainDate, emitOrderedIdentifier, emitReference, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('PaymentReconciliation');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CREATED = site('created');
const DISPOSITION = site('disposition');
const IDENTIFIER = site('identifier');
const OUTCOME = site('outcome');
const PAYMENT_ISSUER = site('payment-issuer');
const REQUEST = site('request');
const REQUESTOR = site('requestor');
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
  const created = resource.created;
  if (created != null) { sink.mark(16, 0); emitMainDate(CREATED, created, sink, 'dateTime'); }
  const disposition = resource.disposition;
  if (disposition != null) { sink.mark(32, 0); emitString(DISPOSITION, disposition, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(64, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  const outcome = resource.outcome;
  if (outcome != null) { sink.mark(128, 0); emitCode(OUTCOME, outcome, sink); }
  const paymentIssuer = resource.paymentIssuer;
  if (paymentIssuer != null) { sink.mark(256, 0); emitReference(PAYMENT_ISSUER, paymentIssuer, sink); }
  const request = resource.request;
  if (request != null) { sink.mark(512, 0); emitReference(REQUEST, request, sink); }
  const requestor = resource.requestor;
  if (requestor != null) { sink.mark(1024, 0); emitReference(REQUESTOR, requestor, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(2048, 0); emitCode(STATUS, status, sink); }
}
