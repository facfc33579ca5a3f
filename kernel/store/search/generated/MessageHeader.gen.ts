// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitReference, emitString, emitToken, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('MessageHeader');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const AUTHOR = site('author');
const CODE = site('code');
const RESPONSE_ID = site('response-id');
const DESTINATION = site('destination');
const DESTINATION_URI = site('destination-uri');
const RECEIVER = site('receiver');
const TARGET = site('target');
const ENTERER = site('enterer');
const EVENT = site('event');
const FOCUS = site('focus');
const RESPONSIBLE = site('responsible');
const SENDER = site('sender');
const SOURCE = site('source');
const SOURCE_URI = site('source-uri');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const author = resource.author;
  if (author != null) { sink.mark(16, 0); emitReference(AUTHOR, author, sink); }
  const response = resource.response;
  if (response != null) {
    const code = response.code;
    if (code != null) { sink.mark(32, 0); emitCode(CODE, code, sink); }
    const identifier = response.identifier;
    if (identifier != null) { sink.mark(4096, 0); emitToken(RESPONSE_ID, identifier, sink); }
  }
  for (const destination of itemsOf(resource.destination)) if (destination != null) {
    const name = destination.name;
    if (name != null) { sink.mark(64, 0); emitString(DESTINATION, name, sink); }
    const endpoint = destination.endpoint;
    if (endpoint != null) { sink.mark(128, 0); emitUri(DESTINATION_URI, endpoint, sink); }
    const receiver = destination.receiver;
    if (receiver != null) { sink.mark(2048, 0); emitReference(RECEIVER, receiver, sink); }
    const target = destination.target;
    if (target != null) { sink.mark(131072, 0); emitReference(TARGET, target, sink); }
  }
  const enterer = resource.enterer;
  if (enterer != null) { sink.mark(256, 0); emitReference(ENTERER, enterer, sink); }
  const eventCoding = resource.eventCoding;
  if (eventCoding != null) { sink.mark(512, 0); emitCoding(EVENT, eventCoding, sink); }
  const eventUri = resource.eventUri;
  if (eventUri != null) { sink.mark(512, 0); emitToken(EVENT, eventUri, sink); }
  for (const focus of itemsOf(resource.focus)) if (focus != null) { sink.mark(1024, 0); emitReference(FOCUS, focus, sink); }
  const responsible = resource.responsible;
  if (responsible != null) { sink.mark(8192, 0); emitReference(RESPONSIBLE, responsible, sink); }
  const sender = resource.sender;
  if (sender != null) { sink.mark(16384, 0); emitReference(SENDER, sender, sink); }
  const source = resource.source;
  if (source != null) {
    const name = source.name;
    if (name != null) { sink.mark(32768, 0); emitString(SOURCE, name, sink); }
    const endpoint = source.endpoint;
    if (endpoint != null) { sink.mark(65536, 0); emitUri(SOURCE_URI, endpoint, sink); }
  }
}
