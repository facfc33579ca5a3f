/** A value set of the terminology as what bindings ask: membership, also by the code alone, and a sample. Pure. */
import type { CodeSet, Member } from '../terminology/code-set.ts';
import type { Codes } from './library.ts';

const MOST_SHOWN = 10;

/**
 * A code of a system of which only a part is here is taken as it stands; one that is not in force any more still is a code
 * of its system: records tell of earlier days.
 */
export function codesOf(set: CodeSet): Codes {
  const views = new Map(set.systems().map((view) => [view.url, view]));
  let members: readonly Member[] | null | undefined;
  const listed = () => {
    members = members === undefined ? membersOf(set) : members;
    return members;
  };
  let bare: Set<string> | undefined;
  return {
    has: (system, code) => {
      if (!set.has(system, code)) return false;
      const view = views.get(system);
      return view === undefined || view.content === 'fragment' || view.has(code);
    },
    hasCode: (code) => {
      const list = listed();
      if (list === null) return null;
      bare ??= new Set(list.map((one) => one.code));
      return bare.has(code);
    },
    sample: () => {
      const list = listed() ?? [];
      const codes = list.slice(0, MOST_SHOWN).map((one) => one.code);
      return list.length > MOST_SHOWN ? `${codes.join(', ')}, …` : codes.join(', ');
    },
  };
}

/** Null when a system cannot be listed. */
function membersOf(set: CodeSet): readonly Member[] | null {
  try {
    return set.members();
  } catch {
    return null;
  }
}
