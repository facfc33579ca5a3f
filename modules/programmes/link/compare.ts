/**
 * The doses of one person on both sides. A dose that both know stands once; what differs is shown and decided by a person; nothing is
 * written here. Pure.
 */

/** A dose as one side has it. */
export interface LinkedDose {
  id: string;
  /** `system|code` of our catalogue; '' = a code that is not known here. */
  product: string;
  /** How the side names it. */
  name: string;
  /** ISO day. */
  day: string;
  lot: string;
  place: string;
  /** Ids by which the other side knows it. */
  known: readonly string[];
}

export type LinkState =
  /** Both have it, alike. */
  | 'same'
  /** Only the other side, only we. */
  | 'theirs'
  | 'ours'
  /** Seems to be one dose, told differently. */
  | 'differs'
  /** Theirs, of a vaccine that is not known here. */
  | 'unknown-code';

export type Difference = 'vaccine' | 'day' | 'lot';

export interface LinkRow {
  state: LinkState;
  theirs: LinkedDose | null;
  ours: LinkedDose | null;
  differences: readonly Difference[];
  /** How often the other side has it. */
  copies: number;
}

export interface CompareRules {
  daysApart: number;
  /** What a product holds. */
  componentsOf(product: string): readonly string[];
}

/** @returns by day, oldest first; the order of what came in does not matter */
export function compareDoses(
  ours: readonly LinkedDose[],
  theirs: readonly LinkedDose[],
  rules: CompareRules,
): LinkRow[] {
  const theirOwn = collapse(theirs);
  const pairs = ours
    .flatMap((own) =>
      theirOwn.map(({ dose, copies }) => ({ own, dose, copies, rank: rankOf(own, dose, rules) })),
    )
    .filter(({ rank }) => rank !== null)
    .sort(
      (a, b) =>
        a.rank! - b.rank! ||
        apart(a.own, a.dose) - apart(b.own, b.dose) ||
        order(a.own, b.own) ||
        order(a.dose, b.dose),
    );
  const taken = new Set<LinkedDose>();
  const rows: LinkRow[] = [];
  for (const { own, dose, copies } of pairs) {
    if (taken.has(own) || taken.has(dose)) continue;
    taken.add(own);
    taken.add(dose);
    const differences = differencesOf(own, dose);
    rows.push({
      state: differences.length === 0 ? 'same' : 'differs',
      theirs: dose,
      ours: own,
      differences,
      copies,
    });
  }
  for (const own of ours)
    if (!taken.has(own)) rows.push({ state: 'ours', theirs: null, ours: own, differences: [], copies: 0 });
  for (const { dose, copies } of theirOwn)
    if (!taken.has(dose))
      rows.push({
        state: dose.product === '' ? 'unknown-code' : 'theirs',
        theirs: dose,
        ours: null,
        differences: [],
        copies,
      });
  return rows.sort((a, b) => order(a.theirs ?? a.ours!, b.theirs ?? b.ours!));
}

/** The same vaccine on the same day of one lot, or of a lot that one of them does not say, is one dose that was sent twice. */
function collapse(doses: readonly LinkedDose[]): { dose: LinkedDose; copies: number }[] {
  const kept: { dose: LinkedDose; copies: number }[] = [];
  for (const dose of [...doses].sort((a, b) => Number(a.lot === '') - Number(b.lot === '') || order(a, b))) {
    const before = kept.find(
      (one) =>
        one.dose.id === dose.id ||
        (one.dose.day === dose.day && isOneVaccine(one.dose, dose) && isOneLot(one.dose.lot, dose.lot)),
    );
    if (before) before.copies += 1;
    else kept.push({ dose, copies: 1 });
  }
  return kept;
}

const isOneVaccine = (a: LinkedDose, b: LinkedDose) =>
  a.product === b.product && (a.product !== '' || a.name === b.name);

/** How surely two are one, the surest lowest; null = they are not. */
function rankOf(own: LinkedDose, dose: LinkedDose, { daysApart, componentsOf }: CompareRules): number | null {
  if (own.known.includes(dose.id) || dose.known.includes(own.id)) return 0;
  const isSameProduct = dose.product !== '' && own.product === dose.product;
  if (isSameProduct && own.day === dose.day) return isOneLot(own.lot, dose.lot) ? 1 : 3;
  const days = apart(own, dose);
  const lots = own.lot !== '' && isOneLot(own.lot, dose.lot) && dose.lot !== '';
  if (isSameProduct && days <= daysApart) return lots ? 2 : 5;
  if (own.day !== dose.day) return null;
  const held = new Set(componentsOf(own.product));
  if (componentsOf(dose.product).some((one) => held.has(one))) return 4;
  return lots ? 4 : null;
}

function differencesOf(own: LinkedDose, dose: LinkedDose): Difference[] {
  return [
    ...(own.product === dose.product ? [] : (['vaccine'] as const)),
    ...(own.day === dose.day ? [] : (['day'] as const)),
    ...(isOneLot(own.lot, dose.lot) ? [] : (['lot'] as const)),
  ];
}

const plain = (lot: string) => lot.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** A lot that is not said differs from none. */
const isOneLot = (a: string, b: string) => plain(a) === '' || plain(b) === '' || plain(a) === plain(b);

const apart = (a: LinkedDose, b: LinkedDose) =>
  Math.abs(Date.parse(`${a.day}T00:00:00Z`) - Date.parse(`${b.day}T00:00:00Z`)) / 86_400_000;

const order = (a: LinkedDose, b: LinkedDose) =>
  a.day < b.day ? -1 : a.day > b.day ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
