/** Code system supplements: more names and properties for the codes of a system, which stays what it is. Pure. R4 codesystem.html#supplements. */
import { type CodeSystemJson, storedSystem } from './stored-system.ts';
import type { CodeSystemView, ConceptProperty, Designation, SystemConcept } from './system.ts';

export interface Supplement {
  /** `url|version`, as an expansion names it. */
  canonical: string;
  /** The system that it adds to. */
  system: string;
  /** Of the system; undefined = any. */
  version?: string;
  names: CodeSystemView;
}

/** What is said of a code by its own system alone. */
const OF_SYSTEM = new Set([
  'parent',
  'child',
  'subsumedBy',
  'subsumes',
  'inactive',
  'status',
  'notSelectable',
  'abstract',
]);

/** Undefined when the resource is no supplement, or lists no concepts. */
export function supplementOf(json: CodeSystemJson & { supplements?: unknown }): Supplement | undefined {
  if (json.content !== 'supplement' || typeof json.supplements !== 'string') return undefined;
  const names = storedSystem(json);
  if (names === undefined) return undefined;
  const [system = '', version] = json.supplements.split('|');
  return {
    canonical: names.version === undefined ? names.url : `${names.url}|${names.version}`,
    system,
    ...(version === undefined ? {} : { version }),
    names,
  };
}

/** The system with what its supplements add: designations, properties, and codes found by their names there. */
export function supplemented(view: CodeSystemView, supplements: readonly Supplement[]): CodeSystemView {
  const fitting = supplements.filter(
    ({ system, version }) => system === view.url && (version === undefined || version === view.version),
  );
  if (fitting.length === 0) return view;
  const concepts = new Map<string, SystemConcept>();
  const concept = (code: string): SystemConcept | undefined => {
    const base = view.concept(code);
    if (base === undefined) return undefined;
    const known = concepts.get(base.code) ?? added(base, fitting);
    concepts.set(base.code, known);
    return known;
  };
  return {
    ...view,
    supplements: fitting.map(({ canonical }) => canonical),
    ...(view.knowsProperty && {
      knowsProperty: (property: string) =>
        view.knowsProperty!(property) || fitting.some(({ names }) => names.knowsProperty!(property)),
    }),
    concept,
    search: (text) => {
      const more = fitting.flatMap(({ names }) => names.search(text)).filter((code) => view.has(code));
      return [...new Set([...view.search(text), ...more.map((code) => view.concept(code)!.code)])];
    },
  };
}

function added(base: SystemConcept, supplements: readonly Supplement[]): SystemConcept {
  const designations: Designation[] = [...base.designations];
  const properties: ConceptProperty[] = [...base.properties];
  for (const { names } of supplements) {
    const more = names.concept(base.code);
    if (more === undefined) continue;
    if (more.display !== '')
      designations.push({
        ...(names.language === undefined ? {} : { language: names.language }),
        value: more.display,
      });
    designations.push(...more.designations);
    properties.push(...more.properties.filter(({ code }) => !OF_SYSTEM.has(code)));
  }
  return { ...base, designations, properties };
}
