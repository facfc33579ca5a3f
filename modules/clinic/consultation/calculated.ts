/** Numbers that follow from measured ones, on the server and while one types. `content/clinic/measured.csv` says which from what. Pure. */

type Calculation = (values: readonly number[]) => number | null;

const CALCULATIONS: Readonly<Record<string, Calculation>> = {
  /** kg and cm to kg/m², one decimal. */
  'body-mass-index': ([kilograms = 0, centimetres = 0]) =>
    centimetres > 0 ? Math.round((kilograms / (centimetres / 100) ** 2) * 10) / 10 : null,
};

/**
 * @returns null unless everything that it is calculated from is known
 * @throws Error for a calculation that the program does not have: the content is wrong
 */
export function calculate(
  { how, from }: { how: string; from: readonly string[] },
  vitals: Readonly<Record<string, number | null>>,
): number | null {
  const calculation = CALCULATIONS[how];
  if (!calculation) throw new Error(`clinic/measured: there is no calculation "${how}"`);
  const values = from.map((key) => vitals[key] ?? null);
  return values.every((value) => value !== null) ? calculation(values) : null;
}
