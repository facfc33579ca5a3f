// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitReference, emitToken, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Medication');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CODE = site('code');
const EXPIRATION_DATE = site('expiration-date');
const LOT_NUMBER = site('lot-number');
const FORM = site('form');
const IDENTIFIER = site('identifier');
const INGREDIENT = site('ingredient');
const INGREDIENT_CODE = site('ingredient-code');
const MANUFACTURER = site('manufacturer');
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
  const code = resource.code;
  if (code != null) { sink.mark(16, 0); emitConcept(CODE, code, sink, true); }
  const batch = resource.batch;
  if (batch != null) {
    const expirationDate = batch.expirationDate;
    if (expirationDate != null) { sink.mark(32, 0); emitDate(EXPIRATION_DATE, expirationDate, sink, 'dateTime'); }
    const lotNumber = batch.lotNumber;
    if (lotNumber != null) { sink.mark(1024, 0); emitToken(LOT_NUMBER, lotNumber, sink); }
  }
  const form = resource.form;
  if (form != null) { sink.mark(64, 0); emitConcept(FORM, form, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(128, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const ingredient of itemsOf(resource.ingredient)) if (ingredient != null) {
    const itemReference = ingredient.itemReference;
    if (itemReference != null) { sink.mark(256, 0); emitReference(INGREDIENT, itemReference, sink); }
    const itemCodeableConcept = ingredient.itemCodeableConcept;
    if (itemCodeableConcept != null) { sink.mark(512, 0); emitConcept(INGREDIENT_CODE, itemCodeableConcept, sink); }
  }
  const manufacturer = resource.manufacturer;
  if (manufacturer != null) { sink.mark(2048, 0); emitReference(MANUFACTURER, manufacturer, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(4096, 0); emitCode(STATUS, status, sink); }
}
