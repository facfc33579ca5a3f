/** Which template is the law on a day: `content/documents/<paper>/<valid-from>.typ`, the newest that has begun. */
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';

const DATED = /^([a-z][a-z0-9-]*)\/(\d{4}-\d{2}-\d{2})\.typ$/;

/**
 * Path of the template inside `content/documents`, for example `/prescription/2025-07-01.typ`.
 * @param date ISO day of the paper
 * @throws Failure `not-found` when the paper has no template that is in force on the day
 */
export function templateOn(content: Content, paper: string, date: string): string {
  const starts = templateDays(content, paper).filter((from) => from <= date);
  const from = starts.at(-1);
  if (!from) {
    const day = date.split('-').reverse().join('/');
    throw new Failure(
      'not-found',
      `Chưa có mẫu giấy “${paper}” cho ngày ${day}: thêm mẫu vào content/documents.`,
      {
        textEn: `No template of paper "${paper}" is in force on ${date}`,
      },
    );
  }
  return `/${paper}/${from}.typ`;
}

/** First days of the templates of a paper, of all content folders, in their order. */
export function templateDays(content: Content, paper: string): string[] {
  const days = content.files('documents').flatMap((name) => {
    const [, key, from] = DATED.exec(name) ?? [];
    return key === paper && from !== undefined ? [from] : [];
  });
  return days.sort();
}
