import { formatNumber } from '../../../web/ui/index.ts';

/** What stands where there is no number. */
export const NO_NUMBER = '–';

/** With so many digits after the comma at most; a dash for nothing. What is there and too little to be shown is no 0: `< 0,01`. */
export function numberOf(value: number | null, decimals: number): string {
  if (value === null) return NO_NUMBER;
  const shown = Number(value.toFixed(decimals));
  return shown === 0 && value > 0 ? `< ${formatNumber(10 ** -decimals)}` : formatNumber(shown);
}
