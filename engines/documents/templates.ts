/** Which template is the law on a day: `content/documents/<paper>/<valid-from>.typ`, the newest that has begun. */
import { readdirSync } from 'node:fs';
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';

const DATED = /^(\d{4}-\d{2}-\d{2})\.typ$/;

/**
 * Path of the template inside `content/documents`, for example `/prescription/2025-07-01.typ`.
 * @param date ISO day of the paper
 * @throws Failure `not-found` when the paper has no template that is in force on the day
 */
export function templateOn(content: Content, paper: string, date: string): string {
  const starts = datesOf(content, paper).filter((from) => from <= date);
  const from = starts.sort().at(-1);
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

function datesOf(content: Content, paper: string): string[] {
  if (!/^[a-z][a-z0-9-]*$/.test(paper)) return [];
  try {
    return readdirSync(content.path(`documents/${paper}`)).flatMap((name) => DATED.exec(name)?.[1] ?? []);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
