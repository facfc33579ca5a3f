/** Records of many persons a piece at a time: while the caller works on one piece, the database reads the next. */
import type { PersonRecord, PersonsRows } from './contract.ts';

/** Persons of one question: enough that it costs nothing beside the rows, few enough that their rows are small in memory. */
export const PIECE = 100;

/** @param read answers a question of `PIECE` persons at most */
export async function* personPieces(
  { patients, ...ask }: PersonsRows,
  read: (ask: PersonsRows) => Promise<PersonRecord[]>,
): AsyncGenerator<PersonRecord[]> {
  const persons = [...new Set(patients)];
  const begin = (at: number) => {
    if (at >= persons.length) return undefined;
    const piece = read({ ...ask, patients: persons.slice(at, at + PIECE) });
    // Awaited when its turn comes; the caller may have left by then.
    piece.catch(() => undefined);
    return piece;
  };
  let next = begin(0);
  for (let at = PIECE; next !== undefined; at += PIECE) {
    const piece: PersonRecord[] = await next;
    next = begin(at);
    yield piece;
  }
}
