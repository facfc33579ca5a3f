/** Screening before injection: between which temperatures a dose is given is dated content (`content/vaccines/screening.csv`). */
import type { Content } from '../../kernel/content/content.ts';
import { refusal } from './asking.ts';

/** °C: fit is above `above` and below `below`; what lies outside of `from` and `to` was mistyped. */
export interface FitTemperature {
  above: number;
  below: number;
  from: number;
  to: number;
}

/** In force on a day; null = the law of that day names none, and no temperature puts a dose off. */
export function fitTemperatureOn(content: Content, day: string): FitTemperature | null {
  const [row] = content.inForce('vaccines/screening', day);
  if (!row) return null;
  const { above, below, from, to } = row;
  return { above: Number(above), below: Number(below), from: Number(from), to: Number(to) };
}

/** @throws Failure `business-rule` for what is no temperature, and for one at which a dose is put off */
export function checkTemperature(value: unknown, fit: FitTemperature | null): asserts value is number {
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  if (!isNumber || (fit && (value < fit.from || value > fit.to)))
    throw refusal('temperature', 'Thân nhiệt không hợp lý.', 'temperature is a number of degrees Celsius.');
  if (fit && (value <= fit.above || value >= fit.below))
    throw refusal(
      'temperature',
      `Thân nhiệt từ ${words(fit.below)} °C trở lên hoặc từ ${words(fit.above)} °C trở xuống: hoãn tiêm.`,
      `The dose is put off at ${fit.below} °C and above, or ${fit.above} °C and below.`,
    );
}

const words = (degrees: number) => degrees.toLocaleString('vi-VN');
