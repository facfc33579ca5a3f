/** Formulas over cells in the words of their forms: `[kham/visits.total]` is “Biểu 9/BCX: Lượt khám bệnh (Tổng số)”. Pure. */
import { cellName } from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { formsOn } from './forms.ts';

export type Tongue = 'vi' | 'en';

/** A formula's text with each cell that a form in force on the day has said in words; a cell that none has stays as it is written. */
export function formulaWords(content: Content, day: string, text: string, tongue: Tongue): string {
  const forms = new Map(formsOn(content, day).map((form) => [form.key, form]));
  return text.replace(/\[([^\]]+)\]/g, (written, inside: string) => {
    const { form: key, cell, shift } = cellName(inside, 0);
    const plan = forms.get(key ?? '')?.plan;
    const [rowCode, columnCode] = cell.split('.');
    const row = plan?.rows.find(({ code }) => code === rowCode);
    const column = plan?.columns.find(({ code }) => code === columnCode);
    if (!plan || !row || !column) return written;
    const title = (of: { title: string; titleEn?: string }) =>
      tongue === 'en' ? (of.titleEn ?? of.title) : of.title;
    return `${plan.definition.code}: ${title(row)} (${title(column)})${shift === 0 ? '' : ` ${SHIFTED[tongue](-shift)}`}`;
  });
}

const SHIFTED: Record<Tongue, (periods: number) => string> = {
  vi: (periods) => `của ${periods} kỳ trước`,
  en: (periods) => `${periods} periods before`,
};
