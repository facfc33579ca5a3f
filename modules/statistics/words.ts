/** Words that people write beside numbers: kept whole or refused, never cut short. */
import { Failure } from '../../kernel/failure.ts';
import { LONGEST_WORDS } from './longest-words.ts';

/** Without spaces at its ends; '' for what is no text. @throws Failure `invalid-parameter` for a longer text */
export function wordsOf(given: unknown, expression: string, longest = LONGEST_WORDS): string {
  const said = typeof given === 'string' ? given.trim() : '';
  if (said.length <= longest) return said;
  throw new Failure('invalid-parameter', `Chỗ này ghi được ${longest} ký tự; đang có ${said.length}.`, {
    textEn: `these words have ${said.length} characters, ${longest} are the most`,
    expression,
  });
}
