/** Rules between fields and tables: rows of `content/insurance/check-rules.csv`, each with a named predicate. */
import type { Content, Row } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { remedyFor } from './check-fields.ts';
import { type ClaimRow, type ClaimTables, holds } from './condition.ts';
import type { Fault } from './fault.ts';
import { PREDICATES } from './predicates.ts';
import type { Field, Release } from './release.ts';

/** Every row of a rule's table is put before its predicate, when the rule's condition holds for it. */
export function ruleFaults(tables: ClaimTables, release: Release, content: Content): Fault[] {
  const rules = content.inForce('insurance/check-rules', release.date);
  return rules.flatMap((rule) =>
    (tables[rule.table ?? ''] ?? []).flatMap((row, at) =>
      isBroken(rule, row, tables, release, content) ? [faultOf(rule, row, at, release, content)] : [],
    ),
  );
}

function isBroken(
  rule: Row,
  row: ClaimRow,
  tables: ClaimTables,
  release: Release,
  content: Content,
): boolean {
  if (!holds(rule.when ?? '', row, tables)) return false;
  const predicate = PREDICATES[rule.predicate ?? ''];
  if (!predicate) {
    throw new Failure(
      'invalid-parameter',
      `Quy tắc ${rule.code} dùng phép kiểm tra “${rule.predicate}” chưa có.`,
      {
        textEn: `Rule ${rule.code} names the unknown predicate "${rule.predicate}"`,
      },
    );
  }
  return !predicate({
    field: rule.field ?? '',
    args: rule.arguments ? rule.arguments.split('|') : [],
    row,
    tables,
    content,
    date: release.date,
  });
}

function faultOf(rule: Row, row: ClaimRow, at: number, release: Release, content: Content): Fault {
  const table = release.tables.find((each) => each.name === rule.table);
  const field: Field | undefined = table?.fields.find((each) => each.name === rule.field);
  const said = (rule.message ?? '').replace(/\{(\w+)\}/g, (_match, name: string) => row[name] ?? '');
  const remedy = rule.remedy || remedyFor(field?.fact ?? '', content);
  return {
    code: rule.code ?? '',
    severity: rule.severity === 'error' ? 'error' : 'warning',
    table: rule.table ?? '',
    row: table?.rows === 'visit' ? null : at + 1,
    field: rule.field ?? '',
    label: field?.label ?? rule.field ?? '',
    value: row[rule.field ?? ''] ?? '',
    text: `${field?.label ?? ''} (${rule.field}): ${said}; ${remedy}.`,
    basis: rule.basis ?? '',
  };
}
