import { language, t } from '../../../web/ui/index.ts';
import type { DictionaryEntry } from '../routes-indicators.ts';

/** An age band, `unknown`, or '' for all, as people read it. */
export function ageWords(age: string): string {
  if (age === '') return t('statistics.age.all', 'Mọi tuổi');
  if (age === 'unknown') return t('statistics.age.unknown', 'Không rõ tuổi');
  if (age.endsWith('+')) return t('statistics.age.older', '{age} trở lên', { age: age.slice(0, -1) });
  return age.replace('-', '–');
}

export function sexWords(sex: string): string {
  if (sex === 'male') return t('statistics.sex.male', 'Nam');
  if (sex === 'female') return t('statistics.sex.female', 'Nữ');
  return sex === ''
    ? t('statistics.sex.all', 'Cả hai giới')
    : t('statistics.sex.other', 'Giới khác, không rõ');
}

/** Why a number is not there. */
export function whyWords(why: string | undefined): string {
  if (why === 'no-population') return t('statistics.no-population', 'chưa có dân số');
  if (why === 'untold') return t('statistics.untold', 'không tách được');
  return why === 'zero' ? t('statistics.zero', 'mẫu số 0') : '–';
}

/** Both sides of an indicator in the words of its forms. */
export const wordsOf = ({ words }: DictionaryEntry) => words[language() === 'en' ? 'en' : 'vi'];
