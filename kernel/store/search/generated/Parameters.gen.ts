// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCoding, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Parameters');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
}
