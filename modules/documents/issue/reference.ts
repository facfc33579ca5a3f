/** An issued paper as a DocumentReference, and back. Pure. docs/model.md, "Papers". */
import { createHash } from 'node:crypto';
import { paperUrl } from '../../../engines/documents/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { cs, DEMO_LABEL, ext, sid } from '../../../kernel/fhir/systems.ts';
import type { Coding, DocumentReference } from '../../../kernel/fhir/types.ts';

export interface IssuedPaper {
  key: string;
  /** First day of the template's version. */
  version: string;
  title: string;
  type?: Coding;
  /** '' for papers without numbers. */
  number: string;
  /** What makes it the same paper when it is asked for again. */
  fingerprint: string;
  patient: string;
  /** `Type/id` of what it is about. */
  about: string;
  /** `Type/id/_history/n` of everything that it was made of. */
  sources: readonly string[];
  labels: readonly Coding[];
  encounter?: string;
  author: { reference?: string; display: string };
  /** Organization id; null for papers that a citizen prints. */
  unit: string | null;
  at: string;
  demo: boolean;
  /** Id of the paper that this one stands for from now on. */
  replaces: string | null;
  bytes: Buffer;
}

/** The same for the same paper of the same versions of the record. */
export function fingerprintOf(key: string, sources: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([key, [...new Set(sources)].sort()]))
    .digest('hex')
    .slice(0, 40);
}

export function referenceOf(paper: IssuedPaper): DocumentReference {
  const { bytes } = paper;
  const security = [...(paper.demo ? [DEMO_LABEL] : []), ...paper.labels];
  return {
    resourceType: 'DocumentReference',
    ...(security.length > 0 ? { meta: { security } } : {}),
    extension: [{ url: ext.paper, valueCanonical: `${paperUrl(paper.key)}|${paper.version}` }],
    identifier: [
      ...(paper.number === '' ? [] : [{ system: sid.paper, value: paper.number }]),
      { system: sid.paperSource, value: paper.fingerprint },
    ],
    status: 'current',
    docStatus: 'final',
    type: {
      coding: [
        { system: cs.paper, code: paper.key, display: paper.title },
        ...(paper.type ? [paper.type] : []),
      ],
      text: paper.title,
    },
    subject: { reference: `Patient/${paper.patient}` },
    date: paper.at,
    author: [paper.author],
    ...(paper.unit === null ? {} : { custodian: { reference: `Organization/${paper.unit}` } }),
    ...(paper.replaces === null
      ? {}
      : { relatesTo: [{ code: 'replaces', target: { reference: `DocumentReference/${paper.replaces}` } }] }),
    description: paper.title,
    content: [
      {
        attachment: {
          contentType: 'application/pdf',
          language: 'vi',
          data: bytes.toString('base64'),
          size: bytes.length,
          // R4: SHA-1, base64. What later signing and re-printing stand on is the SHA-256 beside it.
          hash: createHash('sha1').update(bytes).digest('base64'),
          title: paper.title,
          creation: paper.at,
          extension: [{ url: ext.sha256, valueString: sha256(bytes) }],
        },
      },
    ],
    context: {
      ...(paper.encounter ? { encounter: [{ reference: `Encounter/${paper.encounter}` }] } : {}),
      related: [paper.about, ...paper.sources].map((reference) => ({ reference })),
    },
  };
}

/** The bytes as they were first issued. @throws Failure when they are not what was hashed at that time */
export function bytesOf(document: DocumentReference): Buffer {
  const attachment = document.content?.[0]?.attachment;
  const bytes = Buffer.from(attachment?.data ?? '', 'base64');
  const stated = attachment?.extension?.find(({ url }) => url === ext.sha256)?.valueString;
  if (bytes.length === 0 || stated !== sha256(bytes))
    throw new Failure(
      'conflict',
      'Tệp của giấy này không còn đúng như khi ban hành nên không in lại được: báo quản trị kiểm tra bản sao lưu.',
      { textEn: 'The bytes of this paper are not those that were issued (SHA-256 differs).' },
    );
  return bytes;
}

export type PaperState = 'current' | 'superseded' | 'cancelled';

export function stateOf({ status }: DocumentReference): PaperState {
  if (status === 'entered-in-error') return 'cancelled';
  return status === 'superseded' ? 'superseded' : 'current';
}

/** True for DocumentReferences that this room issued. */
export function isPaper(document: DocumentReference): boolean {
  return document.extension?.some(({ url }) => url === ext.paper) ?? false;
}

export function numberOf(document: DocumentReference): string {
  return document.identifier?.find(({ system }) => system === sid.paper)?.value ?? '';
}

/** `prescription`, `2025-07-01` */
export function definitionOf(document: DocumentReference): { key: string; version: string } {
  const canonical = document.extension?.find(({ url }) => url === ext.paper)?.valueCanonical ?? '';
  const [url = '', version = ''] = canonical.split('|');
  return { key: url.slice(url.lastIndexOf('/') + 1), version };
}

/** What made it the same paper when it was asked for again. */
export function fingerprintIn(document: DocumentReference): string {
  return document.identifier?.find(({ system }) => system === sid.paperSource)?.value ?? '';
}

export function aboutOf(document: DocumentReference): string {
  return document.context?.related?.[0]?.reference ?? '';
}

export interface Cancellation {
  reason: string;
  /** Name of who cancelled it. */
  by: string;
  at: string;
}

export function cancelled(document: DocumentReference, { reason, by, at }: Cancellation): DocumentReference {
  return {
    ...document,
    status: 'entered-in-error',
    extension: [
      ...(document.extension ?? []),
      {
        url: ext.cancelled,
        extension: [
          { url: 'ly-do', valueString: reason },
          { url: 'nguoi-huy', valueString: by },
          { url: 'luc', valueDateTime: at },
        ],
      },
    ],
  };
}

export function cancellationOf(document: DocumentReference): Cancellation | null {
  const parts = document.extension?.find(({ url }) => url === ext.cancelled)?.extension;
  if (!parts) return null;
  const part = (name: string) => parts.find(({ url }) => url === name);
  return {
    reason: part('ly-do')?.valueString ?? '',
    by: part('nguoi-huy')?.valueString ?? '',
    at: part('luc')?.valueDateTime ?? '',
  };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
