/** The books of the content: `content/registers/<key>/<valid-from>.json`, ready to be read. */
import {
  planRegister,
  type Register,
  type RegisterDefinition,
  viewsOf,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { datedOn } from '../../kernel/content/dated.ts';
import { Failure } from '../../kernel/failure.ts';

const known = new WeakMap<RegisterDefinition, Register>();

/**
 * The book in force on a day; null when none is.
 * @throws Failure `business-rule` when its description is wrong, with every place
 */
export function registerOn(content: Content, key: string, day: string): Register | null {
  const version = datedOn<RegisterDefinition>(content, 'registers', key, day);
  if (version === null) return null;
  const made = known.get(version.value);
  if (made) return made;
  const { register, faults } = planRegister(version.value, viewsOf(content));
  if (register === null)
    throw new Failure('business-rule', `Mẫu sổ ${version.file} có lỗi. Hãy báo quản trị nội dung.`, {
      textEn: `The register ${version.file} is wrong: tell the administrator of the content.`,
      issues: faults.map((fault) => ({ severity: 'error', code: 'invalid', ...fault })),
    });
  known.set(version.value, register);
  return register;
}
