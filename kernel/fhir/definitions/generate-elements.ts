/** StructureDefinitions → element lines. Notation: see `elements.ts`. */
import { NOT_R4_ELEMENTS, NOT_R4_RULES, NOT_R4_TYPES, R4_ELEMENTS } from './corrections.ts';
import type { DefinitionSource, ElementDefinitionSource } from './generate-source.ts';

export interface ElementTables {
  types: { resources: string[]; complex: string[]; primitives: string[] };
  /** Structure (`Patient`, `Patient.contact`, `HumanName`) → element lines. */
  elements: Record<string, string[]>;
  /** Invariant key → [structures or elements that carry it, what it demands in English]. */
  rules: Record<string, [string[], string]>;
  /** Value sets with a required binding: short name → canonical URL. */
  codeSetUrls: Record<string, string>;
}

const FHIR = 'http://hl7.org/fhir/StructureDefinition/';
/** Checked everywhere by the compiler itself, not per type. */
const EVERYWHERE = new Set(['ele-1', 'ext-1', 'dom-2', 'dom-3', 'dom-4', 'dom-5']);

export function buildElements(structures: DefinitionSource[]): ElementTables {
  const tables: ElementTables = {
    types: { resources: [], complex: [], primitives: [] },
    elements: {},
    rules: {},
    codeSetUrls: {},
  };
  for (const structure of structures) {
    if (structure.resourceType !== 'StructureDefinition' || NOT_R4_TYPES.has(structure.name)) continue;
    if (structure.kind === 'logical') continue;
    if (structure.kind === 'primitive-type') tables.types.primitives.push(structure.name);
    else addStructure(tables, structure);
  }
  for (const [structure, lines] of Object.entries(R4_ELEMENTS)) correct(tables.elements, structure, lines);
  tables.codeSetUrls['group-measure'] = 'http://hl7.org/fhir/ValueSet/group-measure';
  for (const list of Object.values(tables.types)) list.sort();
  return { ...tables, rules: sorted(tables.rules), codeSetUrls: sorted(tables.codeSetUrls) };
}

function addStructure(tables: ElementTables, structure: DefinitionSource): void {
  if (structure.kind === 'resource' && !structure.abstract) tables.types.resources.push(structure.name);
  else if (structure.kind === 'complex-type') tables.types.complex.push(structure.name);
  const all = (structure.snapshot?.element ?? []).filter((e) => !isDropped(e.path));
  const own = all.map((e) => ({ ...e, path: e.path.replace(/^[^.]+/, structure.name) }));
  const parents = new Set(own.map((e) => parentOf(e.path)));
  for (const element of own) {
    addRules(tables.rules, element);
    const parent = parentOf(element.path);
    if (parent === '' || element.max === '0') continue;
    tables.elements[parent] ??= [];
    tables.elements[parent].push(lineOf(element, parents, tables.codeSetUrls));
  }
}

function isDropped(path: string): boolean {
  const parts = path.split('.');
  return parts.some((_, i) => NOT_R4_ELEMENTS.has(parts.slice(0, i + 1).join('.')));
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

function lineOf(
  element: ElementDefinitionSource,
  parents: Set<string>,
  urls: Record<string, string>,
): string {
  const name = element.path.slice(element.path.lastIndexOf('.') + 1);
  const binding =
    element.binding?.strength === 'required' ? codeSetOf(element.binding.valueSet ?? '', urls) : '';
  return `${name} ${cardinality(element)} ${typesOf(element, parents)}${binding}`;
}

const SHORT: Record<string, string> = { '0..1': '?', '1..1': '!', '0..*': '*', '1..*': '+' };

function cardinality({ min, max }: ElementDefinitionSource): string {
  return SHORT[`${min}..${max}`] ?? `${min}..${max}`;
}

function typesOf(element: ElementDefinitionSource, parents: Set<string>): string {
  if (element.contentReference) return element.contentReference.replace(/^.*#/, '');
  if (parents.has(element.path)) return element.path;
  return (element.type ?? []).map(typeOf).join('|');
}

function typeOf(type: { code: string; profile?: string[]; targetProfile?: string[] }): string {
  const profile = type.profile?.[0]?.replace(FHIR, '');
  const code =
    profile ?? type.code.replace('http://hl7.org/fhirpath/System.', '').replace(/^String$/, 'string');
  const targets = (type.targetProfile ?? []).map((t) => t.replace(FHIR, '')).filter((t) => t !== 'Resource');
  return targets.length > 0 && code === 'Reference' ? `${code}(${targets.sort().join(',')})` : code;
}

function codeSetOf(url: string, urls: Record<string, string>): string {
  const canonical = url.replace(/\|.*$/, '');
  const short = canonical.slice(canonical.lastIndexOf('/') + 1);
  urls[short] = canonical;
  return ` =${short}`;
}

function addRules(rules: ElementTables['rules'], element: ElementDefinitionSource): void {
  for (const { key, severity, human } of element.constraint ?? []) {
    if (severity !== 'error' || EVERYWHERE.has(key) || NOT_R4_RULES.has(key)) continue;
    rules[key] ??= [[], human];
    rules[key][0].push(element.path);
  }
}

function correct(elements: Record<string, string[]>, structure: string, lines: string[]): void {
  const names = new Set(lines.map((line) => line.split(' ')[0]));
  elements[structure] = [
    ...(elements[structure] ?? []).filter((line) => !names.has(line.split(' ')[0])),
    ...lines,
  ];
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
