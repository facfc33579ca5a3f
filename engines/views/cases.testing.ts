/** The published cases of SQL on FHIR v2 (`cases/`, MIT, see NOTICE), and how one is judged. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../../kernel/failure.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import { compileView } from './compile.ts';
import type { ViewDefinition } from './view-table.ts';

interface CaseFile {
  title: string;
  resources: Resource[];
  tests: {
    title: string;
    view: ViewDefinition;
    expect?: Record<string, unknown>[];
    expectCount?: number;
    expectColumns?: string[];
    expectError?: boolean;
  }[];
}

export interface PublishedCase {
  name: string;
  /** Null, or why it does not pass. */
  fault(): string | null;
}

export function publishedCases(): PublishedCase[] {
  const folder = join(import.meta.dirname, 'cases');
  return globSync('*.json', { cwd: folder })
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CaseFile)
    .flatMap(({ title, resources, tests }) =>
      tests.map((one) => ({ name: `${title}: ${one.title}`, fault: () => faultOf(one, resources) })),
    );
}

function faultOf(one: CaseFile['tests'][number], resources: Resource[]): string | null {
  try {
    const view = compileView(one.view);
    const names = view.columns.map(({ name }) => name);
    const rows = resources.flatMap((resource) => view.rows(resource));
    if (one.expectError) return `an error is expected, not ${JSON.stringify(rows)}`;
    if (one.expectColumns && !isDeepStrictEqual(names, one.expectColumns)) return `columns ${names}`;
    if (one.expectCount !== undefined) return rows.length === one.expectCount ? null : `${rows.length} rows`;
    const found = rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at], value])));
    return isDeepStrictEqual(sorted(found), sorted(one.expect ?? [])) ? null : JSON.stringify(found);
  } catch (error) {
    if (one.expectError && error instanceof Failure) return null;
    return String(error);
  }
}

/** Rows compare as an unordered set. */
const sorted = (rows: Record<string, unknown>[]) =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
