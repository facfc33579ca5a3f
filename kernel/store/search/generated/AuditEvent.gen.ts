// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitMainDate, emitReference, emitString, emitToken, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('AuditEvent');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTION = site('action');
const ADDRESS = site('address');
const AGENT = site('agent');
const PATIENT = site('patient');
const AGENT_NAME = site('agent-name');
const AGENT_ROLE = site('agent-role');
const ALTID = site('altid');
const POLICY = site('policy');
const DATE = site('date');
const ENTITY = site('entity');
const ENTITY_NAME = site('entity-name');
const ENTITY_ROLE = site('entity-role');
const ENTITY_TYPE = site('entity-type');
const OUTCOME = site('outcome');
const SITE = site('site');
const SOURCE = site('source');
const SUBTYPE = site('subtype');
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
  const action = resource.action;
  if (action != null) { sink.mark(16, 0); emitCode(ACTION, action, sink); }
  for (const agent of itemsOf(resource.agent)) if (agent != null) {
    const network = agent.network;
    if (network != null) {
      const address = network.address;
      if (address != null) { sink.mark(32, 0); emitString(ADDRESS, address, sink); }
    }
    const who = agent.who;
    if (who != null) {
      sink.mark(64, 0);
      emitReference(AGENT, who, sink);
      if (targetTypeOf(who) === 'Patient') { sink.mark(65536, 0); emitReference(PATIENT, who, sink); }
    }
    const name = agent.name;
    if (name != null) { sink.mark(128, 0); emitString(AGENT_NAME, name, sink); }
    for (const role of itemsOf(agent.role)) if (role != null) { sink.mark(256, 0); emitConcept(AGENT_ROLE, role, sink); }
    const altId = agent.altId;
    if (altId != null) { sink.mark(512, 0); emitToken(ALTID, altId, sink); }
    for (const policy of itemsOf(agent.policy)) if (policy != null) { sink.mark(131072, 0); emitUri(POLICY, policy, sink); }
  }
  const recorded = resource.recorded;
  if (recorded != null) { sink.mark(1024, 0); emitMainDate(DATE, recorded, sink, 'instant'); }
  for (const entity of itemsOf(resource.entity)) if (entity != null) {
    const what = entity.what;
    if (what != null) {
      sink.mark(2048, 0);
      emitReference(ENTITY, what, sink);
      if (targetTypeOf(what) === 'Patient') { sink.mark(65536, 0); emitReference(PATIENT, what, sink); }
    }
    const name = entity.name;
    if (name != null) { sink.mark(4096, 0); emitString(ENTITY_NAME, name, sink); }
    const role = entity.role;
    if (role != null) { sink.mark(8192, 0); emitCoding(ENTITY_ROLE, role, sink); }
    const type_ = entity.type;
    if (type_ != null) { sink.mark(16384, 0); emitCoding(ENTITY_TYPE, type_, sink); }
  }
  const outcome = resource.outcome;
  if (outcome != null) { sink.mark(32768, 0); emitCode(OUTCOME, outcome, sink); }
  const source = resource.source;
  if (source != null) {
    const site_ = source.site;
    if (site_ != null) { sink.mark(262144, 0); emitToken(SITE, site_, sink); }
    const observer = source.observer;
    if (observer != null) { sink.mark(524288, 0); emitReference(SOURCE, observer, sink); }
  }
  for (const subtype of itemsOf(resource.subtype)) if (subtype != null) { sink.mark(1048576, 0); emitCoding(SUBTYPE, subtype, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(2097152, 0); emitCoding(TYPE, type_, sink, true); }
}
