import { formatNumber } from '../../../web/ui/index.ts';

/** With so many digits after the comma at most; a dash for nothing. What is there and too little to be shown is no 0: `< 0,01`. */
export function numberOf(value: number | null, decimals: number): string {
  if (value === null) return '–';
  const shown = Number(value.toFixed(decimals));
  return shown === 0 && value > 0 ? `< ${formatNumber(10 ** -decimals)}` : formatNumber(shown);
}
