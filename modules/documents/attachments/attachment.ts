/** A file attached to a record as a DocumentReference, and back. Pure. docs/model.md, "Papers". */
import { createHash } from 'node:crypto';
import { cs, DEMO_LABEL, ext } from '../../../kernel/fhir/systems.ts';
import type { Attachment, Coding, DocumentReference } from '../../../kernel/fhir/types.ts';
import { cancellationOf, isPaper } from '../issue/reference.ts';
import type { SentFile } from './file.ts';

/** One file of a person's list. */
export interface AttachmentRow {
  id: string;
  title: string;
  /** Code of its category; null for a file that nobody has sorted in yet (those of forms). */
  kind: string | null;
  /** In the words of the day on which it was sorted in. */
  kindName: string;
  contentType: string;
  size: number;
  at: string;
  author: string;
  hasThumbnail: boolean;
  removed: { reason: string; by: string; at: string } | null;
  version: number;
}

/** What a file is said to be. */
export interface Sorted {
  kind: Coding;
  title: string;
}

export interface NewAttachment extends Sorted {
  patient: string;
  file: SentFile;
  thumbnail: SentFile | null;
  author: { reference?: string; display: string };
  unit: string | null;
  at: string;
  demo: boolean;
}

/** The small picture is a further rendering of the same document (DocumentReference.content.format). */
const SMALL: Coding = { system: cs.rendering, code: 'anh-nho', display: 'Ảnh nhỏ' };

export function documentOf(made: NewAttachment): DocumentReference {
  return {
    resourceType: 'DocumentReference',
    ...(made.demo ? { meta: { security: [DEMO_LABEL] } } : {}),
    status: 'current',
    category: [{ coding: [made.kind], text: made.kind.display ?? '' }],
    subject: { reference: `Patient/${made.patient}` },
    date: made.at,
    author: [made.author],
    ...(made.unit === null ? {} : { custodian: { reference: `Organization/${made.unit}` } }),
    description: made.title,
    content: contentOf(made.title, made.at, made.file, made.thumbnail),
  };
}

function contentOf(
  title: string,
  at: string,
  file: SentFile,
  thumbnail: SentFile | null,
): NonNullable<DocumentReference['content']> {
  const whole = { attachment: attachmentOf(file, title, at) };
  return thumbnail === null
    ? [whole]
    : [whole, { attachment: attachmentOf(thumbnail, title, at), format: SMALL }];
}

const attachmentOf = ({ contentType, bytes }: SentFile, title: string, creation: string): Attachment => ({
  contentType,
  data: bytes.toString('base64'),
  size: bytes.length,
  hash: createHash('sha1').update(bytes).digest('base64'),
  title,
  creation,
  extension: [{ url: ext.sha256, valueString: createHash('sha256').update(bytes).digest('hex') }],
});

/** The same file said to be something else; whatever it was before stays in the history. */
export function sortedIn(document: DocumentReference, { kind, title }: Sorted): DocumentReference {
  const others = (document.category ?? []).filter(({ coding }) => !coding?.some(isKind));
  return {
    ...document,
    category: [{ coding: [kind], text: kind.display ?? '' }, ...others],
    description: title,
  };
}

/** The same document with its picture turned. */
export function turnedTo(
  document: DocumentReference,
  { file, thumbnail, at }: { file: SentFile; thumbnail: SentFile | null; at: string },
): DocumentReference {
  return { ...document, content: contentOf(titleOf(document), at, file, thumbnail) };
}

const isKind = ({ system }: Coding): boolean => system === cs.attachmentKind;

export const kindOf = ({ category }: DocumentReference): Coding | null =>
  category?.flatMap(({ coding }) => coding ?? []).find(isKind) ?? null;

const titleOf = ({ description, content }: DocumentReference): string =>
  description ?? content?.[0]?.attachment?.title ?? '';

/** A document that holds a file and is no paper that the program issued. */
export const isAttachment = (document: DocumentReference): boolean =>
  !isPaper(document) && fileIn(document)?.data !== undefined;

export const fileIn = ({ content }: DocumentReference): Attachment | undefined =>
  content?.find(({ format }) => !isSmall(format))?.attachment;

export const thumbnailIn = ({ content }: DocumentReference): Attachment | undefined =>
  content?.find(({ format }) => isSmall(format))?.attachment;

const isSmall = (format: Coding | undefined): boolean =>
  format?.system === SMALL.system && format?.code === SMALL.code;

export function rowOf(document: DocumentReference): AttachmentRow {
  const kind = kindOf(document);
  const file = fileIn(document);
  return {
    id: document.id ?? '',
    title: titleOf(document),
    kind: kind?.code ?? null,
    kindName: kind?.display ?? '',
    contentType: file?.contentType ?? '',
    size: file?.size ?? 0,
    at: document.date ?? '',
    author: document.author?.[0]?.display ?? '',
    hasThumbnail: thumbnailIn(document) !== undefined,
    removed: cancellationOf(document),
    version: Number(document.meta?.versionId ?? 1),
  };
}
