/** Telephone numbers as people write them. Pure. */

/**
 * `+84…` of a Vietnamese mobile number; null for anything else. Takes `0912 345 678`, `84912…`, `+84 912…`, and the numbers of
 * demo people, `0000 …`, which no telephone has.
 */
export function mobileOf(text: string): string | null {
  const digits = text.replace(/[\s().-]/g, '');
  const national = /^(?:\+?84|0)([35789]\d{8}|000\d{6})$/.exec(digits)?.[1];
  return national === undefined ? null : `+84${national}`;
}

/** Twelve digits of a citizen number, as typed with or without spaces; null for anything else. */
export function citizenNumberOf(text: string): string | null {
  const digits = text.replace(/[\s.]/g, '');
  return /^\d{12}$/.test(digits) ? digits : null;
}
