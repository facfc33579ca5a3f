/** Positions of the change feed: `era.xid.n`, compared as three numbers. */
import { Failure } from '../failure.ts';

export interface Position {
  era: number;
  /** Transaction id; 64 bits, kept as its digits. */
  xid: string;
  n: number;
}

export const START: Position = { era: 0, xid: '0', n: 0 };

export const positionText = ({ era, xid, n }: Position) => `${era}.${xid}.${n}`;

/** @throws Failure `invalid-request` for a text that is no position */
export function parsePosition(text: string): Position {
  const match = /^(\d{1,5})\.(\d{1,19})\.(\d{1,10})$/.exec(text);
  if (!match)
    throw new Failure('invalid-request', `Vị trí ${text} không hợp lệ.`, {
      textEn: `${text} is no position of the feed.`,
    });
  return { era: Number(match[1]), xid: match[2]!, n: Number(match[3]) };
}

/** Negative, zero or positive, like the comparison of numbers. */
export function comparePositions(a: Position, b: Position): number {
  if (a.era !== b.era) return a.era - b.era;
  const difference = BigInt(a.xid) - BigInt(b.xid);
  return difference === 0n ? a.n - b.n : difference < 0n ? -1 : 1;
}
