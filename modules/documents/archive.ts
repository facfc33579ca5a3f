/** A person's record as one archive: every paper as it was issued, the data, who issued what, how long the law keeps it, and a hash of each file. Pure. */
import { createHash } from 'node:crypto';
import { archiveFaults } from '../../engines/documents/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Hold } from '../../kernel/fhir/erasure/retention.ts';
import type { DocumentReference, Resource } from '../../kernel/fhir/types.ts';
import type { ZipEntry } from '../../kernel/text/zip.ts';
import { bytesOf, cancellationOf, definitionOf, isPaper, numberOf, stateOf } from './issue/reference.ts';

export interface Archived {
  patient: string;
  /** Who took it out. */
  by: string;
  /** Instant +07:00. */
  at: string;
  /** What the reader may see of the record, and what it refers to. */
  resources: readonly Resource[];
  holds: readonly Hold[];
}

export interface Manifest {
  format: 'yba-archive-1';
  patient: string;
  by: string;
  at: string;
  resources: number;
  papers: number;
  /** Last day on which the law keeps it; null = no end is known (a visit is open, a person lives, for good), or nothing holds it (`holds` is empty). */
  keepUntil: string | null;
  holds: readonly Hold[];
  files: { name: string; size: number; sha256: string }[];
}

/** More is not put together in memory: such a record is exported in bulk (`/fhir/Patient/x/$everything`, `$export`). */
const MOST_BYTES = 256 * 1024 * 1024;

/** @throws Failure `too-costly` for a record that is too large for one archive */
export function archiveOf(archived: Archived): { entries: ZipEntry[]; manifest: Manifest } {
  const { patient, by, at, resources, holds } = archived;
  const papers = resources.filter((one) => one.resourceType === 'DocumentReference').filter(isPaper);
  const filed = papers.map((paper, place) => fileOf(paper, place + 1));
  const data = {
    name: 'ho-so.ndjson',
    bytes: Buffer.from(resources.map((one) => `${JSON.stringify(one)}\n`).join('')),
  };
  const entries = [
    ...filed.flatMap(({ entry }) => (entry ? [entry] : [])),
    data,
    {
      name: 'chu-ky.csv',
      bytes: Buffer.from(`\uFEFF${[HEAD, ...filed.map(({ line }) => line)].map(csvLine).join('')}`),
    },
  ];
  if (entries.reduce((all, { bytes }) => all + bytes.length, 0) > MOST_BYTES)
    throw new Failure('too-costly', 'Hồ sơ này quá lớn cho một gói lưu trữ: xuất bằng $export.', {
      textEn: 'This record is too large for one archive: use $export.',
    });
  const manifest: Manifest = {
    format: 'yba-archive-1',
    patient,
    by,
    at,
    resources: resources.length,
    papers: papers.length,
    keepUntil: holds[0]?.until ?? null,
    holds,
    files: entries.map(({ name, bytes }) => ({ name, size: bytes.length, sha256: sha256(bytes) })),
  };
  const told = { name: 'manifest.json', bytes: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) };
  return { entries: [...entries, told], manifest };
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const HEAD = [
  'tep',
  'ten_giay',
  'so',
  'ban_hanh_luc',
  'nguoi_ban_hanh',
  'trang_thai',
  'sha256',
  'pdf_a',
  'so_chu_ky_so',
];
const STATES = { current: 'còn hiệu lực', superseded: 'đã được thay thế' } as const;

/** A paper with its line in the report of signatures; one whose bytes are no more what was issued has a line and no file. */
function fileOf(paper: DocumentReference, place: number): { entry: ZipEntry | null; line: string[] } {
  const name = `giay/${String(place).padStart(4, '0')}-${definitionOf(paper).key}.pdf`;
  const said = [
    paper.description ?? '',
    numberOf(paper),
    paper.date ?? '',
    paper.author?.[0]?.display ?? '',
    standing(paper),
  ];
  try {
    const bytes = bytesOf(paper);
    const isArchival = archiveFaults(bytes, 2).length === 0 || archiveFaults(bytes, 3).length === 0;
    return {
      entry: { name, bytes },
      line: [name, ...said, sha256(bytes), isArchival ? 'đúng' : 'không', String(signaturesIn(bytes))],
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { entry: null, line: ['', ...said, 'tệp không còn đúng như khi ban hành', '', ''] };
  }
}

function standing(paper: DocumentReference): string {
  const state = stateOf(paper);
  if (state !== 'cancelled') return STATES[state];
  const { reason = '', by = '', at = '' } = cancellationOf(paper) ?? {};
  return `đã huỷ ${at} bởi ${by}: ${reason}`;
}

/** Digital signatures of a PDF: each names the bytes that it covers (ISO 32000-1, 12.8.1). */
const signaturesIn = (bytes: Buffer): number => bytes.toString('latin1').split('/ByteRange').length - 1;

/** RFC 4180; what a spreadsheet would carry out is text. */
function csvLine(cells: readonly string[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `${cells.map(cell).join(',')}\r\n`;
}
