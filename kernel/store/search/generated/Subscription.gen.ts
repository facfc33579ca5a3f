// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitContact, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Subscription');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CONTACT = site('contact');
const CRITERIA = site('criteria');
const PAYLOAD = site('payload');
const TYPE = site('type');
const URL = site('url');
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
  for (const contact of itemsOf(resource.contact)) if (contact != null) { sink.mark(16, 0); emitContact(CONTACT, contact, sink); }
  const criteria = resource.criteria;
  if (criteria != null) { sink.mark(32, 0); emitString(CRITERIA, criteria, sink); }
  const channel = resource.channel;
  if (channel != null) {
    const payload = channel.payload;
    if (payload != null) { sink.mark(64, 0); emitCode(PAYLOAD, payload, sink); }
    const type_ = channel.type;
    if (type_ != null) { sink.mark(256, 0); emitCode(TYPE, type_, sink); }
    const endpoint = channel.endpoint;
    if (endpoint != null) { sink.mark(512, 0); emitUri(URL, endpoint, sink); }
  }
  const status = resource.status;
  if (status != null) { sink.mark(128, 0); emitCode(STATUS, status, sink); }
}
