/** Regular expressions that strangers write, bounded in time. */
import { runInNewContext } from 'node:vm';

/** A pattern may be this long, and may take so long over all values together. */
const MOST_CHARACTERS = 500;
const MOST_MILLISECONDS = 300;

/**
 * For each value whether the whole of it fits; null when the text is no pattern, is too long, or takes too long.
 * The engine of JavaScript goes back and forth without end on some patterns; the interpreter of its own stops it.
 */
export function fitting(pattern: string, values: readonly string[]): boolean[] | null {
  if (pattern.length > MOST_CHARACTERS) return null;
  try {
    const texts = JSON.stringify(values);
    const answer: unknown = runInNewContext(
      `{ const pattern = new RegExp(source, 'u'); JSON.stringify(JSON.parse(texts).map((one) => pattern.test(one))) }`,
      { source: `^(?:${pattern})$`, texts },
      { timeout: MOST_MILLISECONDS },
    );
    return JSON.parse(String(answer)) as boolean[];
  } catch {
    return null;
  }
}
