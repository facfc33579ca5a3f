/** Which new passwords are taken: length and kinds by law, nothing that guessers try first, nothing from a breach. */
import type { Content } from '../../content/content.ts';
import { Failure } from '../../failure.ts';
import type { Limits } from '../limits.ts';
import { openBreached } from './breached.ts';
import { bitsOf, type CommonWords, foldPassword } from './guessable.ts';

export interface PasswordRules {
  /**
   * Fails with `business-rule` and the rule that is broken.
   * @returns `short` when the password is enough only beside a second factor
   */
  check(
    password: string,
    of: { id: string; name: string; hasSecondFactor: boolean },
  ): Promise<{ short: boolean }>;
}

/** @param breached file of breached passwords (breached.ts), or null */
export async function openPasswordRules(
  content: Content,
  limits: Limits,
  breached: string | null,
): Promise<PasswordRules> {
  let words: CommonWords | undefined;
  const list = await openBreached(breached);
  return {
    async check(password, { id, name, hasSecondFactor }) {
      const short = isShort(password, limits);
      if (short && !(hasSecondFactor && [...password].length >= limits.passwordLengthSecondFactor)) {
        throw tooShort(limits, hasSecondFactor);
      }
      words ??= readWords(content);
      if (password.toLowerCase().includes(id.toLowerCase())) throw tooCommon();
      if (bitsOf(password, withOwn(words, id, name)) < limits.passwordBits) throw tooCommon();
      if (await list.has(password)) throw isBreached();
      return { short };
    },
  };
}

/** Too short or of too few kinds to stand alone. Letters with marks are letters. */
export function isShort(password: string, limits: Limits): boolean {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((one) => one.test(password)).length;
  return [...password].length < limits.passwordLength || kinds < limits.passwordClasses;
}

function readWords(content: Content): CommonWords {
  const rows = content.table('access/common-words');
  return new Map(
    rows.flatMap(({ words = '', bits }) => words.split(' ').map((word) => [word, Number(bits)] as const)),
  );
}

/** What everybody knows of a person costs a guesser next to nothing. */
function withOwn(words: CommonWords, id: string, name: string): CommonWords {
  const own = [...foldPassword(name).split(/[^a-z]+/), ...foldPassword(id).split(/[^a-z]+/)];
  return new Map([...words, ...own.filter((word) => word.length > 1).map((word) => [word, 2] as const)]);
}

function tooShort(limits: Limits, hasSecondFactor: boolean): Failure {
  if (hasSecondFactor) {
    return refusal(
      `Mật khẩu cần ít nhất ${limits.passwordLengthSecondFactor} ký tự.`,
      `A password beside a second factor needs ${limits.passwordLengthSecondFactor} characters.`,
    );
  }
  return refusal(
    `Mật khẩu cần ít nhất ${limits.passwordLength} ký tự, gồm chữ thường, chữ hoa, chữ số và ký hiệu.`,
    `A password needs ${limits.passwordLength} characters of ${limits.passwordClasses} kinds.`,
  );
}

function tooCommon(): Failure {
  return refusal(
    'Mật khẩu này dễ đoán: gồm tên, từ thông dụng, năm hoặc dãy phím. Hãy ghép thêm những từ không liên quan tới nhau.',
    'The password is easy to guess: names, common words, years or runs of keys. It needs characters or words that do not belong together.',
  );
}

function isBreached(): Failure {
  return refusal(
    'Mật khẩu này đã bị lộ trong một vụ rò rỉ dữ liệu. Hãy chọn mật khẩu khác.',
    'The password is in a list of breached passwords of known characters. Choose another.',
  );
}

function refusal(text: string, textEn: string): Failure {
  return new Failure('business-rule', text, { textEn, expression: 'password' });
}
