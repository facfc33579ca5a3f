/** Which of a table's codes lie below which: the transitive closure over the codes of one client. Pure. R4 terminology-service.html#closure. */
import { type CodeSystemView, reach } from './system.ts';

export interface ClosureConcept {
  system: string;
  code: string;
  /** Of the table, when the code came. */
  version: number;
}

/** `code` is a kind of `above`, in one system. */
export interface ClosureEntry {
  system: string;
  code: string;
  above: string;
}

/**
 * Entries that came after a version: those of which at least one code is newer.
 * @param concepts of the table, all
 * @param systems of the concepts, by URL; codes of a system that is not known any more have no entries
 */
export function closureEntries(
  concepts: readonly ClosureConcept[],
  systems: ReadonlyMap<string, CodeSystemView>,
  since: number,
): ClosureEntry[] {
  const versions = new Map<string, Map<string, number>>();
  for (const { system, code, version } of concepts) {
    const known = versions.get(system) ?? new Map<string, number>();
    versions.set(system, known.set(code, version));
  }
  return concepts.flatMap(({ system, code, version }) => {
    const view = systems.get(system);
    const known = versions.get(system)!;
    if (view === undefined) return [];
    return [...reach(view, code, 'parents')]
      .filter((above) => above !== code && known.has(above) && Math.max(version, known.get(above)!) > since)
      .map((above) => ({ system, code, above }));
  });
}

/** The entries as groups of a ConceptMap: each code with what it is a kind of (`subsumes`: the target is above). */
export function closureGroups(entries: readonly ClosureEntry[]): object[] {
  const groups = Map.groupBy(entries, ({ system }) => system);
  return [...groups].map(([system, ofSystem]) => ({
    source: system,
    target: system,
    element: [...Map.groupBy(ofSystem, ({ code }) => code)].map(([code, list]) => ({
      code,
      target: list.map(({ above }) => ({ code: above, equivalence: 'subsumes' })),
    })),
  }));
}
