import { formatNumber } from '../../../web/ui/index.ts';

/** With so many digits after the comma at most; a dash for nothing. */
export function numberOf(value: number | null, decimals: number): string {
  return value === null ? '–' : formatNumber(Number(value.toFixed(decimals)));
}
