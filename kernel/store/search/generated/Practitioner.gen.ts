// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitAddress, emitCode, emitCoding, emitConcept, emitContact, emitName, emitOrderedIdentifier, emitSounds, emitString, emitUri, emitWord, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Practitioner');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTIVE = site('active');
const ADDRESS = site('address');
const ADDRESS_CITY = site('address-city');
const ADDRESS_COUNTRY = site('address-country');
const ADDRESS_POSTALCODE = site('address-postalcode');
const ADDRESS_STATE = site('address-state');
const ADDRESS_USE = site('address-use');
const COMMUNICATION = site('communication');
const TELECOM = site('telecom');
const NAME = site('name');
const PHONETIC = site('phonetic');
const FAMILY = site('family');
const GIVEN = site('given');
const GENDER = site('gender');
const IDENTIFIER = site('identifier');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const active = resource.active;
  if (active != null) { sink.mark(16, 0); emitCode(ACTIVE, active, sink); }
  for (const address of itemsOf(resource.address)) if (address != null) {
    sink.mark(32, 0);
    emitAddress(ADDRESS, address, sink);
    const city = address.city;
    if (city != null) { sink.mark(64, 0); emitWord(ADDRESS_CITY, city, sink); }
    const country = address.country;
    if (country != null) { sink.mark(128, 0); emitWord(ADDRESS_COUNTRY, country, sink); }
    const postalCode = address.postalCode;
    if (postalCode != null) { sink.mark(256, 0); emitWord(ADDRESS_POSTALCODE, postalCode, sink); }
    const state = address.state;
    if (state != null) { sink.mark(512, 0); emitWord(ADDRESS_STATE, state, sink); }
    const use = address.use;
    if (use != null) { sink.mark(1024, 0); emitCode(ADDRESS_USE, use, sink); }
  }
  for (const communication of itemsOf(resource.communication)) if (communication != null) { sink.mark(2048, 0); emitConcept(COMMUNICATION, communication, sink); }
  for (const telecom of itemsOf(resource.telecom)) if (telecom != null) {
    if (telecom.system === 'email') {
      sink.mark(4096, 0); // email
    }
    if (telecom.system === 'phone') {
      sink.mark(262144, 0); // phone
    }
    sink.mark(1048576, 0);
    emitContact(TELECOM, telecom, sink);
  }
  for (const name of itemsOf(resource.name)) if (name != null) {
    sink.mark(655360, 0);
    emitName(NAME, name, sink);
    emitSounds(PHONETIC, name, sink);
    const family = name.family;
    if (family != null) { sink.mark(8192, 0); emitWord(FAMILY, family, sink); }
    for (const given of itemsOf(name.given)) if (given != null) { sink.mark(32768, 0); emitString(GIVEN, given, sink); }
  }
  const gender = resource.gender;
  if (gender != null) { sink.mark(16384, 0); emitCode(GENDER, gender, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(65536, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
}
