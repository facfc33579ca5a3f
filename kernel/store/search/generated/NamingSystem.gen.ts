// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitContact, emitDate, emitMainDate, emitPair, emitQuantity, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('NamingSystem');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CONTACT = site('contact');
const TELECOM = site('telecom');
const CONTEXT_TYPE_QUANTITY = site('context-type-quantity');
const CONTEXT_TYPE_VALUE = site('context-type-value');
const CONTEXT = site('context');
const CONTEXT_QUANTITY = site('context-quantity');
const CONTEXT_TYPE = site('context-type');
const DATE = site('date');
const DESCRIPTION = site('description');
const ID_TYPE = site('id-type');
const PERIOD = site('period');
const VALUE = site('value');
const JURISDICTION = site('jurisdiction');
const KIND = site('kind');
const NAME = site('name');
const PUBLISHER = site('publisher');
const RESPONSIBLE = site('responsible');
const STATUS = site('status');
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
  for (const contact of itemsOf(resource.contact)) if (contact != null) {
    const name = contact.name;
    if (name != null) { sink.mark(16, 0); emitString(CONTACT, name, sink); }
    for (const telecom of itemsOf(contact.telecom)) if (telecom != null) { sink.mark(1048576, 0); emitContact(TELECOM, telecom, sink); }
  }
  for (const useContext of itemsOf(resource.useContext)) if (useContext != null) {
    sink.mark(768, 0);
    if (useContext.valueQuantity != null) emitPair(CONTEXT_TYPE_QUANTITY, 'Coding', useContext.code, 'Quantity', useContext.valueQuantity, sink);
    if (useContext.valueRange != null) emitPair(CONTEXT_TYPE_QUANTITY, 'Coding', useContext.code, 'Range', useContext.valueRange, sink);
    if (useContext.valueCodeableConcept != null) emitPair(CONTEXT_TYPE_VALUE, 'Coding', useContext.code, 'CodeableConcept', useContext.valueCodeableConcept, sink);
    const valueCodeableConcept = useContext.valueCodeableConcept;
    if (valueCodeableConcept != null) { sink.mark(32, 0); emitConcept(CONTEXT, valueCodeableConcept, sink); }
    const valueQuantity = useContext.valueQuantity;
    if (valueQuantity != null) { sink.mark(64, 0); emitQuantity(CONTEXT_QUANTITY, valueQuantity, sink, 'Quantity'); }
    const valueRange = useContext.valueRange;
    if (valueRange != null) { sink.mark(64, 0); emitQuantity(CONTEXT_QUANTITY, valueRange, sink, 'Range'); }
    const code = useContext.code;
    if (code != null) { sink.mark(128, 0); emitCoding(CONTEXT_TYPE, code, sink); }
  }
  const date = resource.date;
  if (date != null) { sink.mark(1024, 0); emitMainDate(DATE, date, sink, 'dateTime'); }
  const description = resource.description;
  if (description != null) { sink.mark(2048, 0); emitString(DESCRIPTION, description, sink); }
  for (const uniqueId of itemsOf(resource.uniqueId)) if (uniqueId != null) {
    const type_ = uniqueId.type;
    if (type_ != null) { sink.mark(4096, 0); emitCode(ID_TYPE, type_, sink); }
    const period = uniqueId.period;
    if (period != null) { sink.mark(65536, 0); emitDate(PERIOD, period, sink, 'Period'); }
    const value = uniqueId.value;
    if (value != null) { sink.mark(4194304, 0); emitString(VALUE, value, sink); }
  }
  for (const jurisdiction of itemsOf(resource.jurisdiction)) if (jurisdiction != null) { sink.mark(8192, 0); emitConcept(JURISDICTION, jurisdiction, sink); }
  const kind = resource.kind;
  if (kind != null) { sink.mark(16384, 0); emitCode(KIND, kind, sink); }
  const name = resource.name;
  if (name != null) { sink.mark(32768, 0); emitString(NAME, name, sink); }
  const publisher = resource.publisher;
  if (publisher != null) { sink.mark(131072, 0); emitString(PUBLISHER, publisher, sink); }
  const responsible = resource.responsible;
  if (responsible != null) { sink.mark(262144, 0); emitString(RESPONSIBLE, responsible, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(524288, 0); emitCode(STATUS, status, sink); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(2097152, 0); emitConcept(TYPE, type_, sink, true); }
}
