// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('SupplyRequest');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CATEGORY = site('category');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const REQUESTER = site('requester');
const STATUS = site('status');
const SUBJECT = site('subject');
const SUPPLIER = site('supplier');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const category = resource.category;
  if (category != null) { sink.mark(16, 0); emitConcept(CATEGORY, category, sink, true); }
  const authoredOn = resource.authoredOn;
  if (authoredOn != null) { sink.mark(32, 0); emitMainDate(DATE, authoredOn, sink, 'dateTime'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(64, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const requester = resource.requester;
  if (requester != null) { sink.mark(128, 0); emitReference(REQUESTER, requester, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(256, 0); emitCode(STATUS, status, sink); }
  const deliverTo = resource.deliverTo;
  if (deliverTo != null) { sink.mark(512, 0); emitReference(SUBJECT, deliverTo, sink, true); }
  for (const supplier of itemsOf(resource.supplier)) if (supplier != null) { sink.mark(1024, 0); emitReference(SUPPLIER, supplier, sink); }
}
