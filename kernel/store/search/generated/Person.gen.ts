// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitAddress, emitCode, emitCoding, emitContact, emitMainDate, emitName, emitOrderedIdentifier, emitReference, emitSounds, emitUri, emitWord, itemsOf, sitesOf, targetTypeOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Person');
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
const BIRTHDATE = site('birthdate');
const TELECOM = site('telecom');
const GENDER = site('gender');
const IDENTIFIER = site('identifier');
const LINK = site('link');
const PATIENT = site('patient');
const PRACTITIONER = site('practitioner');
const RELATEDPERSON = site('relatedperson');
const NAME = site('name');
const PHONETIC = site('phonetic');
const ORGANIZATION = site('organization');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const address of itemsOf(resource.address)) if (address != null) {
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
  const birthDate = resource.birthDate;
  if (birthDate != null) { sink.mark(1024, 0); emitMainDate(BIRTHDATE, birthDate, sink, 'date'); }
  for (const telecom of itemsOf(resource.telecom)) if (telecom != null) {
    if (telecom.system === 'email') {
      sink.mark(2048, 0); // email
    }
    if (telecom.system === 'phone') {
      sink.mark(262144, 0); // phone
    }
    sink.mark(4194304, 0);
    emitContact(TELECOM, telecom, sink);
  }
  const gender = resource.gender;
  if (gender != null) { sink.mark(4096, 0); emitCode(GENDER, gender, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(8192, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  for (const link of itemsOf(resource.link)) if (link != null) {
    const target = link.target;
    if (target != null) {
      sink.mark(16384, 0);
      emitReference(LINK, target, sink);
      if (targetTypeOf(target) === 'Patient') { sink.mark(131072, 0); emitReference(PATIENT, target, sink); }
      if (targetTypeOf(target) === 'Practitioner') { sink.mark(1048576, 0); emitReference(PRACTITIONER, target, sink); }
      if (targetTypeOf(target) === 'RelatedPerson') { sink.mark(2097152, 0); emitReference(RELATEDPERSON, target, sink); }
    }
  }
  for (const name of itemsOf(resource.name)) if (name != null) {
    sink.mark(557056, 0);
    emitName(NAME, name, sink);
    emitSounds(PHONETIC, name, sink);
  }
  const managingOrganization = resource.managingOrganization;
  if (managingOrganization != null) { sink.mark(65536, 0); emitReference(ORGANIZATION, managingOrganization, sink); }
}
