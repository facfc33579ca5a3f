// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitOrderedIdentifier, emitPair, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Group');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTUAL = site('actual');
const CHARACTERISTIC_VALUE = site('characteristic-value');
const CHARACTERISTIC = site('characteristic');
const EXCLUDE = site('exclude');
const VALUE = site('value');
const CODE = site('code');
const IDENTIFIER = site('identifier');
const MANAGING_ENTITY = site('managing-entity');
const MEMBER = site('member');
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
  const actual = resource.actual;
  if (actual != null) { sink.mark(16, 0); emitCode(ACTUAL, actual, sink); }
  for (const characteristic of itemsOf(resource.characteristic)) if (characteristic != null) {
    sink.mark(64, 0);
    if (characteristic.valueCodeableConcept != null) emitPair(CHARACTERISTIC_VALUE, 'CodeableConcept', characteristic.code, 'CodeableConcept', characteristic.valueCodeableConcept, sink);
    if (characteristic.valueBoolean != null) emitPair(CHARACTERISTIC_VALUE, 'CodeableConcept', characteristic.code, 'boolean', characteristic.valueBoolean, sink);
    if (characteristic.valueQuantity != null) emitPair(CHARACTERISTIC_VALUE, 'CodeableConcept', characteristic.code, 'Quantity', characteristic.valueQuantity, sink);
    if (characteristic.valueRange != null) emitPair(CHARACTERISTIC_VALUE, 'CodeableConcept', characteristic.code, 'Range', characteristic.valueRange, sink);
    if (characteristic.valueReference != null) emitPair(CHARACTERISTIC_VALUE, 'CodeableConcept', characteristic.code, 'Reference', characteristic.valueReference, sink);
    const code = characteristic.code;
    if (code != null) { sink.mark(32, 0); emitConcept(CHARACTERISTIC, code, sink); }
    const exclude = characteristic.exclude;
    if (exclude != null) { sink.mark(256, 0); emitCode(EXCLUDE, exclude, sink); }
    const valueCodeableConcept = characteristic.valueCodeableConcept;
    if (valueCodeableConcept != null) { sink.mark(8192, 0); emitConcept(VALUE, valueCodeableConcept, sink); }
    const valueBoolean = characteristic.valueBoolean;
    if (valueBoolean != null) { sink.mark(8192, 0); emitCode(VALUE, valueBoolean, sink); }
  }
  const code = resource.code;
  if (code != null) { sink.mark(128, 0); emitConcept(CODE, code, sink, true); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(512, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  const managingEntity = resource.managingEntity;
  if (managingEntity != null) { sink.mark(1024, 0); emitReference(MANAGING_ENTITY, managingEntity, sink); }
  for (const member of itemsOf(resource.member)) if (member != null) {
    const entity = member.entity;
    if (entity != null) { sink.mark(2048, 0); emitReference(MEMBER, entity, sink); }
  }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(4096, 0); emitCode(TYPE, type_, sink); }
}
