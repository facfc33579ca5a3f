/** ConceptMaps made of tables of the content: `terminology/maps.csv` names the columns. */
import type { Content, Row } from '../../content/content.ts';
import type { ConceptMapJson } from './concept-map.ts';
import { nameOf } from './known-codes.ts';
import type { Terminology } from './terminology.ts';

export interface ListMap {
  /** `don-vi-hanh-chinh-2025` */
  map: string;
  url: string;
  title: string;
  titleEn: string;
  source: string;
  target: string;
  /** Content path of its table. */
  file: string;
  sourceColumn: string;
  targetColumn: string;
}

const MAPS = 'http://yba.vn/fhir/cm/';

export function listMaps(content: Content): ListMap[] {
  return content.table('terminology/maps').map((row) => ({
    map: row.map!,
    url: `${MAPS}${row.map}`,
    title: row.title!,
    titleEn: row.title_en!,
    source: row.source!,
    target: row.target!,
    file: row.file!,
    sourceColumn: row.source_column!,
    targetColumn: row.target_column!,
  }));
}

/** The map of a name as a resource; its rows in force on the day. */
export function conceptMapOf(
  content: Content,
  terminology: Terminology,
  name: string,
  date: string,
): (ConceptMapJson & { resourceType: 'ConceptMap' }) | null {
  const row = content.table('terminology/maps').find(({ map }) => map === name);
  if (!row) return null;
  return {
    resourceType: 'ConceptMap',
    url: `${MAPS}${name}`,
    ...({
      name: nameOf(name),
      title: row.title,
      status: 'active',
      sourceUri: row.source,
      targetUri: row.target,
      ...(row.notice === '' ? {} : { copyright: row.notice }),
    } as object),
    group: [
      { source: row.source!, target: row.target!, element: elementsOf(content, terminology, row, date) },
    ],
  };
}

/** Codes of one source code stand together; several targets of a cell are separated by `|` or `;`. */
function elementsOf(content: Content, terminology: Terminology, row: Row, date: string) {
  const elements = new Map<string, { code: string; target: object[] }>();
  for (const line of content.inForce(row.file!, date)) {
    const code = line[row.source_column!]!;
    const targets = line[row.target_column!]!.split(/[|;]/).filter((one) => one !== '');
    if (code === '') continue;
    const element = elements.get(code) ?? { code, target: [] };
    elements.set(code, element);
    const isInexact = row.inexact_when !== '' && !['', '0'].includes(line[row.inexact_when!] ?? '');
    const comment = row.comment_column === '' ? '' : (line[row.comment_column!] ?? '');
    for (const target of targets) {
      const display = terminology.lookup(row.target!, target, date)?.display;
      element.target.push({
        code: target,
        ...(display === undefined ? {} : { display }),
        equivalence: isInexact ? 'inexact' : row.equivalence,
        ...(comment === '' ? {} : { comment }),
      });
    }
    if (targets.length === 0)
      element.target.push({ equivalence: 'unmatched', ...(comment === '' ? {} : { comment }) });
  }
  return [...elements.values()];
}
