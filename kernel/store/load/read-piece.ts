/** From the bytes of a piece to what it asks to be written, line by line. Pure. */
import { Failure, type Issue } from '../../failure.ts';
import type { JsonFault } from '../../fhir/json/locate.ts';
import { readJson } from '../../fhir/json/read.ts';
import { KEPT } from '../../fhir/session/kept.ts';
import { placeIssue } from '../../fhir/session/place.ts';
import type { Resource } from '../../fhir/types.ts';
import { validateResource } from '../../fhir/validation/index.ts';
import type { Write } from '../contract.ts';
import type { Piece, Refusal } from './contract.ts';
import { type Matches, type Settled, settle, type Unpacked, unpack } from './unpack.ts';

/** One line (or document) that could be read. */
export interface Line {
  line: number;
  unpacked: Unpacked;
  urns: boolean;
}

export interface ReadPiece {
  lines: Line[];
  refused: Refusal[];
}

const NEWLINE = 10;
const QUESTION = '?'.charCodeAt(0);

/** Reads every line of a piece; blank ones say nothing. */
export function readPiece(piece: Piece): ReadPiece {
  const read: ReadPiece = { lines: [], refused: [] };
  const bytes = Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength);
  if (piece.document) {
    readLine(bytes, piece.line, read);
    return read;
  }
  let line = piece.line;
  for (let at = 0; at < bytes.length; line += 1) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    if (!isBlank(bytes, at, end)) readLine(bytes.subarray(at, end), line, read);
    at = end + 1;
  }
  return read;
}

function readLine(bytes: Buffer, line: number, read: ReadPiece): void {
  try {
    const resource = readJson(bytes);
    if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) {
      read.refused.push(...refusalsOf(validateResource(resource), line, null));
      return;
    }
    const unpacked = unpack(resource as Resource, bytes.includes(QUESTION));
    for (const fault of unpacked.faults) read.refused.push(...refusalsOf(fault.issues, line, null));
    if (unpacked.atomic && unpacked.faults.length > 0) return;
    read.lines.push({ line, unpacked, urns: bytes.includes('urn:') });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    read.refused.push(...jsonRefusals(error, line));
  }
}

/** The strict reader counts lines within the text it was given. */
function jsonRefusals(failure: Failure, line: number): Refusal[] {
  const fault = failure.code === 'malformed-json' ? (failure.details as JsonFault | undefined) : undefined;
  if (!fault) return refusalsOf(failure.issues, line, null);
  const at = line + fault.line - 1;
  return refusalsOf(failure.issues, at, null).map((refusal) => ({
    ...refusal,
    text: refusal.text.replace(/\(dòng \d+,/, `(dòng ${at},`),
    textEn: refusal.textEn.replace(/at line \d+,/, `at line ${at},`),
  }));
}

/** True when a line looks something up in the record, or asks for more than its rows. */
export function isConditional({ unpacked }: Line): boolean {
  return unpacked.criteria.length > 0 || unpacked.drafts.some(({ write }) => isConditionalWrite(write));
}

export function isConditionalWrite(write: Write): boolean {
  if (write.op === 'delete') return true;
  return write.op === 'create' ? write.ifNoneExist !== undefined : write.ifMatch !== undefined;
}

/** What is wrong with a resource. @param place of its entry, null for a resource by itself */
export type Check = (resource: Resource, line: number, place: string | null) => Issue[];

export interface SettledLine {
  writes: Settled[];
  refused: Refusal[];
}

/**
 * The writes of a line with their ids, each without a fault. A transaction with one fault writes nothing.
 * @param matches of the criteria
 */
export function settleLine(line: Line, matches: Matches, check: Check): SettledLine {
  const { unpacked, urns } = line;
  const { writes, faults } = settle(unpacked, matches, urns);
  const refused = faults.flatMap((fault) => refusalsOf(fault.issues, line.line, null));
  const valid = writes.filter(({ place, write }) => {
    const issues =
      write.op === 'delete'
        ? keepsType(write.type)
        : check(write.resource, line.line, place).filter(({ severity }) => severity === 'error');
    refused.push(...refusalsOf(issues, line.line, place));
    return issues.length === 0;
  });
  return { writes: unpacked.atomic && refused.length > 0 ? [] : valid, refused };
}

/** Answers and papers may stand on what is published: a load looks at no single one of them, so it takes none away. */
function keepsType(type: string): Issue[] {
  if (!KEPT.has(type)) return [];
  return [
    {
      severity: 'error',
      code: 'business-rule',
      text: `Lệnh nạp không xoá ${type}. Hãy ngừng dùng nó trong màn hình thiết kế, hoặc xoá qua địa chỉ FHIR.`,
      textEn: `A load does not delete a ${type}. Retire it in the designer, or delete it at the FHIR address.`,
    },
  ];
}

/** @param place of the entry, when the expressions do not say it yet */
export function refusalsOf(issues: readonly Issue[], line: number, place: string | null): Refusal[] {
  return issues.map((issue) => {
    const { text, textEn, expression } = placeIssue(issue, place);
    return { line, place: expression ?? '', text, textEn: textEn ?? text };
  });
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! > 32) return false;
  return true;
}
