/** A file that somebody attaches, as it was sent: what it is by its own bytes, never by what a client says. Pure. */
import { Failure } from '../../../kernel/failure.ts';

/** Bytes of a file; a photograph made smaller by the screen has about 300,000. */
export const LARGEST_FILE = 5_000_000;
/** Bytes of a small picture of it, 240 pixels at its longer side. */
const LARGEST_THUMBNAIL = 60_000;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What browsers show of themselves, by the first bytes of a file. */
const KINDS: readonly [type: string, is: (bytes: Buffer) => boolean][] = [
  ['image/jpeg', (bytes) => bytes.readUIntBE(0, 3) === 0xffd8ff],
  ['image/png', (bytes) => bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n'],
  [
    'image/webp',
    (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  ],
  ['application/pdf', (bytes) => bytes.toString('latin1', 0, 5) === '%PDF-'],
];

export interface SentFile {
  contentType: string;
  bytes: Buffer;
}

/** @throws Failure `invalid-request` at `data`, `too-large` */
export function readFile(data: unknown): SentFile {
  const bytes = bytesIn(data, 'data');
  if (bytes.length > LARGEST_FILE)
    throw new Failure('too-large', 'Tệp này quá lớn (nhiều nhất 5 MB). Chưa lưu gì; hãy chọn tệp nhỏ hơn.', {
      textEn: 'The file has more than 5 MB.',
    });
  return { contentType: typeOf(bytes, 'data'), bytes };
}

/** The small picture beside it; null for none. @throws Failure `invalid-request` at `thumbnail` */
export function readThumbnail(data: unknown): SentFile | null {
  if (data === undefined || data === null) return null;
  const bytes = bytesIn(data, 'thumbnail');
  const contentType = typeOf(bytes, 'thumbnail');
  if (bytes.length > LARGEST_THUMBNAIL || !contentType.startsWith('image/'))
    throw wrong(
      'thumbnail',
      'Ảnh nhỏ phải là ảnh, nhiều nhất 60 KB.',
      'thumbnail must be a picture of at most 60 KB.',
    );
  return { contentType, bytes };
}

function bytesIn(data: unknown, place: string): Buffer {
  if (typeof data !== 'string' || data.length % 4 !== 0 || !BASE64.test(data))
    throw wrong(
      place,
      'Nội dung tệp phải là base64 và không rỗng.',
      `${place} must be base64 and not empty.`,
    );
  return Buffer.from(data, 'base64');
}

function typeOf(bytes: Buffer, place: string): string {
  const found = bytes.length >= 12 ? KINDS.find(([, is]) => is(bytes)) : undefined;
  if (found) return found[0];
  throw wrong(
    place,
    'Chỉ nhận ảnh (JPEG, PNG, WebP) và PDF. Chưa lưu gì; hãy chụp lại hoặc chuyển sang PDF.',
    `${place} must be a JPEG, PNG, WebP or PDF file.`,
  );
}

export function wrong(expression: string, text: string, textEn: string): Failure {
  return new Failure('invalid-request', text, { textEn, expression });
}
