// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitIdentifier, emitMainDate, emitReference, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('TestReport');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const IDENTIFIER = site('identifier');
const ISSUED = site('issued');
const PARTICIPANT = site('participant');
const RESULT = site('result');
const TESTER = site('tester');
const TESTSCRIPT = site('testscript');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const identifier = resource.identifier;
  if (identifier != null) { sink.mark(16, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const issued = resource.issued;
  if (issued != null) { sink.mark(32, 0); emitMainDate(ISSUED, issued, sink, 'dateTime'); }
  for (const participant of itemsOf(resource.participant)) if (participant != null) {
    const uri = participant.uri;
    if (uri != null) { sink.mark(64, 0); emitUri(PARTICIPANT, uri, sink); }
  }
  const result = resource.result;
  if (result != null) { sink.mark(128, 0); emitCode(RESULT, result, sink); }
  const tester = resource.tester;
  if (tester != null) { sink.mark(256, 0); emitString(TESTER, tester, sink); }
  const testScript = resource.testScript;
  if (testScript != null) { sink.mark(512, 0); emitReference(TESTSCRIPT, testScript, sink); }
}
