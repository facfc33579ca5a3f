// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitReference, emitString, emitUri, itemsOf, sitesOf, type Json, type Sink } from '../generated.ts';

const site = sitesOf('Device');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const DEVICE_NAME = site('device-name');
const TYPE = site('type');
const IDENTIFIER = site('identifier');
const LOCATION = site('location');
const MANUFACTURER = site('manufacturer');
const MODEL = site('model');
const ORGANIZATION = site('organization');
const PATIENT = site('patient');
const STATUS = site('status');
const UDI_CARRIER = site('udi-carrier');
const UDI_DI = site('udi-di');
const URL = site('url');

export function extract(resource: Json, sink: Sink): void {
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  for (const deviceName of itemsOf(resource.deviceName)) if (deviceName != null) {
    const name = deviceName.name;
    if (name != null) { sink.mark(16, 0); emitString(DEVICE_NAME, name, sink); }
  }
  const type_ = resource.type;
  if (type_ != null) {
    sink.mark(4096, 0);
    emitConcept(TYPE, type_, sink, true);
    for (const coding of itemsOf(type_.coding)) if (coding != null) {
      const display = coding.display;
      if (display != null) { sink.mark(16, 0); emitString(DEVICE_NAME, display, sink); }
    }
    const text = type_.text;
    if (text != null) { sink.mark(16, 0); emitString(DEVICE_NAME, text, sink); }
  }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(32, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const location = resource.location;
  if (location != null) { sink.mark(64, 0); emitReference(LOCATION, location, sink); }
  const manufacturer = resource.manufacturer;
  if (manufacturer != null) { sink.mark(128, 0); emitString(MANUFACTURER, manufacturer, sink); }
  const modelNumber = resource.modelNumber;
  if (modelNumber != null) { sink.mark(256, 0); emitString(MODEL, modelNumber, sink); }
  const owner = resource.owner;
  if (owner != null) { sink.mark(512, 0); emitReference(ORGANIZATION, owner, sink); }
  const patient = resource.patient;
  if (patient != null) { sink.mark(1024, 0); emitReference(PATIENT, patient, sink, true); }
  const status = resource.status;
  if (status != null) { sink.mark(2048, 0); emitCode(STATUS, status, sink); }
  for (const udiCarrier of itemsOf(resource.udiCarrier)) if (udiCarrier != null) {
    const carrierHRF = udiCarrier.carrierHRF;
    if (carrierHRF != null) { sink.mark(8192, 0); emitString(UDI_CARRIER, carrierHRF, sink); }
    const deviceIdentifier = udiCarrier.deviceIdentifier;
    if (deviceIdentifier != null) { sink.mark(16384, 0); emitString(UDI_DI, deviceIdentifier, sink); }
  }
  const url = resource.url;
  if (url != null) { sink.mark(32768, 0); emitUri(URL, url, sink); }
}
