// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Claim');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CARE_TEAM = site('care-team');
const CREATED = site('created');
const DETAIL_UDI = site('detail-udi');
const SUBDETAIL_UDI = site('subdetail-udi');
const ENCOUNTER = site('encounter');
const ITEM_UDI = site('item-udi');
const ENTERER = site('enterer');
const FACILITY = site('facility');
const IDENTIFIER = site('identifier');
const INSURER = site('insurer');
const PATIENT = site('patient');
const PAYEE = site('payee');
const PRIORITY = site('priority');
const PROCEDURE_UDI = site('procedure-udi');
const PROVIDER = site('provider');
const STATUS = site('status');
const USE = site('use');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const careTeam of itemsOf(resource.careTeam)) if (careTeam != null) {
    const provider = careTeam.provider;
    if (provider != null) { sink.mark(16, 0); emitReference(CARE_TEAM, provider, sink); }
  }
  const created = resource.created;
  if (created != null) { sink.mark(32, 0); emitMainDate(CREATED, created, sink, 'dateTime'); }
  for (const item of itemsOf(resource.item)) if (item != null) {
    for (const detail of itemsOf(item.detail)) if (detail != null) {
      for (const udi of itemsOf(detail.udi)) if (udi != null) { sink.mark(64, 0); emitReference(DETAIL_UDI, udi, sink); }
      for (const subDetail of itemsOf(detail.subDetail)) if (subDetail != null) {
        for (const udi of itemsOf(subDetail.udi)) if (udi != null) { sink.mark(524288, 0); emitReference(SUBDETAIL_UDI, udi, sink); }
      }
    }
    for (const encounter of itemsOf(item.encounter)) if (encounter != null) { sink.mark(128, 0); emitReference(ENCOUNTER, encounter, sink); }
    for (const udi of itemsOf(item.udi)) if (udi != null) { sink.mark(4096, 0); emitReference(ITEM_UDI, udi, sink); }
  }
  const enterer = resource.enterer;
  if (enterer != null) { sink.mark(256, 0); emitReference(ENTERER, enterer, sink); }
  const facility = resource.facility;
  if (facility != null) { sink.mark(512, 0); emitReference(FACILITY, facility, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(1024, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const insurer = resource.insurer;
  if (insurer != null) { sink.mark(2048, 0); emitReference(INSURER, insurer, sink); }
  const patient = resource.patient;
  if (patient != null) { sink.mark(8192, 0); emitReference(PATIENT, patient, sink, true); }
  const payee = resource.payee;
  if (payee != null) {
    const party = payee.party;
    if (party != null) { sink.mark(16384, 0); emitReference(PAYEE, party, sink); }
  }
  const priority = resource.priority;
  if (priority != null) { sink.mark(32768, 0); emitConcept(PRIORITY, priority, sink); }
  for (const procedure of itemsOf(resource.procedure)) if (procedure != null) {
    for (const udi of itemsOf(procedure.udi)) if (udi != null) { sink.mark(65536, 0); emitReference(PROCEDURE_UDI, udi, sink); }
  }
  const provider = resource.provider;
  if (provider != null) { sink.mark(131072, 0); emitReference(PROVIDER, provider, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(262144, 0); emitCode(STATUS, status, sink); }
  const use = resource.use;
  if (use != null) { sink.mark(1048576, 0); emitCode(USE, use, sink); }
}
