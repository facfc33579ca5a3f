/** `$viewdefinition-export`: views over the record as files, in the name of who asks. */

import { Failure } from '../../../kernel/failure.ts';
import type { ExportWriter } from '../../../kernel/fhir/bulk/export-files.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import { compileView } from '../compile.ts';
import type { ViewDefinition } from '../view-table.ts';
import type { ViewAsk } from './ask.ts';
import { rowText } from './formats.ts';
import { ParquetRows } from './parquet.ts';
import { type Rows, rowsOf } from './rows.ts';

export interface NamedView {
  name: string;
  view: ViewDefinition;
}

interface ExportParts {
  session: FhirSession;
  ask: ViewAsk;
  writer: ExportWriter;
  /** Tells how far it is; fails when nobody waits any more. */
  report(progress: string): Promise<void>;
  /** Epoch milliseconds up to which every commit is there to be read. */
  until: number;
}

/** What the evaluation of one view may cost. */
const MOST_MS = 3_600_000;

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,60}$/;

/** Names of the outputs. @throws Failure `invalid-parameter` for a name that is none or twice */
export function namedViews(
  views: readonly { name: string | undefined; view: ViewDefinition }[],
): NamedView[] {
  const seen = new Set<string>();
  return views.map(({ name: given, view }, at) => {
    const name = given ?? view.name ?? `view_${at + 1}`;
    if (!NAME.test(name) || seen.has(name)) {
      throw new Failure(
        'invalid-parameter',
        `view.name "${name}" phải là chữ cái, số, _ và không trùng nhau.`,
        {
          textEn: `view.name "${name}" must be letters, digits and _, and stand once.`,
          expression: 'view.name',
        },
      );
    }
    seen.add(name);
    return { name, view };
  });
}

/** One file for each view, one after the other. */
export async function exportViews(parts: ExportParts, views: readonly NamedView[]): Promise<void> {
  try {
    for (const one of views) await exportView(parts, one);
  } finally {
    await parts.writer.close();
  }
}

async function exportView(
  { session, ask, writer, report, until }: ExportParts,
  { name, view }: NamedView,
): Promise<void> {
  const { columns } = compileView(view);
  const pages = rowsOf(session, view, ask, { until, most: MOST_MS });
  const told = (page: Rows, count: number) => report(`${name}: ${page.seen} ${view.resource}, ${count} rows`);
  if (ask.format === 'parquet') {
    const { file, write } = await writer.openFile(name, 'parquet');
    const rows = new ParquetRows(write, columns);
    for await (const page of pages) {
      await rows.add(page.rows);
      file.count += page.rows.length;
      await told(page, file.count);
    }
    await rows.end();
    return;
  }
  const text = rowText(ask.format, columns, ask.header);
  const { file, write } = await writer.openFile(name, text.ending);
  await write(Buffer.from(text.head));
  for await (const page of pages) {
    await write(Buffer.from(text.page(page.rows, file.count === 0)));
    file.count += page.rows.length;
    await told(page, file.count);
  }
}
