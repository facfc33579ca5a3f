/** What was done, in words that a citizen reads: content `access/look-words`. Pure. */
import type { Content } from '../../content/content.ts';

export interface Words {
  vi: string;
  en: string;
}

export interface LookWords {
  /** `Xem kết quả xét nghiệm, chỉ số đo` for `read` and what was touched. */
  act(action: string, what: string): Words;
  /** Purpose and the reason that was stated, of `CODE` or `CODE: reason`. */
  why(why: string): Words & { reason: string | null };
  /** The program itself, by the part of it that acted; null for a person or a client. */
  program(who: string): Words | null;
}

const TYPE = /^([A-Z][A-Za-z]+)(?:[/?]|$)/;

export function readLookWords(content: Content): LookWords {
  const table = new Map(
    content
      .table('access/look-words')
      .map((row) => [`${row.kind} ${row.key}`, { vi: row.words!, en: row.words_en! }]),
  );
  const words = (kind: string, key: string): Words =>
    table.get(`${kind} ${key}`) ?? table.get(`${kind} other`)!;
  return {
    act(action, what) {
      const types = [...new Set(what.split(' ').map((part) => TYPE.exec(part)?.[1] ?? 'other'))];
      const things = types.map((type) => words('type', type));
      const done = words('action', action);
      const join = (pick: (one: Words) => string) =>
        `${pick(done)} ${[...new Set(things.map(pick))].slice(0, 4).join(', ')}`;
      return { vi: join((one) => one.vi), en: join((one) => one.en) };
    },
    why(why) {
      const [, code = '', reason = null] = /^([A-Z]+)(?:: (.*))?$/s.exec(why) ?? [];
      return { ...words('purpose', code), reason };
    },
    program: (who) => (who.startsWith('system:') ? words('program', who.slice(7)) : null),
  };
}
