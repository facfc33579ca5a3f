/** Names of the files of PostgreSQL's log. Pure. */

/** Bytes of a segment, as initdb makes them. */
export const SEGMENT_BYTES = 16n * 1024n * 1024n;
const SEGMENTS_A_FILE_ID = 0x1_0000_0000n / SEGMENT_BYTES;

export const SEGMENT_NAME = /^[0-9A-F]{24}$/;
/** What else stands in the archive: which timeline left which, and where. */
export const HISTORY_NAME = /^[0-9A-F]{8}\.history$/;

/** `16/B374D848` → bytes since the beginning of the log. */
export function parsePosition(text: string): bigint {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

export function formatPosition(position: bigint): string {
  return `${(position >> 32n).toString(16).toUpperCase()}/${(position & 0xffff_ffffn).toString(16).toUpperCase()}`;
}

/** Number of the segment that a position lies in. */
export const segmentOf = (position: bigint): bigint => position / SEGMENT_BYTES;

export function segmentName(timeline: number, segment: bigint): string {
  const part = (value: bigint | number) => value.toString(16).toUpperCase().padStart(8, '0');
  return part(timeline) + part(segment / SEGMENTS_A_FILE_ID) + part(segment % SEGMENTS_A_FILE_ID);
}

export function parseSegmentName(name: string): { timeline: number; segment: bigint } {
  const part = (at: number) => BigInt(`0x${name.slice(at, at + 8)}`);
  return { timeline: Number(part(0)), segment: part(8) * SEGMENTS_A_FILE_ID + part(16) };
}

/** Segments that are missing between the first and the last one, on each timeline. */
export function gapsIn(names: readonly string[]): string[] {
  const byTimeline = Map.groupBy(names.map(parseSegmentName), ({ timeline }) => timeline);
  return [...byTimeline].flatMap(([timeline, segments]) => {
    const numbers = segments.map(({ segment }) => segment).sort((a, b) => (a < b ? -1 : 1));
    return numbers.flatMap((number, at) => {
      const before = numbers[at - 1];
      return before !== undefined && number > before + 1n ? [segmentName(timeline, before + 1n)] : [];
    });
  });
}
