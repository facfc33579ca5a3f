import { language } from '../../../web/ui/index.ts';

/** Words that came from the server in both languages, in the one that is chosen. */
export function said({ vi, en }: { vi: string; en: string }): string {
  return language() === 'en' ? en : vi;
}
