/** Random expressions for `_text` and `_content`, with what they say of a story. */

interface Random {
  pick<T>(items: readonly T[]): T;
  chance(share: number): boolean;
}

export interface TextExpression {
  text: string;
  /** @param story terms in the order in which they were written */
  test: (story: readonly string[]) => boolean;
  terms: string[];
}

/** @param terms that may be asked for; none is part of another */
export function randomText(random: Random, terms: readonly string[], depth = 0): TextExpression {
  const { pick, chance } = random;
  if (depth < 2 && chance(0.6)) {
    const [left, right] = [randomText(random, terms, depth + 1), randomText(random, terms, depth + 1)];
    const [word, isAnd] = pick([
      [' AND ', true],
      [' and ', true],
      [' ', true],
      [' OR ', false],
      [' or ', false],
    ] as const);
    return {
      text: `(${left.text}${word}${right.text})`,
      test: (story) =>
        isAnd ? left.test(story) && right.test(story) : left.test(story) || right.test(story),
      terms: [...left.terms, ...right.terms],
    };
  }
  if (chance(0.2)) {
    const inner = randomText(random, terms, depth + 1);
    return { ...inner, text: `NOT ${inner.text}`, test: (story) => !inner.test(story) };
  }
  if (chance(0.3)) {
    const [first, second] = [pick(terms), pick(terms)];
    const test = (story: readonly string[]) =>
      story.some((one, at) => one === first && story[at + 1] === second);
    return { text: `"${first} ${second}"`, test, terms: [first, second] };
  }
  const term = pick(terms);
  return {
    text: chance(0.5) ? `(${term})` : `"${term}"`,
    test: (story) => story.includes(term),
    terms: [term],
  };
}
