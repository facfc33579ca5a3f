// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitOrderedIdentifier, emitReference, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('HealthcareService');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTIVE = site('active');
const CHARACTERISTIC = site('characteristic');
const COVERAGE_AREA = site('coverage-area');
const ENDPOINT = site('endpoint');
const IDENTIFIER = site('identifier');
const LOCATION = site('location');
const NAME = site('name');
const ORGANIZATION = site('organization');
const PROGRAM = site('program');
const SERVICE_CATEGORY = site('service-category');
const SERVICE_TYPE = site('service-type');
const SPECIALTY = site('specialty');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const active = resource.active;
  if (active != null) { sink.mark(16, 0); emitCode(ACTIVE, active, sink); }
  for (const characteristic of itemsOf(resource.characteristic)) if (characteristic != null) { sink.mark(32, 0); emitConcept(CHARACTERISTIC, characteristic, sink); }
  for (const coverageArea of itemsOf(resource.coverageArea)) if (coverageArea != null) { sink.mark(64, 0); emitReference(COVERAGE_AREA, coverageArea, sink); }
  for (const endpoint of itemsOf(resource.endpoint)) if (endpoint != null) { sink.mark(128, 0); emitReference(ENDPOINT, endpoint, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(256, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  for (const location of itemsOf(resource.location)) if (location != null) { sink.mark(512, 0); emitReference(LOCATION, location, sink); }
  const name = resource.name;
  if (name != null) { sink.mark(1024, 0); emitString(NAME, name, sink); }
  const providedBy = resource.providedBy;
  if (providedBy != null) { sink.mark(2048, 0); emitReference(ORGANIZATION, providedBy, sink); }
  for (const program of itemsOf(resource.program)) if (program != null) { sink.mark(4096, 0); emitConcept(PROGRAM, program, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(8192, 0); emitConcept(SERVICE_CATEGORY, category, sink); }
  for (const type_ of itemsOf(resource.type)) if (type_ != null) { sink.mark(16384, 0); emitConcept(SERVICE_TYPE, type_, sink, true); }
  for (const specialty of itemsOf(resource.specialty)) if (specialty != null) { sink.mark(32768, 0); emitConcept(SPECIALTY, specialty, sink); }
}
