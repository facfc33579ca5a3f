/** What the report of a unit says when the unit was not there in the period: since when it is, and what came before or after it. */
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Boundary, boundariesOf, boundaryOf } from './boundaries.ts';
import type { SheetKey } from './entries.ts';
import { daysOfPeriod } from './period.ts';

export interface UnitBoundary {
  kind: 'begins' | 'ended';
  day: string;
  /** Units that came before it, or after it; `people` of a part of a divided one. */
  units: { id: string; name: string; people: number | null; whole: boolean }[];
}

export async function boundaryShown({ pool, content }: Kernel, key: SheetKey): Promise<UnitBoundary | null> {
  const found = boundaryOf(content, key.unit, daysOfPeriod(key.period).end);
  if (found === null) return null;
  const other = ({ from, to }: Boundary) => (found.kind === 'begins' ? from : to);
  const { rows } = await pool.query<{ id: string; name: string }>(
    'select resource_key as id, coalesce(name, resource_key) as name from views.unit where resource_key = any($1)',
    [found.parts.map(other)],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  const divided = (from: string) =>
    boundariesOf(content).filter((one) => one.from === from && one.day === found.day).length > 1;
  const units = found.parts.map((part) => ({
    id: other(part),
    name: names.get(other(part)) ?? other(part),
    people: part.people,
    whole: !divided(part.from),
  }));
  return { kind: found.kind, day: found.day, units };
}

/** @throws Failure `conflict` for a unit that was not there at the end of the period */
export function requireInPlace({ content }: Kernel, { unit, period }: SheetKey): void {
  const found = boundaryOf(content, unit, daysOfPeriod(period).end);
  if (found === null) return;
  const [vi, en] =
    found.kind === 'begins' ? ['có từ ngày', 'begins on'] : ['không còn từ ngày', 'is no more from'];
  throw new Failure('conflict', `Đơn vị này ${vi} ${found.day}: kỳ này không có báo cáo riêng để ghi.`, {
    textEn: `the unit ${en} ${found.day}: it has no report of its own in this period`,
    expression: 'unit',
  });
}
