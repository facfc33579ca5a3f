// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitPair, emitQuantity, emitString, emitToken, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('ExampleScenario');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CONTEXT_TYPE_QUANTITY = site('context-type-quantity');
const CONTEXT_TYPE_VALUE = site('context-type-value');
const CONTEXT = site('context');
const CONTEXT_QUANTITY = site('context-quantity');
const CONTEXT_TYPE = site('context-type');
const DATE = site('date');
const IDENTIFIER = site('identifier');
const JURISDICTION = site('jurisdiction');
const NAME = site('name');
const PUBLISHER = site('publisher');
const STATUS = site('status');
const URL = site('url');
const VERSION = site('version');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const useContext of itemsOf(resource.useContext)) if (useContext != null) {
    sink.mark(384, 0);
    if (useContext.valueQuantity != null) emitPair(CONTEXT_TYPE_QUANTITY, 'Coding', useContext.code, 'Quantity', useContext.valueQuantity, sink);
    if (useContext.valueRange != null) emitPair(CONTEXT_TYPE_QUANTITY, 'Coding', useContext.code, 'Range', useContext.valueRange, sink);
    if (useContext.valueCodeableConcept != null) emitPair(CONTEXT_TYPE_VALUE, 'Coding', useContext.code, 'CodeableConcept', useContext.valueCodeableConcept, sink);
    const valueCodeableConcept = useContext.valueCodeableConcept;
    if (valueCodeableConcept != null) { sink.mark(16, 0); emitConcept(CONTEXT, valueCodeableConcept, sink); }
    const valueQuantity = useContext.valueQuantity;
    if (valueQuantity != null) { sink.mark(32, 0); emitQuantity(CONTEXT_QUANTITY, valueQuantity, sink, 'Quantity'); }
    const valueRange = useContext.valueRange;
    if (valueRange != null) { sink.mark(32, 0); emitQuantity(CONTEXT_QUANTITY, valueRange, sink, 'Range'); }
    const code = useContext.code;
    if (code != null) { sink.mark(64, 0); emitCoding(CONTEXT_TYPE, code, sink); }
  }
  const date = resource.date;
  if (date != null) { sink.mark(512, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(1024, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const jurisdiction of itemsOf(resource.jurisdiction)) if (jurisdiction != null) { sink.mark(2048, 0); emitConcept(JURISDICTION, jurisdiction, sink); }
  const name = resource.name;
  if (name != null) { sink.mark(4096, 0); emitString(NAME, name, sink); }
  const publisher = resource.publisher;
  if (publisher != null) { sink.mark(8192, 0); emitString(PUBLISHER, publisher, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(16384, 0); emitCode(STATUS, status, sink); }
  const url = resource.url;
  if (url != null) { sink.mark(32768, 0); emitUri(URL, url, sink); }
  const version = resource.version;
  if (version != null) { sink.mark(65536, 0); emitToken(VERSION, version, sink); }
}
