// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitMainDate, emitOrderedIdentifier, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('PaymentNotice');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CREATED = site('created');
const IDENTIFIER = site('identifier');
const PAYMENT_STATUS = site('payment-status');
const PROVIDER = site('provider');
const REQUEST = site('request');
const RESPONSE = site('response');
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
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  const paymentStatus = resource.paymentStatus;
  if (paymentStatus != null) { sink.mark(64, 0); emitConcept(PAYMENT_STATUS, paymentStatus, sink); }
  const provider = resource.provider;
  if (provider != null) { sink.mark(128, 0); emitReference(PROVIDER, provider, sink); }
  const request = resource.request;
  if (request != null) { sink.mark(256, 0); emitReference(REQUEST, request, sink); }
  const response = resource.response;
  if (response != null) { sink.mark(512, 0); emitReference(RESPONSE, response, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(1024, 0); emitCode(STATUS, status, sink); }
}
