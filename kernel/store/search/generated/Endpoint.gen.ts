// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitOrderedIdentifier, emitReference, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Endpoint');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CONNECTION_TYPE = site('connection-type');
const IDENTIFIER = site('identifier');
const NAME = site('name');
const ORGANIZATION = site('organization');
const PAYLOAD_TYPE = site('payload-type');
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
  const connectionType = resource.connectionType;
  if (connectionType != null) { sink.mark(16, 0); emitCoding(CONNECTION_TYPE, connectionType, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  const name = resource.name;
  if (name != null) { sink.mark(64, 0); emitString(NAME, name, sink); }
  const managingOrganization = resource.managingOrganization;
  if (managingOrganization != null) { sink.mark(128, 0); emitReference(ORGANIZATION, managingOrganization, sink); }
  for (const payloadType of itemsOf(resource.payloadType)) if (payloadType != null) { sink.mark(256, 0); emitConcept(PAYLOAD_TYPE, payloadType, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(512, 0); emitCode(STATUS, status, sink); }
}
