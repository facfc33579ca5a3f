/** A fault as the officer reads it: the field of the designer that it speaks of, and the sentence without its FHIRPath. Pure. */
import type { Fault } from '../../../../engines/forms/browser.ts';
import { language, t } from '../../../../web/ui/index.ts';
import type { Path } from './tree.ts';

/** Parts of an item by what their place ends in; the first that fits. */
const parts = (): readonly [RegExp, string][] => [
  [/calculatedExpression/, t('forms.design.calculated', 'Tính ra từ')],
  [/initialExpression/, t('forms.design.initial', 'Điền sẵn bằng')],
  [/enableWhenExpression/, t('forms.design.enabled', 'Hỏi khi (biểu thức)')],
  [/questionnaire-constraint/, t('forms.design.constraint', 'Phải đúng rằng')],
  [/minValue/, t('forms.design.min', 'Nhỏ nhất')],
  [/maxValue/, t('forms.design.max', 'Lớn nhất')],
  [/questionnaire-unit/, t('forms.unit', 'Đơn vị')],
  [/\.enableWhen\[/, t('forms.design.conditions', 'Điều kiện')],
  [/\.answerValueSet$/, t('forms.design.code-list', 'Bộ mã')],
  [/\.answerOption/, t('forms.design.options-part', 'Các lựa chọn')],
  [/\.linkId$/, t('forms.design.link', 'Mã mục (linkId)')],
  [/\.text$/, t('forms.design.text', 'Lời hỏi')],
  [/\.type$/, t('forms.design.type', 'Loại')],
  [/\.definition$/, t('forms.design.definition', 'Ghi vào phần tử của hồ sơ')],
];

export function faultWords(fault: Fault): string {
  const { expression = '', text, textEn } = fault;
  const said = language() === 'en' ? (textEn ?? text) : text;
  const rest = said.startsWith(`${expression} `) ? said.slice(expression.length + 1) : said;
  const part = parts().find(([place]) => place.test(expression))?.[1];
  return part ? `${part}: ${rest}` : rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** The item that a fault speaks of: `Questionnaire.item[1].item[0].type` → [1, 0]; null for the form itself. */
export function itemOf({ expression = '' }: Fault): Path | null {
  const [, steps = ''] = /^Questionnaire((?:\.item\[\d+\])*)/.exec(expression) ?? [];
  const path = [...steps.matchAll(/\d+/g)].map(([index]) => Number(index));
  return path.length > 0 ? path : null;
}
