/** Contraindicated pairs of the Ministry among new and still acting medicines. */
import type { Alert } from './alert.ts';
import { dayText } from './duplicates.ts';
import { identityOf, implicatedOf, isActing, type Taken } from './medicine.ts';
import type { Pair, PairTables, Side } from './tables.ts';

export function interactionAlerts(lines: Taken[], earlier: Taken[], tables: PairTables): Alert[] {
  const all = [...lines, ...earlier];
  const pairs = new Set(
    lines.flatMap((line) => line.ingredients.flatMap((code) => tables.pairsByIngredient.get(code) ?? [])),
  );
  return [...pairs].flatMap((pair) => alertFor(pair, all, tables) ?? []);
}

function alertFor(pair: Pair, all: Taken[], tables: PairTables): Alert | null {
  const found = pair.sides.map((side) => fulfils(side, all, tables));
  const [a, b] = found;
  if (!a || !b) return null;
  const medicines = [...new Set([...a, ...b])];
  if (!medicines.some((medicine) => medicine.line !== null)) return null;
  const ended = medicines.filter((medicine) => !isActing(medicine, tables.day));
  if (ended.length > 0 && !(isAllNew(a) || isAllNew(b))) return null;
  const past = ended.map((medicine) => ` ${medicine.name} mới hết ngày ${dayText(medicine.end)}.`).join('');
  return {
    key: `tuong-tac-chong-chi-dinh:${keyOf(pair)}:${medicines.map(identityOf).sort().join('+')}`,
    kind: 'tuong-tac-chong-chi-dinh',
    severity: 'high',
    needsReason: true,
    title: `Chống chỉ định phối hợp ${pair.names[0]} – ${pair.names[1]}`,
    reason: `Cơ chế: ${sentence(pair.mechanism)} Hậu quả: ${sentence(pair.consequence)}${past}`,
    management: pair.management,
    source: pair.source,
    implicated: medicines.map(implicatedOf),
  };
}

/** The medicines that together make up a side, or null when one of its ingredients is not taken. */
function fulfils(side: Side, all: Taken[], tables: PairTables): Taken[] | null {
  const medicines: Taken[] = [];
  for (const ingredient of side.ingredients) {
    const holders = all.filter(
      (medicine) =>
        medicine.ingredients.includes(ingredient) &&
        medicine.systemic &&
        (side.route === '' || medicine.routeGroup === side.route || medicine.routeGroup === '') &&
        isActing(medicine, tables.day, side.washoutDays),
    );
    if (holders.length === 0) return null;
    medicines.push(...holders);
  }
  return medicines;
}

function isAllNew(medicines: Taken[]): boolean {
  return medicines.every((medicine) => medicine.line !== null);
}

function keyOf(pair: Pair): string {
  return pair.sides
    .map((side) => side.ingredients.join('+'))
    .sort()
    .join('|');
}

function sentence(text: string): string {
  return text === '' || text.endsWith('.') ? text : `${text}.`;
}
