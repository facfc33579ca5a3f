/** How a row says that a parameter has a value (`:missing`): a bit for those of R4, a token for this province's own. */
import type { Condition } from './condition.ts';
import { presentKey } from './keys.ts';
import type { Sink } from './sink.ts';

interface Marked {
  /** Place in the column `has`; -1 = none. */
  readonly bit: number;
  readonly q: string;
}

export function presenceOf({ bit, q }: Marked): Condition {
  return bit < 0 ? { op: 'tok', any: [presentKey(q)] } : { op: 'present', bits: 1n << BigInt(bit) };
}

export function presenceMarker({ bit, q }: Marked): (sink: Sink) => void {
  if (bit >= 0) return (sink) => sink.present(bit);
  const key = presentKey(q);
  return (sink) => void sink.token(key);
}
