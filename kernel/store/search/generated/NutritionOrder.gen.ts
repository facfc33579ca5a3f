// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('NutritionOrder');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ADDITIVE = site('additive');
const FORMULA = site('formula');
const DATETIME = site('datetime');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const INSTANTIATES_CANONICAL = site('instantiates-canonical');
const INSTANTIATES_URI = site('instantiates-uri');
const ORALDIET = site('oraldiet');
const PATIENT = site('patient');
const PROVIDER = site('provider');
const STATUS = site('status');
const SUPPLEMENT = site('supplement');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const enteralFormula = resource.enteralFormula;
  if (enteralFormula != null) {
    const additiveType = enteralFormula.additiveType;
    if (additiveType != null) { sink.mark(16, 0); emitConcept(ADDITIVE, additiveType, sink); }
    const baseFormulaType = enteralFormula.baseFormulaType;
    if (baseFormulaType != null) { sink.mark(128, 0); emitConcept(FORMULA, baseFormulaType, sink); }
  }
  const dateTime = resource.dateTime;
  if (dateTime != null) { sink.mark(32, 0); emitMainDate(DATETIME, dateTime, sink, 'dateTime'); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(64, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(256, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const instantiatesCanonical of itemsOf(resource.instantiatesCanonical)) if (instantiatesCanonical != null) { sink.mark(512, 0); emitUri(INSTANTIATES_CANONICAL, instantiatesCanonical, sink); }
  for (const instantiatesUri of itemsOf(resource.instantiatesUri)) if (instantiatesUri != null) { sink.mark(1024, 0); emitUri(INSTANTIATES_URI, instantiatesUri, sink); }
  const oralDiet = resource.oralDiet;
  if (oralDiet != null) {
    for (const type_ of itemsOf(oralDiet.type)) if (type_ != null) { sink.mark(2048, 0); emitConcept(ORALDIET, type_, sink); }
  }
  const patient = resource.patient;
  if (patient != null) { sink.mark(4096, 0); emitReference(PATIENT, patient, sink, true); }
  const orderer = resource.orderer;
  if (orderer != null) { sink.mark(8192, 0); emitReference(PROVIDER, orderer, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(16384, 0); emitCode(STATUS, status, sink); }
  for (const supplement of itemsOf(resource.supplement)) if (supplement != null) {
    const type_ = supplement.type;
    if (type_ != null) { sink.mark(32768, 0); emitConcept(SUPPLEMENT, type_, sink); }
  }
}
