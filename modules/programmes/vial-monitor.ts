/** The vial monitor (VVM): stages of the content, and the refusal of a vial that was too warm. */
import type { Kernel } from '../../kernel/kernel.ts';
import { type Body, refusal, textOf } from './asking.ts';

export interface Stage {
  code: string;
  title: string;
  titleEn: string;
  usable: boolean;
}

export function stagesOn({ content }: Pick<Kernel, 'content'>, day: string): Stage[] {
  return content.inForce('vaccines/vvm', day).map(({ code = '', title = '', title_en = '', usable }) => ({
    code,
    title,
    titleEn: title_en,
    usable: usable === '1',
  }));
}

/** What was read off the monitor, '' = it was not read or the vial has none. @throws Failure `business-rule` for a vial that may not be used */
export function readMonitor(body: Body, stages: readonly Stage[]): string {
  const code = textOf(body, 'vvm');
  if (code === '') return '';
  const stage = stages.find((one) => one.code === code);
  if (!stage)
    throw refusal(
      'vvm',
      'Hãy chọn giai đoạn chỉ thị nhiệt (VVM) trong danh sách.',
      `vvm is one of ${stages.map((one) => one.code).join(', ')}.`,
    );
  if (!stage.usable)
    throw refusal(
      'vvm',
      `Chỉ thị nhiệt (VVM) giai đoạn ${stage.title}: vắc xin đã quá nóng, không được dùng. Để riêng, ghi hủy và lấy lọ khác.`,
      `Vial monitor stage ${stage.titleEn}: the vaccine was too warm and must not be used. Put it aside, note it as waste, take another.`,
    );
  return `VVM ${stage.title}`;
}
