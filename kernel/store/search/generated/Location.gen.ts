// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitAddress, emitCode, emitCoding, emitConcept, emitOrderedIdentifier, emitPosition, emitReference, emitString, emitUri, emitWord, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Location');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ADDRESS = site('address');
const ADDRESS_CITY = site('address-city');
const ADDRESS_COUNTRY = site('address-country');
const ADDRESS_POSTALCODE = site('address-postalcode');
const ADDRESS_STATE = site('address-state');
const ADDRESS_USE = site('address-use');
const ENDPOINT = site('endpoint');
const IDENTIFIER = site('identifier');
const NAME = site('name');
const NEAR = site('near');
const OPERATIONAL_STATUS = site('operational-status');
const ORGANIZATION = site('organization');
const PARTOF = site('partof');
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
  const address = resource.address;
  if (address != null) {
    sink.mark(16, 0);
    emitAddress(ADDRESS, address, sink);
    const city = address.city;
    if (city != null) { sink.mark(32, 0); emitWord(ADDRESS_CITY, city, sink); }
    const country = address.country;
    if (country != null) { sink.mark(64, 0); emitWord(ADDRESS_COUNTRY, country, sink); }
    const postalCode = address.postalCode;
    if (postalCode != null) { sink.mark(128, 0); emitWord(ADDRESS_POSTALCODE, postalCode, sink); }
    const state = address.state;
    if (state != null) { sink.mark(256, 0); emitWord(ADDRESS_STATE, state, sink); }
    const use = address.use;
    if (use != null) { sink.mark(512, 0); emitCode(ADDRESS_USE, use, sink); }
  }
  for (const endpoint of itemsOf(resource.endpoint)) if (endpoint != null) { sink.mark(1024, 0); emitReference(ENDPOINT, endpoint, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(2048, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  const name = resource.name;
  if (name != null) { sink.mark(4096, 0); emitString(NAME, name, sink); }
  for (const alias of itemsOf(resource.alias)) if (alias != null) { sink.mark(4096, 0); emitString(NAME, alias, sink); }
  const position = resource.position;
  if (position != null) { sink.mark(8192, 0); emitPosition(NEAR, position, sink); }
  const operationalStatus = resource.operationalStatus;
  if (operationalStatus != null) { sink.mark(16384, 0); emitCoding(OPERATIONAL_STATUS, operationalStatus, sink); }
  const managingOrganization = resource.managingOrganization;
  if (managingOrganization != null) { sink.mark(32768, 0); emitReference(ORGANIZATION, managingOrganization, sink); }
  const partOf = resource.partOf;
  if (partOf != null) { sink.mark(65536, 0); emitReference(PARTOF, partOf, sink); }
  const status = resource.status;
  if (status != null) { sink.mark(131072, 0); emitCode(STATUS, status, sink); }
  for (const type_ of itemsOf(resource.type)) if (type_ != null) { sink.mark(262144, 0); emitConcept(TYPE, type_, sink, true); }
}
