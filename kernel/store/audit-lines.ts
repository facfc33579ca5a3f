/** Audit lines on their way into table `audit`: the one place of its INSERT's parameters. */
import { shardKey } from './compartment.ts';
import type { AuditLine } from './contract.ts';
import type { Queryable } from './rows.ts';
import { int8s, texts } from './wire.ts';

export interface PlacedLine {
  /** Shard key of the line's person, 0 for data of no person. */
  pt: bigint;
  line: AuditLine;
}

export function placeLines(lines: AuditLine[]): PlacedLine[] {
  return lines.map((line) => ({ pt: shardKey(line.patient), line }));
}

/** Parameters of fhir_commit from a_audit_pt on, and of audit_append from a_pt on. */
export function auditColumns(lines: PlacedLine[]): Buffer[] {
  const column = (pick: (line: AuditLine) => string | null) => texts(lines.map(({ line }) => pick(line)));
  return [
    int8s(lines.map(({ pt }) => pt)),
    column((line) => line.who),
    column((line) => line.whoDisplay),
    column((line) => line.patient),
    column((line) => line.action),
    column((line) => line.what),
    column((line) => line.why),
    column((line) => line.outcome),
    column(wayOf),
    column((line) => line.unit),
  ];
}

/** Column `ip`: the address and, where they are known, client, request and token behind it, with `-` for one that is not. */
function wayOf({ ip, client, request, token }: AuditLine): string {
  if (client === undefined && request === undefined && token === undefined) return ip;
  const parts = [ip || '-', client ?? '-', request ?? '-', token ?? '-'].map((part) =>
    part.replace(/\s/g, '_'),
  );
  while (parts.at(-1) === '-') parts.pop();
  return parts.join(' ');
}

/** Appends lines in one statement. */
export async function appendLines(db: Queryable, era: number, lines: PlacedLine[]): Promise<void> {
  if (lines.length === 0) return;
  await db.query({
    name: 'audit_append',
    text: 'select audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
    values: [era, ...auditColumns(lines)],
  });
}
