// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('CarePlan');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTIVITY_CODE = site('activity-code');
const ACTIVITY_DATE = site('activity-date');
const PERFORMER = site('performer');
const ACTIVITY_REFERENCE = site('activity-reference');
const BASED_ON = site('based-on');
const CARE_TEAM = site('care-team');
const CATEGORY = site('category');
const CONDITION = site('condition');
const DATE = site('date');
const ENCOUNTER = site('encounter');
const GOAL = site('goal');
const IDENTIFIER = site('identifier');
const INSTANTIATES_CANONICAL = site('instantiates-canonical');
const INSTANTIATES_URI = site('instantiates-uri');
const INTENT = site('intent');
const PART_OF = site('part-of');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const REPLACES = site('replaces');
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
  for (const activity of itemsOf(resource.activity)) if (activity != null) {
    const detail = activity.detail;
    if (detail != null) {
      const code = detail.code;
      if (code != null) { sink.mark(16, 0); emitConcept(ACTIVITY_CODE, code, sink); }
      const scheduledTiming = detail.scheduledTiming;
      if (scheduledTiming != null) { sink.mark(32, 0); emitDate(ACTIVITY_DATE, scheduledTiming, sink, 'Timing'); }
      const scheduledPeriod = detail.scheduledPeriod;
      if (scheduledPeriod != null) { sink.mark(32, 0); emitDate(ACTIVITY_DATE, scheduledPeriod, sink, 'Period'); }
      const scheduledString = detail.scheduledString;
      if (scheduledString != null) { sink.mark(32, 0); emitDate(ACTIVITY_DATE, scheduledString, sink, 'string'); }
      for (const performer of itemsOf(detail.performer)) if (performer != null) { sink.mark(1048576, 0); emitReference(PERFORMER, performer, sink); }
    }
    const reference = activity.reference;
    if (reference != null) { sink.mark(64, 0); emitReference(ACTIVITY_REFERENCE, reference, sink); }
  }
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(128, 0); emitReference(BASED_ON, basedOn, sink); }
  for (const careTeam of itemsOf(resource.careTeam)) if (careTeam != null) { sink.mark(256, 0); emitReference(CARE_TEAM, careTeam, sink); }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(512, 0); emitConcept(CATEGORY, category, sink, true); }
  for (const addresses of itemsOf(resource.addresses)) if (addresses != null) { sink.mark(1024, 0); emitReference(CONDITION, addresses, sink); }
  const period = resource.period;
  if (period != null) { sink.mark(2048, 0); emitMainDate(DATE, period, sink, 'Period'); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(4096, 0); emitReference(ENCOUNTER, encounter, sink); }
  for (const goal of itemsOf(resource.goal)) if (goal != null) { sink.mark(8192, 0); emitReference(GOAL, goal, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(16384, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const instantiatesCanonical of itemsOf(resource.instantiatesCanonical)) if (instantiatesCanonical != null) { sink.mark(32768, 0); emitUri(INSTANTIATES_CANONICAL, instantiatesCanonical, sink); }
  for (const instantiatesUri of itemsOf(resource.instantiatesUri)) if (instantiatesUri != null) { sink.mark(65536, 0); emitUri(INSTANTIATES_URI, instantiatesUri, sink); }
  const intent = resource.intent;
  if (intent != null) { sink.mark(131072, 0); emitCode(INTENT, intent, sink); }
  for (const partOf of itemsOf(resource.partOf)) if (partOf != null) { sink.mark(262144, 0); emitReference(PART_OF, partOf, sink); }
  const subject = resource.subject;
  if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(524288, 0); emitReference(PATIENT, subject, sink, true); }
    sink.mark(8388608, 0);
    emitReference(SUBJECT, subject, sink, true);
  }
  for (const replaces of itemsOf(resource.replaces)) if (replaces != null) { sink.mark(2097152, 0); emitReference(REPLACES, replaces, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(4194304, 0); emitCode(STATUS, status, sink); }
}
