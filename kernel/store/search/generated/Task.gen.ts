// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitDate, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Task');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHORED_ON = site('authored-on');
const BASED_ON = site('based-on');
const BUSINESS_STATUS = site('business-status');
const CODE = site('code');
const ENCOUNTER = site('encounter');
const FOCUS = site('focus');
const GROUP_IDENTIFIER = site('group-identifier');
const IDENTIFIER = site('identifier');
const INTENT = site('intent');
const MODIFIED = site('modified');
const OWNER = site('owner');
const PART_OF = site('part-of');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const PERFORMER = site('performer');
const PERIOD = site('period');
const PRIORITY = site('priority');
const REQUESTER = site('requester');
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
  const authoredOn = resource.authoredOn;
  if (authoredOn != null) { sink.mark(16, 0); emitMainDate(AUTHORED_ON, authoredOn, sink, 'dateTime'); }
  for (const basedOn of itemsOf(resource.basedOn)) if (basedOn != null) { sink.mark(32, 0); emitReference(BASED_ON, basedOn, sink); }
  const businessStatus = resource.businessStatus;
  if (businessStatus != null) { sink.mark(64, 0); emitConcept(BUSINESS_STATUS, businessStatus, sink); }
  const code = resource.code;
  if (code != null) { sink.mark(128, 0); emitConcept(CODE, code, sink, true); }
  const encounter = resource.encounter;
  if (encounter != null) { sink.mark(256, 0); emitReference(ENCOUNTER, encounter, sink); }
  const focus = resource.focus;
  if (focus != null) { sink.mark(512, 0); emitReference(FOCUS, focus, sink); }
  const groupIdentifier = resource.groupIdentifier;
  if (groupIdentifier != null) { sink.mark(1024, 0); emitIdentifier(GROUP_IDENTIFIER, groupIdentifier, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(2048, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const intent = resource.intent;
  if (intent != null) { sink.mark(4096, 0); emitCode(INTENT, intent, sink); }
  const lastModified = resource.lastModified;
  if (lastModified != null) { sink.mark(8192, 0); emitDate(MODIFIED, lastModified, sink, 'dateTime'); }
  const owner = resource.owner;
  if (owner != null) { sink.mark(16384, 0); emitReference(OWNER, owner, sink); }
  for (const partOf of itemsOf(resource.partOf)) if (partOf != null) { sink.mark(32768, 0); emitReference(PART_OF, partOf, sink); }
  const for_ = resource.for;
  if (for_ != null) {
    if (targetTypeOf(for_) === 'Patient') { sink.mark(65536, 0); emitReference(PATIENT, for_, sink, true); }
    sink.mark(4194304, 0);
    emitReference(SUBJECT, for_, sink, true);
  }
  for (const performerType of itemsOf(resource.performerType)) if (performerType != null) { sink.mark(131072, 0); emitConcept(PERFORMER, performerType, sink); }
  const executionPeriod = resource.executionPeriod;
  if (executionPeriod != null) { sink.mark(262144, 0); emitDate(PERIOD, executionPeriod, sink, 'Period'); }
  const priority = resource.priority;
  if (priority != null) { sink.mark(524288, 0); emitCode(PRIORITY, priority, sink); }
  const requester = resource.requester;
  if (requester != null) { sink.mark(1048576, 0); emitReference(REQUESTER, requester, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(2097152, 0); emitCode(STATUS, status, sink); }
}
