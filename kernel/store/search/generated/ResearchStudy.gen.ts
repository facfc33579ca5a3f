// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitMainDate, emitOrderedIdentifier, emitReference, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('ResearchStudy');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CATEGORY = site('category');
const DATE = site('date');
const FOCUS = site('focus');
const IDENTIFIER = site('identifier');
const KEYWORD = site('keyword');
const LOCATION = site('location');
const PARTOF = site('partof');
const PRINCIPALINVESTIGATOR = site('principalinvestigator');
const PROTOCOL = site('protocol');
const SITE = site('site');
const SPONSOR = site('sponsor');
const STATUS = site('status');
const TITLE = site('title');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const category of itemsOf(resource.category)) if (category != null) { sink.mark(16, 0); emitConcept(CATEGORY, category, sink, true); }
  const period = resource.period;
  if (period != null) { sink.mark(32, 0); emitMainDate(DATE, period, sink, 'Period'); }
  for (const focus of itemsOf(resource.focus)) if (focus != null) { sink.mark(64, 0); emitConcept(FOCUS, focus, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(128, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  for (const keyword of itemsOf(resource.keyword)) if (keyword != null) { sink.mark(256, 0); emitConcept(KEYWORD, keyword, sink); }
  for (const location of itemsOf(resource.location)) if (location != null) { sink.mark(512, 0); emitConcept(LOCATION, location, sink); }
  for (const partOf of itemsOf(resource.partOf)) if (partOf != null) { sink.mark(1024, 0); emitReference(PARTOF, partOf, sink); }
  const principalInvestigator = resource.principalInvestigator;
  if (principalInvestigator != null) { sink.mark(2048, 0); emitReference(PRINCIPALINVESTIGATOR, principalInvestigator, sink); }
  for (const protocol of itemsOf(resource.protocol)) if (protocol != null) { sink.mark(4096, 0); emitReference(PROTOCOL, protocol, sink); }
  for (const site_ of itemsOf(resource.site)) if (site_ != null) { sink.mark(8192, 0); emitReference(SITE, site_, sink); }
  const sponsor = resource.sponsor;
  if (sponsor != null) { sink.mark(16384, 0); emitReference(SPONSOR, sponsor, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(32768, 0); emitCode(STATUS, status, sink); }
  const title = resource.title;
  if (title != null) { sink.mark(65536, 0); emitString(TITLE, title, sink); }
}
