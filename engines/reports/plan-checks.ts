/** The checks of a form, ready to be judged: one that says `*` for a row or a column is as many checks as it fits. Pure. */
import type { Check, ReportDefinition } from './definition.ts';
import type { Fault, Node } from './expression/node.ts';
import { parsed, tried } from './expression/parsed.ts';
import { cellsOf } from './formula.ts';
import { needKind } from './formula-kind.ts';
import { type Cell, noCell, type PlannedColumn, type PlannedRow, usedCode } from './planned.ts';

export interface PlannedCheck {
  code: string;
  node: Node;
  level: 'compulsory' | 'warning';
  text: string;
  textEn: string;
}

interface Parts {
  definition: ReportDefinition;
  rows: readonly PlannedRow[];
  columns: readonly PlannedColumn[];
  cells: ReadonlyMap<string, Cell>;
}

export function checksOf(parts: Parts, faults: Fault[]): PlannedCheck[] {
  const seen = new Set<string>();
  return (parts.definition.checks ?? []).flatMap((check, at) => {
    const place = `checks[${at}].rule`;
    if (seen.has(check.code)) faults.push(usedCode(check.code, `checks[${at}].code`));
    seen.add(check.code);
    const made = spread(check, parts);
    if (made.length === 0) faults.push(fitsNowhere(check.rule, place));
    return made.flatMap(({ code, rule, level, text, textEn }) => {
      const node = parsed(rule, place, faults);
      const named =
        node &&
        tried(place, faults, () => {
          needKind(node, 'truth');
          return cellsOf(node);
        });
      if (!node || !named) return [];
      for (const { form, cell } of named)
        if (form === null && !parts.cells.has(cell)) faults.push(noCell(cell, place));
      return [{ code, node, level, text, textEn }];
    });
  });
}

const ANY_ROW = /\[\*\.([^\]@]+)/g;
const ANY_COLUMN = /\[([^\]/@]+)\.\*/g;

/** `[*.a] <= [*.b]` for each row that has a and b, `[a.*] <= [b.*]` for each column in which both have a number. */
function spread(check: Check, { rows, columns, cells }: Parts): Check[] {
  const { rule } = check;
  const fits = (names: readonly string[]) =>
    names.every((name) => cells.has(name) && cells.get(name)?.kind !== 'none');
  const named = (pattern: RegExp) => [...rule.matchAll(pattern)].map(([, other]) => other!);
  const own = (
    pattern: RegExp,
    parts: readonly (PlannedRow | PlannedColumn)[],
    cellOf: (code: string, other: string) => string,
  ) =>
    parts
      .filter(({ code }) => fits(named(pattern).map((other) => cellOf(code, other))))
      .map((part) => ({
        ...check,
        code: `${check.code}.${part.code}`,
        rule: rule.replace(pattern, (_, other: string) => `[${cellOf(part.code, other)}`),
        text: `${part.title}: ${check.text}`,
        textEn: `${part.titleEn ?? part.title}: ${check.textEn}`,
      }));
  if (named(ANY_ROW).length > 0) return own(ANY_ROW, rows, (row, column) => `${row}.${column}`);
  if (named(ANY_COLUMN).length > 0) return own(ANY_COLUMN, columns, (column, row) => `${row}.${column}`);
  return [check];
}

function fitsNowhere(rule: string, place: string): Fault {
  return {
    expression: place,
    text: `Không dòng hay cột nào có đủ các ô của “${rule}”.`,
    textEn: `no row or column has all cells of "${rule}"`,
  };
}
