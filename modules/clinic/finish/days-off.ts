/** Days on which a station keeps only its watch: a follow-up may fall on one, but nobody should choose it unaware. Pure. */
import type { DayOff, Warning } from '../contract.ts';

const WEEKEND: Record<number, { name: string; nameEn: string }> = {
  0: { name: 'Chủ nhật', nameEn: 'Sunday' },
  6: { name: 'Thứ Bảy', nameEn: 'Saturday' },
};

/**
 * @param day ISO day of the follow-up
 * @param holidays rows of `content/clinic/days-off.csv` as `ClinicLists` carries them
 * @returns a sentence at field `followUp`, or null for a working day
 */
export function dayOffWarning(day: string, holidays: readonly DayOff[]): Warning | null {
  const off =
    holidays.find((one) => one.day === day) ?? WEEKEND[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? null;
  if (!off) return null;
  return {
    field: 'followUp',
    text: `Ngày hẹn ${day.split('-').reverse().join('/')} là ${off.name}: chỉ có người trực, xem có nên hẹn ngày khác.`,
    textEn: `The follow-up falls on a day off (${off.nameEn}).`,
  };
}
