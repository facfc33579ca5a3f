/**
 * `_filter` (R4 search_filter.html): logical expressions over the search parameters of a type. Pure.
 *
 *     filter    = paramExp / logExp / "not" "(" filter ")" / "(" filter ")"
 *     logExp    = filter ("and" / "or" filter)+        from left to right, neither binds more closely
 *     paramExp  = paramPath SP operator SP value       value: JSON string, or a token up to a blank, ")" or "]"
 *     paramPath = name ["[" filter "]"] ["." paramPath]
 */
import type { StoredType } from '../resource-types.ts';
import { invalidValue, unknownParameter } from './faults.ts';
import { filterLeaf, OPERATORS } from './filter-leaf.ts';
import { indexedParametersOf } from './parameters.ts';
import { followPath, linkOf, type Progress } from './parse-path.ts';
import type { Criterion } from './query.ts';

/** Expressions inside one another. */
const MOST_NESTED = 20;

/** @throws Failure `invalid-parameter` or `unknown-parameter`, naming the parameter and the place */
export function parseFilter(type: StoredType, name: string, text: string): Criterion {
  const reader = new FilterReader(type, name, text);
  return reader.whole();
}

interface Test {
  operator: string;
  value: string;
}

class FilterReader {
  readonly #type: StoredType;
  readonly #name: string;
  readonly #text: string;
  readonly #progress: Progress = { depth: 0, readings: 0 };
  #at = 0;
  #nested = 0;

  constructor(type: StoredType, name: string, text: string) {
    this.#type = type;
    this.#name = name;
    this.#text = text;
  }

  whole(): Criterion {
    const criterion = this.#filter(this.#type);
    this.#blanks();
    if (this.#at < this.#text.length) throw this.#fault('and, or');
    return criterion;
  }

  #filter(type: StoredType): Criterion {
    this.#nested += 1;
    if (this.#nested > MOST_NESTED) throw this.#fault(`≤ ${MOST_NESTED} ( [`);
    let left = this.#one(type);
    for (;;) {
      const word = this.#word(/(and|or)\b/y) as 'and' | 'or' | null;
      if (word === null) break;
      const right = this.#one(type);
      left =
        left.kind === word
          ? { ...left, of: [...left.of, right] }
          : { kind: word, name: this.#name, of: [left, right] };
    }
    this.#nested -= 1;
    return left;
  }

  #one(type: StoredType): Criterion {
    if (this.#word(/not\s*\(/y) !== null) {
      return { kind: 'not', name: this.#name, of: this.#closed(type, ')') };
    }
    if (this.#word(/\(/y) !== null) return this.#closed(type, ')');
    return this.#test(type);
  }

  #closed(type: StoredType, end: ')' | ']'): Criterion {
    const inner = this.#filter(type);
    if (this.#word(end === ')' ? /\)/y : /\]/y) === null) throw this.#fault(end);
    return inner;
  }

  /** `path operator value` */
  #test(type: StoredType): Criterion {
    const path = this.#word(/[A-Za-z_][\w:.-]*/y);
    if (path === null) throw this.#fault('tham số / a parameter');
    if (this.#text[this.#at] === '[') return this.#bracket(type, path);
    const test = this.#operation();
    return followPath(
      type,
      path,
      (end, name) => filterLeaf(end, name, test.operator, test.value),
      this.#progress,
    );
  }

  /**
   * `subject[gender eq male].name co "a"`: both are said of the same target. What stands in brackets is read once for each
   * type that the link may lead to; the place in the text is the same after each.
   */
  #bracket(type: StoredType, path: string): Criterion {
    const start = this.#at;
    let end = start;
    const links = path.split('.');
    const last = links.pop()!;
    const ahead = followTypes(type, [...links, last]);
    const { candidates } = linkOf(ahead, last, '…');
    const readings: { type: StoredType; inner: Criterion }[] = [];
    for (const target of candidates) {
      this.#at = start + 1;
      const reading = candidates.length === 1 ? this.#inside(target) : this.#try(() => this.#inside(target));
      if (reading === null) continue;
      end = this.#at;
      readings.push({ type: target, inner: reading });
    }
    if (readings.length === 0)
      throw unknownParameter(candidates.join('|'), this.#text.slice(start, start + 40));
    this.#at = end;
    return followPath(
      type,
      path,
      (from, link) => {
        const { parameter } = linkOf(from, link, '…');
        return { kind: 'chain', name: this.#name, parameter, targets: readings };
      },
      this.#progress,
    );
  }

  /** After `[`: the condition on the target, then the rest of the path. */
  #inside(target: StoredType): Criterion {
    const condition = this.#closed(target, ']');
    if (this.#word(/\./y) === null) throw this.#fault('.');
    return { kind: 'and', name: this.#name, of: [condition, this.#test(target)] };
  }

  #try(read: () => Criterion): Criterion | null {
    const nested = this.#nested;
    try {
      return read();
    } catch {
      this.#nested = nested;
      return null;
    }
  }

  #operation(): Test {
    const operator = this.#word(/[a-z]{2}(?=\s|$)/y);
    if (operator === null || !OPERATORS.has(operator)) throw this.#fault([...OPERATORS].join(' '));
    const quoted = this.#word(/"(?:[^"\\]|\\.)*"/y);
    if (quoted !== null) return { operator, value: this.#string(quoted) };
    const value = this.#word(/[^\s)\]"][^\s)\]]*/y);
    if (value === null) throw this.#fault('giá trị / a value');
    return { operator, value };
  }

  #string(quoted: string): string {
    try {
      return JSON.parse(quoted) as string;
    } catch {
      throw this.#fault('chuỗi JSON / a JSON string');
    }
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  /** What the pattern finds here after blanks; null when it finds nothing. */
  #word(pattern: RegExp): string | null {
    const before = this.#at;
    this.#blanks();
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) {
      this.#at = before;
      return null;
    }
    this.#at += match[0].length;
    return match[0];
  }

  #fault(wanted: string) {
    const place = `${this.#text.slice(Math.max(0, this.#at - 20), this.#at)}⟨${this.#at}⟩${this.#text.slice(this.#at, this.#at + 20)}`;
    return invalidValue(this.#name, place, `${wanted} ở chỗ ⟨⟩`, `${wanted} at ⟨⟩`);
  }
}

/** The type that the last link starts from; a link on the way that leads to several types must say which. */
function followTypes(type: StoredType, links: readonly string[]): StoredType {
  let from = type;
  for (const [at, link] of links.slice(0, -1).entries()) {
    const next = links[at + 1]!.split(':')[0]!;
    const targets = linkOf(from, link, '…').candidates.filter((one) => indexedParametersOf(one).has(next));
    const [target, ...others] = targets;
    if (target === undefined || others.length > 0)
      throw invalidValue('_filter', link, `${link}:Loại`, `${link}:Type`);
    from = target;
  }
  return from;
}
