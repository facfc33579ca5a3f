// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Immunization');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const LOCATION = site('location');
const LOT_NUMBER = site('lot-number');
const MANUFACTURER = site('manufacturer');
const PATIENT = site('patient');
const PERFORMER = site('performer');
const REACTION = site('reaction');
const REACTION_DATE = site('reaction-date');
const REASON_CODE = site('reason-code');
const REASON_REFERENCE = site('reason-reference');
const SERIES = site('series');
const TARGET_DISEASE = site('target-disease');
const STATUS = site('status');
const STATUS_REASON = site('status-reason');
const VACCINE_CODE = site('vaccine-code');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const occurrenceDateTime = resource.occurrenceDateTime;
  if (occurrenceDateTime != null) { sink.mark(16, 0); emitMainDate(DATE, occurrenceDateTime, sink, 'dateTime'); }
  const occurrenceString = resource.occurrenceString;
  if (occurrenceString != null) { sink.mark(16, 0); emitMainDate(DATE, occurrenceString, sink, 'string'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const location = resource.location;
  if (location != null) { sink.mark(64, 0); emitReference(LOCATION, location, sink); }
  const lotNumber = resource.lotNumber;
  if (lotNumber != null) { sink.mark(128, 0); emitString(LOT_NUMBER, lotNumber, sink); }
  const manufacturer = resource.manufacturer;
  if (manufacturer != null) { sink.mark(256, 0); emitReference(MANUFACTURER, manufacturer, sink); }
  const patient = resource.patient;
  if (patient != null) { sink.mark(512, 0); emitReference(PATIENT, patient, sink, true); }
  for (const performer of itemsOf(resource.performer)) if (performer != null) {
    const actor = performer.actor;
    if (actor != null) { sink.mark(1024, 0); emitReference(PERFORMER, actor, sink); }
  }
  for (const reaction of itemsOf(resource.reaction)) if (reaction != null) {
    const detail = reaction.detail;
    if (detail != null) { sink.mark(2048, 0); emitReference(REACTION, detail, sink); }
    const date = reaction.date;
    if (date != null) { sink.mark(4096, 0); emitDate(REACTION_DATE, date, sink, 'dateTime'); }
  }
  for (const reasonCode of itemsOf(resource.reasonCode)) if (reasonCode != null) { sink.mark(8192, 0); emitConcept(REASON_CODE, reasonCode, sink); }
  for (const reasonReference of itemsOf(resource.reasonReference)) if (reasonReference != null) { sink.mark(16384, 0); emitReference(REASON_REFERENCE, reasonReference, sink); }
  for (const protocolApplied of itemsOf(resource.protocolApplied)) if (protocolApplied != null) {
    const series = protocolApplied.series;
    if (series != null) { sink.mark(32768, 0); emitString(SERIES, series, sink); }
    for (const targetDisease of itemsOf(protocolApplied.targetDisease)) if (targetDisease != null) { sink.mark(262144, 0); emitConcept(TARGET_DISEASE, targetDisease, sink); }
  }
  const status = resource.status;
  if (status != null) { sink.mark(65536, 0); emitCode(STATUS, status, sink); }
  const statusReason = resource.statusReason;
  if (statusReason != null) { sink.mark(131072, 0); emitConcept(STATUS_REASON, statusReason, sink); }
  const vaccineCode = resource.vaccineCode;
  if (vaccineCode != null) { sink.mark(524288, 0); emitConcept(VACCINE_CODE, vaccineCode, sink, true); }
}
