/** One statement to a person, in both languages; `code` is stable, for tests and for screens that show an icon. */
export interface Remark {
  code: string;
  vi: string;
  en: string;
}
