// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('DeviceMetric');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CATEGORY = site('category');
const IDENTIFIER = site('identifier');
const PARENT = site('parent');
const SOURCE = site('source');
const TYPE = site('type');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const category = resource.category;
  if (category != null) { sink.mark(16, 0); emitCode(CATEGORY, category, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const parent = resource.parent;
  if (parent != null) { sink.mark(64, 0); emitReference(PARENT, parent, sink); }
  const source = resource.source;
  if (source != null) { sink.mark(128, 0); emitReference(SOURCE, source, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(256, 0); emitConcept(TYPE, type_, sink, true); }
}
