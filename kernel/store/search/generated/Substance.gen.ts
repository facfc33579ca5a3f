// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitOrderedIdentifier, emitQuantity, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Substance');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CATEGORY = site('category');
const CODE = site('code');
const SUBSTANCE_REFERENCE = site('substance-reference');
const CONTAINER_IDENTIFIER = site('container-identifier');
const EXPIRY = site('expiry');
const QUANTITY = site('quantity');
const IDENTIFIER = site('identifier');
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
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(16, 0); emitConcept(CATEGORY, category, sink); }
  const code = resource.code;
  if (code != null) { sink.mark(32, 0); emitConcept(CODE, code, sink, true); }
  for (const ingredient of itemsOf(resource.ingredient)) if (ingredient != null) {
    const substanceCodeableConcept = ingredient.substanceCodeableConcept;
    if (substanceCodeableConcept != null) { sink.mark(32, 0); emitConcept(CODE, substanceCodeableConcept, sink, true); }
    const substanceReference = ingredient.substanceReference;
    if (substanceReference != null) { sink.mark(2048, 0); emitReference(SUBSTANCE_REFERENCE, substanceReference, sink); }
  }
  for (const instance of itemsOf(resource.instance)) if (instance != null) {
    const identifier = instance.identifier;
    if (identifier != null) { sink.mark(64, 0); emitOrderedIdentifier(CONTAINER_IDENTIFIER, identifier, sink); }
    const expiry = instance.expiry;
    if (expiry != null) { sink.mark(128, 0); emitDate(EXPIRY, expiry, sink, 'dateTime'); }
    const quantity = instance.quantity;
    if (quantity != null) { sink.mark(512, 0); emitQuantity(QUANTITY, quantity, sink, 'SimpleQuantity'); }
  }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(256, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(1024, 0); emitCode(STATUS, status, sink); }
}
