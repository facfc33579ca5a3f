/** The calculators that rules of the content may name. */
import { banded } from './banded.ts';
import type { Calculator } from './calculator.ts';
import { latest } from './latest.ts';
import { MEDICINE_CHECKS } from './medicines.ts';
import { SCORES } from './scores.ts';

export type { Calculator, CalculatorAsk, InputRule } from './calculator.ts';

const ALL = new Map<string, Calculator>(
  [latest, banded, ...SCORES, ...MEDICINE_CHECKS].map((one) => [one.code, one]),
);

export const calculatorNamed = (code: string): Calculator | undefined => ALL.get(code);
export const calculatorNames: readonly string[] = [...ALL.keys()];
