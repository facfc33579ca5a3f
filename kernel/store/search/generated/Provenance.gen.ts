// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCoding, emitConcept, emitDate, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Provenance');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AGENT = site('agent');
const AGENT_ROLE = site('agent-role');
const AGENT_TYPE = site('agent-type');
const ENTITY = site('entity');
const LOCATION = site('location');
const PATIENT = site('patient');
const TARGET = site('target');
const RECORDED = site('recorded');
const SIGNATURE_TYPE = site('signature-type');
const WHEN = site('when');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const agent of itemsOf(resource.agent)) if (agent != null) {
    const who = agent.who;
    if (who != null) { sink.mark(16, 0); emitReference(AGENT, who, sink); }
    for (const role of itemsOf(agent.role)) if (role != null) { sink.mark(32, 0); emitConcept(AGENT_ROLE, role, sink); }
    const type_ = agent.type;
    if (type_ != null) { sink.mark(64, 0); emitConcept(AGENT_TYPE, type_, sink); }
  }
  for (const entity of itemsOf(resource.entity)) if (entity != null) {
    const what = entity.what;
    if (what != null) { sink.mark(128, 0); emitReference(ENTITY, what, sink); }
  }
  const location = resource.location;
  if (location != null) { sink.mark(256, 0); emitReference(LOCATION, location, sink); }
  for (const target of itemsOf(resource.target)) if (target != null) {
    if (targetTypeOf(target) === 'Patient') { sink.mark(512, 0); emitReference(PATIENT, target, sink); }
    sink.mark(4096, 0);
    emitReference(TARGET, target, sink);
  }
  const recorded = resource.recorded;
  if (recorded != null) { sink.mark(1024, 0); emitMainDate(RECORDED, recorded, sink, 'instant'); }
  for (const signature of itemsOf(resource.signature)) if (signature != null) {
    for (const type_ of itemsOf(signature.type)) if (type_ != null) { sink.mark(2048, 0); emitCoding(SIGNATURE_TYPE, type_, sink); }
  }
  const occurredDateTime = resource.occurredDateTime;
  if (occurredDateTime != null) { sink.mark(8192, 0); emitDate(WHEN, occurredDateTime, sink, 'dateTime'); }
}
