// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitIdentifier, emitMainDate, emitReference, emitUri, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Contract');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHORITY = site('authority');
const DOMAIN = site('domain');
const IDENTIFIER = site('identifier');
const INSTANTIATES = site('instantiates');
const ISSUED = site('issued');
const PATIENT = site('patient');
const SUBJECT = site('subject');
const SIGNER = site('signer');
const STATUS = site('status');
const URL = site('url');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const authority of itemsOf(resource.authority)) if (authority != null) { sink.mark(16, 0); emitReference(AUTHORITY, authority, sink); }
  for (const domain of itemsOf(resource.domain)) if (domain != null) { sink.mark(32, 0); emitReference(DOMAIN, domain, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(64, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const instantiatesUri = resource.instantiatesUri;
  if (instantiatesUri != null) { sink.mark(128, 0); emitUri(INSTANTIATES, instantiatesUri, sink); }
  const issued = resource.issued;
  if (issued != null) { sink.mark(256, 0); emitMainDate(ISSUED, issued, sink, 'dateTime'); }
  for (const subject of itemsOf(resource.subject)) if (subject != null) {
    if (targetTypeOf(subject) === 'Patient') { sink.mark(512, 0); emitReference(PATIENT, subject, sink); }
    sink.mark(4096, 0);
    emitReference(SUBJECT, subject, sink);
  }
  for (const signer of itemsOf(resource.signer)) if (signer != null) {
    const party = signer.party;
    if (party != null) { sink.mark(1024, 0); emitReference(SIGNER, party, sink); }
  }
  const status = resource.status;
  if (status != null) { sink.mark(2048, 0); emitCode(STATUS, status, sink); }
  const url = resource.url;
  if (url != null) { sink.mark(8192, 0); emitUri(URL, url, sink); }
}
