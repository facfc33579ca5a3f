/** Code systems and value sets of R4 itself, as far as R4 binds them with strength `required` (kernel/fhir/definitions). */
import { requiredCodeNames, requiredCodes } from '../definitions/index.ts';
import type { ValueSetJson } from './code-set.ts';
import { storedSystem } from './stored-system.ts';
import type { CodeSystemView } from './system.ts';

const VALUE_SETS = 'http://hl7.org/fhir/ValueSet/';
const VERSION = '4.0.1';
let byUrl: Map<string, Set<string>> | undefined;
const views = new Map<string, CodeSystemView>();

/** The codes of a system that some required binding of R4 names. */
export function baseSystem(url: string): CodeSystemView | undefined {
  const known = views.get(url);
  if (known) return known;
  byUrl ??= gather();
  const codes = byUrl.get(url);
  if (!codes) return undefined;
  const view = storedSystem({
    url,
    version: VERSION,
    language: 'en',
    content: 'fragment',
    concept: [...codes].map((code) => ({ code, display: displayOf(code) })),
  })!;
  views.set(url, view);
  return view;
}

/** `http://hl7.org/fhir/ValueSet/administrative-gender`. */
export function baseValueSet(url: string): (ValueSetJson & { resourceType: 'ValueSet' }) | undefined {
  const systems = url.startsWith(VALUE_SETS) ? requiredCodes(url.slice(VALUE_SETS.length)) : undefined;
  if (!systems) return undefined;
  const include = [...systems].map(([system, codes]) => ({
    system,
    concept: [...codes].map((code) => ({ code })),
  }));
  return { resourceType: 'ValueSet', url, version: VERSION, compose: { include } };
}

function gather(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const name of requiredCodeNames()) {
    for (const [system, codes] of requiredCodes(name) ?? []) {
      const all = found.get(system) ?? new Set();
      found.set(system, all);
      for (const code of codes) all.add(code);
    }
  }
  return found;
}

/** R4's own codes are words: `entered-in-error` → `Entered in error`. */
function displayOf(code: string): string {
  if (!/^[a-z][a-z-]+$/.test(code)) return code;
  const words = code.replaceAll('-', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
}
