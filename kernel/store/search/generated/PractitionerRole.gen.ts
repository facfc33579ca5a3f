// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitContact, emitMainDate, emitOrderedIdentifier, emitReference, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('PractitionerRole');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const ACTIVE = site('active');
const DATE = site('date');
const TELECOM = site('telecom');
const ENDPOINT = site('endpoint');
const IDENTIFIER = site('identifier');
const LOCATION = site('location');
const ORGANIZATION = site('organization');
const PRACTITIONER = site('practitioner');
const ROLE = site('role');
const SERVICE = site('service');
const SPECIALTY = site('specialty');

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
  const period = resource.period;
  if (period != null) { sink.mark(32, 0); emitMainDate(DATE, period, sink, 'Period'); }
  for (const telecom of itemsOf(resource.telecom)) if (telecom != null) {
    if (telecom.system === 'email') {
      sink.mark(64, 0); // email
    }
    if (telecom.system === 'phone') {
      sink.mark(2048, 0); // phone
    }
    sink.mark(65536, 0);
    emitContact(TELECOM, telecom, sink);
  }
  for (const endpoint of itemsOf(resource.endpoint)) if (endpoint != null) { sink.mark(128, 0); emitReference(ENDPOINT, endpoint, sink); }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(256, 0); emitOrderedIdentifier(IDENTIFIER, identifier, sink); }
  for (const location of itemsOf(resource.location)) if (location != null) { sink.mark(512, 0); emitReference(LOCATION, location, sink); }
  const organization = resource.organization;
  if (organization != null) { sink.mark(1024, 0); emitReference(ORGANIZATION, organization, sink); }
  const practitioner = resource.practitioner;
  if (practitioner != null) { sink.mark(4096, 0); emitReference(PRACTITIONER, practitioner, sink); }
  for (const code of itemsOf(resource.code)) if (code != null) { sink.mark(8192, 0); emitConcept(ROLE, code, sink); }
  for (const healthcareService of itemsOf(resource.healthcareService)) if (healthcareService != null) { sink.mark(16384, 0); emitReference(SERVICE, healthcareService, sink); }
  for (const specialty of itemsOf(resource.specialty)) if (specialty != null) { sink.mark(32768, 0); emitConcept(SPECIALTY, specialty, sink); }
}
