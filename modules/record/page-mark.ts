/** Where a page of a list in time ends: the instant and the key of its last row, as an address carries them. */
import { Failure } from '../../kernel/failure.ts';

export interface PageMark {
  /** `2026-11-22T01:10:00.000000Z`, to the microsecond as the database keeps it. */
  instant: string;
  key: string;
}

const MARK = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z)\|([A-Za-z0-9.-]{1,64})$/;

/** @returns null for the first page. Fails with `invalid-parameter` on a mark that no list has given. */
export function readPageMark(text: string | undefined): PageMark | null {
  if (text === undefined || text === '') return null;
  const [, instant, key] = MARK.exec(text) ?? [];
  if (instant && key && !Number.isNaN(Date.parse(instant))) return { instant, key };
  throw new Failure('invalid-parameter', 'Trang tiếp theo không còn hợp lệ. Hãy mở lại danh sách từ đầu.', {
    textEn: 'cursor does not belong to this list',
    expression: 'cursor',
  });
}

export function writePageMark({ instant, key }: PageMark): string {
  return `${instant}|${key}`;
}

/** The instant of a mark in SQL. @param column timestamptz */
export function markInstant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
