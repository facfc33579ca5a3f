import { formatDate, t } from '../../../web/ui/index.ts';

/** `2026-12-01.2` → 01/12/2026 (lần 2): the second version that begins on a day. A version that is no day stays as it is. */
export function versionName(version: string): string {
  const [, day, nth] = /^(\d{4}-\d\d-\d\d)(?:\.(\d+))?$/.exec(version) ?? [];
  if (day === undefined) return version;
  return nth === undefined
    ? formatDate(day)
    : t('forms.design.nth-version', '{day} (lần {n})', { day: formatDate(day), n: nth });
}
