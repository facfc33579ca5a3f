// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Schedule');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTIVE = site('active');
const ACTOR = site('actor');
const DATE = site('date');
const IDENTIFIER = site('identifier');
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
  for (const actor of itemsOf(resource.actor)) if (actor != null) { sink.mark(32, 0); emitReference(ACTOR, actor, sink); }
  const planningHorizon = resource.planningHorizon;
  if (planningHorizon != null) { sink.mark(64, 0); emitMainDate(DATE, planningHorizon, sink, 'Period'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(128, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const serviceCategory of itemsOf(resource.serviceCategory)) if (serviceCategory != null) { sink.mark(256, 0); emitConcept(SERVICE_CATEGORY, serviceCategory, sink); }
  for (const serviceType of itemsOf(resource.serviceType)) if (serviceType != null) { sink.mark(512, 0); emitConcept(SERVICE_TYPE, serviceType, sink, true); }
  for (const specialty of itemsOf(resource.specialty)) if (specialty != null) { sink.mark(1024, 0); emitConcept(SPECIALTY, specialty, sink); }
}
