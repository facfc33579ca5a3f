// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('AllergyIntolerance');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ASSERTER = site('asserter');
const CATEGORY = site('category');
const CLINICAL_STATUS = site('clinical-status');
const CODE = site('code');
const MANIFESTATION = site('manifestation');
const ONSET = site('onset');
const ROUTE = site('route');
const SEVERITY = site('severity');
const CRITICALITY = site('criticality');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const LAST_DATE = site('last-date');
const PATIENT = site('patient');
const RECORDER = site('recorder');
const TYPE = site('type');
const VERIFICATION_STATUS = site('verification-status');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const asserter = resource.asserter;
  if (asserter != null) { sink.mark(16, 0); emitReference(ASSERTER, asserter, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(32, 0); emitCode(CATEGORY, category, sink); }
  const clinicalStatus = resource.clinicalStatus;
  if (clinicalStatus != null) { sink.mark(64, 0); emitConcept(CLINICAL_STATUS, clinicalStatus, sink); }
  const code = resource.code;
  if (code != null) { sink.mark(128, 0); emitConcept(CODE, code, sink, true); }
  for (const reaction of itemsOf(resource.reaction)) if (reaction != null) {
    const substance = reaction.substance;
    if (substance != null) { sink.mark(128, 0); emitConcept(CODE, substance, sink, true); }
    for (const manifestation of itemsOf(reaction.manifestation)) if (manifestation != null) { sink.mark(4096, 0); emitConcept(MANIFESTATION, manifestation, sink); }
    const onset = reaction.onset;
    if (onset != null) { sink.mark(8192, 0); emitDate(ONSET, onset, sink, 'dateTime'); }
    const exposureRoute = reaction.exposureRoute;
    if (exposureRoute != null) { sink.mark(65536, 0); emitConcept(ROUTE, exposureRoute, sink); }
    const severity = reaction.severity;
    if (severity != null) { sink.mark(131072, 0); emitCode(SEVERITY, severity, sink); }
  }
  const criticality = resource.criticality;
  if (criticality != null) { sink.mark(256, 0); emitCode(CRITICALITY, criticality, sink); }
  const recordedDate = resource.recordedDate;
  if (recordedDate != null) { sink.mark(512, 0); emitMainDate(DATE, recordedDate, sink, 'dateTime'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(1024, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const lastOccurrence = resource.lastOccurrence;
  if (lastOccurrence != null) { sink.mark(2048, 0); emitDate(LAST_DATE, lastOccurrence, sink, 'dateTime'); }
  const patient = resource.patient;
  if (patient != null) { sink.mark(16384, 0); emitReference(PATIENT, patient, sink, true); }
  const recorder = resource.recorder;
  if (recorder != null) { sink.mark(32768, 0); emitReference(RECORDER, recorder, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(262144, 0); emitCode(TYPE, type_, sink); }
  const verificationStatus = resource.verificationStatus;
  if (verificationStatus != null) { sink.mark(524288, 0); emitConcept(VERIFICATION_STATUS, verificationStatus, sink); }
}
