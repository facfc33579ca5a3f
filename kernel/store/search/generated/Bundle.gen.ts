// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCarried, emitCode, emitCoding, emitMainDate, emitOrderedIdentifier, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Bundle');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const IDENTIFIER = site('identifier');
const TIMESTAMP = site('timestamp');
const TYPE = site('type');

export function extract(resource: Json, sink: Sink): void {
  emitCarried('Bundle.composition', resource, sink, 4, ['Composition']);
  emitCarried('Bundle.message', resource, sink, 6, ['MessageHeader']);
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const identifier = resource.identifier;
  if (identifier != null) { sink.mark(32, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  const timestamp = resource.timestamp;
  if (timestamp != null) { sink.mark(128, 0); emitMainDate(TIMESTAMP, timestamp, sink, 'instant'); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(256, 0); emitCode(TYPE, type_, sink); }
}
