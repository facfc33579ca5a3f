// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitReference, emitToken, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('ImagingStudy');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const BASEDON = site('basedon');
const BODYSITE = site('bodysite');
const DICOM_CLASS = site('dicom-class');
const INSTANCE = site('instance');
const ENDPOINT = site('endpoint');
const MODALITY = site('modality');
const PERFORMER = site('performer');
const SERIES = site('series');
const ENCOUNTER = site('encounter');
const IDENTIFIER = site('identifier');
const INTERPRETER = site('interpreter');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const REASON = site('reason');
const REFERRER = site('referrer');
const STARTED = site('started');
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
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(16, 0); emitReference(BASEDON, basedOn, sink); }
  for (const series of itemsOf(resource.series)) if (series != null) {
    const bodySite = series.bodySite;
    if (bodySite != null) { sink.mark(32, 0); emitCoding(BODYSITE, bodySite, sink); }
    for (const instance of itemsOf(series.instance)) if (instance != null) {
      const sopClass = instance.sopClass;
      if (sopClass != null) { sink.mark(64, 0); emitCoding(DICOM_CLASS, sopClass, sink); }
      const uid = instance.uid;
      if (uid != null) { sink.mark(1024, 0); emitToken(INSTANCE, uid, sink); }
    }
    for (const endpoint of itemsOf(series.endpoint)) if (endpoint != null) { sink.mark(256, 0); emitReference(ENDPOINT, endpoint, sink); }
    const modality = series.modality;
    if (modality != null) { sink.mark(4096, 0); emitCoding(MODALITY, modality, sink); }
    for (const performer of itemsOf(series.performer)) if (performer != null) {
      const actor = performer.actor;
      if (actor != null) { sink.mark(16384, 0); emitReference(PERFORMER, actor, sink); }
    }
    const uid = series.uid;
    if (uid != null) { sink.mark(131072, 0); emitToken(SERIES, uid, sink); }
  }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(128, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const endpoint of itemsOf(resource.endpoint)) if (endpoint != null) { sink.mark(256, 0); emitReference(ENDPOINT, endpoint, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(512, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const interpreter of itemsOf(resource.interpreter)) if (interpreter != null) { sink.mark(2048, 0); emitReference(INTERPRETER, interpreter, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(8192, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(1048576, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const reasonCode of itemsOf(resource.reasonCode)) if (reasonCode != null) { sink.mark(32768, 0); emitConcept(REASON, reasonCode, sink); }
  const referrer = resource.referrer;
  if (referrer != null) { sink.mark(65536, 0); emitReference(REFERRER, referrer, sink); }
  const started = resource.started;
  if (started != null) { sink.mark(262144, 0); emitMainDate(STARTED, started, sink, 'dateTime'); }
  const status = resource.status;
  if (status != null) { sink.mark(524288, 0); emitCode(STATUS, status, sink); }
}
