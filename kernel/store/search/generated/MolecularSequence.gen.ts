// Written by generate-extractors.ts from the search parameters of R4; not edited.
import { emitCode, emitCoding, emitConcept, emitIdentifier, emitNumber, emitReference, emitUri, itemsOf, sitesOf, stretchEmitter, type Json, type Sink } from '../generated.ts';

const site = sitesOf('MolecularSequence');
const _PROFILE = site('_profile');
const _SECURITY = site('_security');
const _SOURCE = site('_source');
const _TAG = site('_tag');
const CHROMOSOME = site('chromosome');
const REFERENCESEQID = site('referenceseqid');
const WINDOW_END = site('window-end');
const WINDOW_START = site('window-start');
const VARIANT_END = site('variant-end');
const VARIANT_START = site('variant-start');
const IDENTIFIER = site('identifier');
const PATIENT = site('patient');
const TYPE = site('type');
const CHROMOSOME_VARIANT_COORDINATE = stretchEmitter('MolecularSequence', 'chromosome-variant-coordinate');
const CHROMOSOME_WINDOW_COORDINATE = stretchEmitter('MolecularSequence', 'chromosome-window-coordinate');
const REFERENCESEQID_VARIANT_COORDINATE = stretchEmitter('MolecularSequence', 'referenceseqid-variant-coordinate');
const REFERENCESEQID_WINDOW_COORDINATE = stretchEmitter('MolecularSequence', 'referenceseqid-window-coordinate');

export function extract(resource: Json, sink: Sink): void {
  CHROMOSOME_VARIANT_COORDINATE(resource, sink);
  CHROMOSOME_WINDOW_COORDINATE(resource, sink);
  REFERENCESEQID_VARIANT_COORDINATE(resource, sink);
  REFERENCESEQID_WINDOW_COORDINATE(resource, sink);
  const meta = resource.meta;
  if (meta != null) {
    for (const profile of itemsOf(meta.profile)) if (profile != null) { sink.mark(1, 0); emitUri(_PROFILE, profile, sink); }
    for (const security of itemsOf(meta.security)) if (security != null) { sink.mark(2, 0); emitCoding(_SECURITY, security, sink); }
    const source = meta.source;
    if (source != null) { sink.mark(4, 0); emitUri(_SOURCE, source, sink); }
    for (const tag of itemsOf(meta.tag)) if (tag != null) { sink.mark(8, 0); emitCoding(_TAG, tag, sink); }
  }
  const referenceSeq = resource.referenceSeq;
  if (referenceSeq != null) {
    sink.mark(2112, 0); // chromosome-window-coordinate, referenceseqid-window-coordinate
    const chromosome = referenceSeq.chromosome;
    if (chromosome != null) { sink.mark(16, 0); emitConcept(CHROMOSOME, chromosome, sink); }
    const referenceSeqId = referenceSeq.referenceSeqId;
    if (referenceSeqId != null) { sink.mark(512, 0); emitConcept(REFERENCESEQID, referenceSeqId, sink); }
    const windowEnd = referenceSeq.windowEnd;
    if (windowEnd != null) { sink.mark(32768, 0); emitNumber(WINDOW_END, windowEnd, sink, 'integer'); }
    const windowStart = referenceSeq.windowStart;
    if (windowStart != null) { sink.mark(65536, 0); emitNumber(WINDOW_START, windowStart, sink, 'integer'); }
  }
  for (const variant of itemsOf(resource.variant)) if (variant != null) {
    sink.mark(1056, 0); // chromosome-variant-coordinate, referenceseqid-variant-coordinate
    const end = variant.end;
    if (end != null) { sink.mark(8192, 0); emitNumber(VARIANT_END, end, sink, 'integer'); }
    const start = variant.start;
    if (start != null) { sink.mark(16384, 0); emitNumber(VARIANT_START, start, sink, 'integer'); }
  }
  for (const identifier of itemsOf(resource.identifier)) if (identifier != null) { sink.mark(128, 0); emitIdentifier(IDENTIFIER, identifier, sink); }
  const patient = resource.patient;
  if (patient != null) { sink.mark(256, 0); emitReference(PATIENT, patient, sink, true); }
  const type_ = resource.type;
  if (type_ != null) { sink.mark(4096, 0); emitCode(TYPE, type_, sink); }
}
