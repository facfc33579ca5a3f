/** Names of codes as they stand in the lists of the day; each asked for once. */
import type { Content } from '../../kernel/content/content.ts';
import { openTerminology } from '../../kernel/fhir/terminology/index.ts';
import type { Coding } from '../../kernel/fhir/types.ts';

export interface Words {
  /** The coding with its Vietnamese name of the day. Fails for a code that the list does not hold on that day. */
  coding(system: string, code: string, day: string): Coding;
}

export function openWords(content: Content): Words {
  const terminology = openTerminology(content);
  const known = new Map<string, Coding>();
  return {
    coding: (system, code, day) => {
      const month = day.slice(0, 7);
      const key = `${system}|${code}|${month}`;
      const coding = known.get(key) ?? read(system, code, day);
      known.set(key, coding);
      return coding;
    },
  };

  function read(system: string, code: string, day: string): Coding {
    const concept = terminology.lookup(system, code, day);
    if (!concept) throw new Error(`content/demo uses ${system}|${code}, which is not in force on ${day}`);
    return { system, code: concept.code, display: concept.display };
  }
}
