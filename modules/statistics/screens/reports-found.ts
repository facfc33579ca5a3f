/** Which reports of a month somebody looks for: by words of the form and the unit, by form, by how far they have come. Pure. */
import { foldText } from '../../../kernel/text/fold.ts';
import type { DueReport } from '../routes-list.ts';

export interface Wanted {
  /** All of these, without marks, in the form's code or title or the unit's name. */
  words: string;
  /** Key of a form; '' = any. */
  form: string;
  /** A state or a punctuality; '' = any. */
  how: string;
}

export function reportsFound(rows: readonly DueReport[], { words, form, how }: Wanted): DueReport[] {
  const wanted = foldText(words).split(' ').filter(Boolean);
  return rows.filter((row) => {
    if (form !== '' && row.form !== form) return false;
    if (how !== '' && row.state !== how && row.punctuality !== how) return false;
    if (wanted.length === 0) return true;
    const said = foldText(`${row.code} ${row.title} ${row.titleEn} ${row.unitName}`);
    return wanted.every((word) => said.includes(word));
  });
}
