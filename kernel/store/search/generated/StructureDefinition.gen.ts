// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitMainDate, emitPair, emitQuantity, emitString, emitToken, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('StructureDefinition');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ABSTRACT = site('abstract');
const BASE = site('base');
const BASE_PATH = site('base-path');
const PATH = site('path');
const VALUESET = site('valueset');
const CONTEXT_TYPE_QUANTITY = site('context-type-quantity');
const CONTEXT_TYPE_VALUE = site('context-type-value');
const CONTEXT = site('context');
const CONTEXT_QUANTITY = site('context-quantity');
const CONTEXT_TYPE = site('context-type');
const DATE = site('date');
const DERIVATION = site('derivation');
const DESCRIPTION = site('description');
const EXPERIMENTAL = site('experimental');
const EXT_CONTEXT = site('ext-context');
const IDENTIFIER = site('identifier');
const JURISDICTION = site('jurisdiction');
const KEYWORD = site('keyword');
const KIND = site('kind');
const NAME = site('name');
const PUBLISHER = site('publisher');
const STATUS = site('status');
const TITLE = site('title');
const TYPE = site('type');
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
  const abstract = resource.abstract;
  if (abstract != null) { sink.mark(16, 0); emitCode(ABSTRACT, abstract, sink); }
  const baseDefinition = resource.baseDefinition;
  if (baseDefinition != null) { sink.mark(32, 0); emitUri(BASE, baseDefinition, sink); }
  const snapshot = resource.snapshot;
  if (snapshot != null) {
    for (const element of itemsOf(snapshot.element)) if (element != null) {
      const base = element.base;
      if (base != null) {
        const path = base.path;
        if (path != null) { sink.mark(64, 0); emitToken(BASE_PATH, path, sink); }
      }
      const path = element.path;
      if (path != null) { sink.mark(4194304, 0); emitToken(PATH, path, sink); }
      const binding = element.binding;
      if (binding != null) {
        const valueSet = binding.valueSet;
        if (valueSet != null) { sink.mark(268435456, 0); emitUri(VALUESET, valueSet, sink); }
      }
    }
  }
  const differential = resource.differential;
  if (differential != null) {
    for (const element of itemsOf(differential.element)) if (element != null) {
      const base = element.base;
      if (base != null) {
        const path = base.path;
        if (path != null) { sink.mark(64, 0); emitToken(BASE_PATH, path, sink); }
      }
      const path = element.path;
      if (path != null) { sink.mark(4194304, 0); emitToken(PATH, path, sink); }
    }
  }
  for (const useContext of itemsOf(resource.useContext)) if (useContext != null) {
    sink.mark(3072, 0);
    if (useContext.valueQuantity != null) emitPair(CONTEXT_TYPE_QUANTITY, 'Coding', useContext.code, 'Quantity', useContext.valueQuantity, sink);
    if (useContext.valueRange != null) emitPair(CONTEXT_TYPE_QUANTITY, 'Coding', useContext.code, 'Range', useContext.valueRange, sink);
    if (useContext.valueCodeableConcept != null) emitPair(CONTEXT_TYPE_VALUE, 'Coding', useContext.code, 'CodeableConcept', useContext.valueCodeableConcept, sink);
    const valueCodeableConcept = useContext.valueCodeableConcept;
    if (valueCodeableConcept != null) { sink.mark(128, 0); emitConcept(CONTEXT, valueCodeableConcept, sink); }
    const valueQuantity = useContext.valueQuantity;
    if (valueQuantity != null) { sink.mark(256, 0); emitQuantity(CONTEXT_QUANTITY, valueQuantity, sink, 'Quantity'); }
    const valueRange = useContext.valueRange;
    if (valueRange != null) { sink.mark(256, 0); emitQuantity(CONTEXT_QUANTITY, valueRange, sink, 'Range'); }
    const code = useContext.code;
    if (code != null) { sink.mark(512, 0); emitCoding(CONTEXT_TYPE, code, sink); }
  }
  const date = resource.date;
  if (date != null) { sink.mark(4096, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  const derivation = resource.derivation;
  if (derivation != null) { sink.mark(8192, 0); emitCode(DERIVATION, derivation, sink); }
  const description = resource.description;
  if (description != null) { sink.mark(16384, 0); emitString(DESCRIPTION, description, sink); }
  const experimental = resource.experimental;
  if (experimental != null) { sink.mark(32768, 0); emitCode(EXPERIMENTAL, experimental, sink); }
  for (const context of itemsOf(resource.context)) if (context != null) {
    const type_ = context.type;
    if (type_ != null) { sink.mark(65536, 0); emitCode(EXT_CONTEXT, type_, sink); }
  }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(131072, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  for (const jurisdiction of itemsOf(resource.jurisdiction)) if (jurisdiction != null) { sink.mark(262144, 0); emitConcept(JURISDICTION, jurisdiction, sink); }
  for (const keyword of itemsOf(resource.keyword)) if (keyword != null) { sink.mark(524288, 0); emitCoding(KEYWORD, keyword, sink); }
  const kind = resource.kind;
  if (kind != null) { sink.mark(1048576, 0); emitCode(KIND, kind, sink); }
  const name = resource.name;
  if (name != null) { sink.mark(2097152, 0); emitString(NAME, name, sink); }
  const publisher = resource.publisher;
  if (publisher != null) { sink.mark(8388608, 0); emitString(PUBLISHER, publisher, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(16777216, 0); emitCode(STATUS, status, sink); }
  const title = resource.title;
  if (title != null) { sink.mark(33554432, 0); emitString(TITLE, title, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(67108864, 0); emitUri(TYPE, type_, sink); }
  const url = resource.url;
  if (url != null) { sink.mark(134217728, 0); emitUri(URL, url, sink); }
  const version = resource.version;
  if (version != null) { sink.mark(536870912, 0); emitToken(VERSION, version, sink); }
}
