/** The same ingredient twice: across brand names, combinations and prescriptions that still run. */
import type { Alert } from './alert.ts';
import { identityOf, implicatedOf, isActing, type Taken } from './medicine.ts';
import type { RuleTables } from './tables.ts';

export function duplicateAlerts(lines: Taken[], earlier: Taken[], tables: RuleTables): Alert[] {
  const acting = [...lines, ...earlier.filter((medicine) => isActing(medicine, tables.day))];
  const byPlace = new Map<string, { ingredient: string; medicines: Taken[] }>();
  for (const medicine of acting) {
    for (const ingredient of medicine.ingredients) {
      const key = `${ingredient}|${placeOf(medicine)}`;
      const entry = byPlace.get(key) ?? { ingredient, medicines: [] };
      entry.medicines.push(medicine);
      byPlace.set(key, entry);
    }
  }
  const doubled = [...byPlace.values()].filter(
    ({ ingredient, medicines }) =>
      medicines.length > 1 &&
      medicines.some((medicine) => medicine.line !== null) &&
      !tables.ingredients.get(ingredient)?.duplicateAllowed,
  );
  return mergeSameMedicines(doubled).map((entry) => alertFor(entry, tables));
}

/** All systemic routes are one place; medicines that act where they are put meet only in the same place. */
function placeOf(medicine: Taken): string {
  return medicine.systemic ? 'systemic' : medicine.routeGroup;
}

/** Two combinations that share both ingredients are one finding, not two. */
function mergeSameMedicines(entries: { ingredient: string; medicines: Taken[] }[]) {
  const merged = new Map<string, { ingredients: string[]; medicines: Taken[] }>();
  for (const { ingredient, medicines } of entries) {
    const key = medicines.map((medicine) => `${medicine.line}:${identityOf(medicine)}`).join('|');
    const entry = merged.get(key) ?? { ingredients: [], medicines };
    if (!entry.ingredients.includes(ingredient)) entry.ingredients.push(ingredient);
    merged.set(key, entry);
  }
  return [...merged.values()];
}

function alertFor(
  { ingredients, medicines }: { ingredients: string[]; medicines: Taken[] },
  tables: RuleTables,
): Alert {
  const names = ingredients.map((code) => tables.ingredients.get(code)?.name ?? code).join(', ');
  const running = medicines.filter((medicine) => medicine.line === null);
  const described = medicines.map((medicine) =>
    medicine.line === null ? `${medicine.name} (đơn cũ, còn đến ${dayText(medicine.end)})` : medicine.name,
  );
  return {
    key: `trung-hoat-chat:${[...ingredients].sort().join('+')}:${medicines.map(identityOf).sort().join('+')}`,
    kind: 'trung-hoat-chat',
    severity: 'moderate',
    needsReason: true,
    title: `Trùng hoạt chất ${names}`,
    reason: `${described.join(' và ')} cùng chứa ${names}: nguy cơ quá liều.`,
    management:
      running.length > 0
        ? 'Bỏ dòng mới, hoặc dặn người bệnh ngừng thuốc của đơn cũ.'
        : 'Giữ một thuốc, hoặc giảm liều sao cho tổng liều trong giới hạn.',
    source: 'Đối chiếu hoạt chất trong đơn và các đơn còn hiệu lực',
    implicated: medicines.map(implicatedOf),
  };
}

export function dayText(day: string | null): string {
  if (!day) return 'chưa rõ ngày';
  const [year, month, date] = day.split('-');
  return `${date}/${month}/${year}`;
}
