/** Parts of a form that cannot both hold: one of them would be passed over without a word. Pure. */
import type { CellRule, ReportColumn, ReportDefinition } from './definition.ts';
import type { Fault } from './expression/node.ts';
import type { PlannedRow } from './planned.ts';

/** @param places of rows, by code */
export function contradictions(
  { cells = {}, columns }: ReportDefinition,
  rows: readonly PlannedRow[],
  places: ReadonlyMap<string, string>,
): Fault[] {
  const rules = Object.entries(cells);
  return [
    ...rows.flatMap((row) => ofRow(row, places.get(row.code)!, rules)),
    ...(columns ?? []).flatMap((column, at) => ofColumn(column, `columns[${at}]`)),
    ...rules.flatMap(([cell, rule]) => ofCell(rule, `cells['${cell}']`)),
  ];
}

function ofRow(row: PlannedRow, place: string, rules: readonly (readonly [string, CellRule])[]): Fault[] {
  const given = (names: readonly (keyof PlannedRow)[]) => names.filter((name) => row[name] !== undefined);
  const beside = (what: string, names: readonly (keyof PlannedRow)[]) =>
    given(names).map((name) => notBeside(`${place}.${name}`, name, what));
  if (row.heading === true) return beside('heading', ['source', 'formula', 'where', 'sum', 'average']);
  if (row.formula !== undefined) return beside('formula', ['source', 'where', 'sum', 'average', 'count']);
  const measures = given(['sum', 'average', 'count']);
  if (measures.length > 1)
    return measures.slice(1).map((name) => notBeside(`${place}.${name}`, name, measures[0]!));
  const counted =
    row.source !== undefined ||
    rules.some(([cell, rule]) => rule.source !== undefined && cell.startsWith(`${row.code}.`));
  if (counted) return [];
  return given(['where', 'sum', 'average', 'count']).map((name) => ({
    expression: `${place}.${name}`,
    text: `“${name}” cần “source”: dòng này không đếm từ nguồn nào.`,
    textEn: `"${name}" needs "source": this row is counted from none`,
  }));
}

function ofColumn(column: ReportColumn, place: string): Fault[] {
  const inner = (column.columns ?? []).flatMap((one, at) => ofColumn(one, `${place}.columns[${at}]`));
  const names = (['where', 'formula'] as const).filter((name) => column[name] !== undefined);
  if (column.columns)
    return [...names.map((name) => notBeside(`${place}.${name}`, name, 'columns')), ...inner];
  return names.slice(1).map((name) => notBeside(`${place}.${name}`, name, names[0]!));
}

function ofCell({ none, typed, formula, source, where, min, max }: CellRule, place: string): Fault[] {
  const ways = Object.entries({
    none: none || undefined,
    typed: typed || undefined,
    formula,
    source: source ?? where,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  const more = ways.slice(1).map((name) => notBeside(`${place}.${name}`, name, ways[0]!));
  if (min === undefined || max === undefined || min <= max) return more;
  const fault = {
    expression: `${place}.max`,
    text: `“max” ${max} nhỏ hơn “min” ${min}: không số nào đúng.`,
    textEn: `"max" ${max} is less than "min" ${min}: no number fits`,
  };
  return [...more, fault];
}

function notBeside(expression: string, name: string, other: string): Fault {
  return {
    expression,
    text: `“${name}” không đứng cùng “${other}”: một trong hai sẽ bị bỏ qua.`,
    textEn: `"${name}" cannot stand beside "${other}": one of them would be passed over`,
  };
}
