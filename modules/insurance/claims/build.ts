/**
 * The insurance tables of a visit: a view of the record, made on demand, never typed and never stored. The same record
 * gives the same bytes.
 */
import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { ClaimRow, ClaimTables } from './condition.ts';
import { type ClaimFacts, codeIn, episodeDay, linesOf, resultLines, type View } from './facts.ts';
import { writeValue } from './format.ts';
import { LINE_FACTS, moneyFact } from './line-facts.ts';
import { type Release, type RowSource, releaseOn, type Table } from './release.ts';
import { RESULT_FACTS } from './result-facts.ts';
import { type FactReader, VISIT_FACTS } from './visit-facts.ts';
import { envelope, innerFiles } from './xml.ts';

export interface ClaimFile {
  release: Release;
  tables: ClaimTables;
  /** Inner UTF-8 XML of each table that is sent, by table name. */
  xml: Readonly<Record<string, string>>;
  /** GIAMDINHHS with one HOSO, ready for the portal but for its signature (CHUKYDONVI is left empty). */
  envelope: string;
}

/** @throws Failure `business-rule` when no release covers the day on which the visit ended */
export function buildClaimFile(facts: ClaimFacts, content: Content): ClaimFile {
  const release = releaseOn(episodeDay(facts.encounter), content);
  const tables = buildTables(facts, release, content);
  const xml = innerFiles(tables, release);
  return { release, tables, xml, envelope: envelope(facts, xml) };
}

/** Rows of every table that this visit sends; a table without rows is left out. */
export function buildTables(facts: ClaimFacts, release: Release, content: Content): ClaimTables {
  const visitType = codeIn(facts.encounter.type?.[0], cs.visitType);
  const tables: Record<string, ClaimRow[]> = {};
  for (const table of release.tables) {
    if (table.visitTypes.length > 0 && !table.visitTypes.includes(visitType)) continue;
    const views = viewsOf(table.rows, { visit: facts, content, date: release.date, number: 1 });
    if (views.length > 0) tables[table.name] = views.map((view) => buildRow(table, view));
  }
  return tables;
}

function viewsOf(rows: RowSource, base: View): View[] {
  const numbered = (parts: Partial<View>[]) =>
    parts.map((part, at) => ({ ...base, ...part, number: at + 1 }));
  switch (rows) {
    case 'visit':
    case 'notes':
      return [base];
    case 'drug-lines':
      return numbered(linesOf(base.visit, 'XML2').map((line) => ({ line })));
    case 'service-lines':
      return numbered(linesOf(base.visit, 'XML3').map((line) => ({ line })));
    case 'results':
      return numbered(resultLines(base.visit).map((result) => ({ result })));
  }
}

function buildRow(table: Table, view: View): ClaimRow {
  const row: Record<string, string> = {};
  for (const field of table.fields) {
    row[field.name] = field.fact === '' ? '' : writeValue(readerOf(field.fact)(view), field.format);
  }
  return row;
}

/** @throws Failure `invalid-parameter` when the content names a fact that the record cannot give */
function readerOf(fact: string): FactReader {
  if (fact.startsWith('money.')) return moneyFact(fact);
  const reader = VISIT_FACTS[fact] ?? LINE_FACTS[fact] ?? RESULT_FACTS[fact];
  if (!reader) {
    throw new Failure(
      'invalid-parameter',
      `Bảng chuẩn dữ liệu dùng dữ kiện “${fact}” mà chương trình chưa có.`,
      {
        textEn: `The release names the fact "${fact}", which the program does not have`,
      },
    );
  }
  return reader;
}
