/** What is asked of the examples: each value once, with those who must answer to it. */
import type { Resource } from '../../kernel/fhir/types.ts';
import { type Asked, askedOf } from './asked.ts';
import type { Definition } from './definitions.ts';

export interface Question {
  type: string;
  code: string;
  /** `code=value` each, all of them together. */
  asked: Asked;
  /** Those whose value was chosen to be asked for. */
  ids: Set<string>;
  /** All that have the value. */
  all: Set<string>;
  /** True when nothing else may be found: the value is compared as a whole. */
  exact: boolean;
  /** Pairs of resource and parameter that this asks for. */
  pairs: number;
}

/** Values of a parameter that so many resources have each for themselves are asked for together, 40 at a time. */
const MANY = 200;
const AT_ONCE = 40;

/** Gathers from one resource after the other what each search parameter is asked for: the first value of each. */
export class QuestionBook {
  readonly #definitions: Map<string, Definition[]>;
  /** `Type.parameter` → value → question. */
  readonly #values = new Map<string, Map<string, Question>>();

  constructor(definitions: Map<string, Definition[]>) {
    this.#definitions = definitions;
  }

  /** @param without parameters that this resource is not asked for */
  add(type: string, id: string, resource: Resource, without: readonly string[]): void {
    for (const definition of this.#definitions.get(type) ?? []) {
      if (without.includes(definition.code)) continue;
      const asked = askedOf(definition, resource);
      if (asked.length === 0) continue;
      const name = `${type}.${definition.code}`;
      const values = this.#values.get(name) ?? new Map<string, Question>();
      this.#values.set(name, values);
      for (const [at, one] of asked.entries()) note(values, definition, one, id, at === 0);
    }
  }

  questions(): Question[] {
    return [...this.#values.values()].flatMap((values) =>
      together([...values.values()].filter(({ ids }) => ids.size > 0)),
    );
  }
}

function note(
  values: Map<string, Question>,
  { type, code, kind }: Definition,
  asked: Asked,
  id: string,
  chosen: boolean,
): void {
  const key = asked.join('&');
  const exact = kind === 'reference' || kind === 'uri' || (kind === 'token' && /^[^|]+\|/.test(asked[0]!));
  const known = values.get(key) ?? { type, code, asked, ids: new Set(), all: new Set(), exact, pairs: 0 };
  values.set(key, known);
  known.all.add(id);
  if (chosen) known.ids.add(id);
  known.pairs = known.ids.size;
}

/** Fewer questions that ask for the same: `a` and `b` become `a,b`. */
function together(questions: Question[]): Question[] {
  if (questions.length < MANY || questions.some(({ asked }) => asked.length > 1)) return questions;
  return [...Map.groupBy(questions, ({ exact }) => exact).values()].flatMap((list) =>
    chunksOf(list, AT_ONCE).map((chunk) => ({
      ...chunk[0]!,
      asked: [chunk.flatMap(({ asked }) => asked).join(',')],
      ids: new Set(chunk.flatMap(({ ids }) => [...ids])),
      all: new Set(chunk.flatMap(({ all }) => [...all])),
      pairs: chunk.reduce((sum, { pairs }) => sum + pairs, 0),
    })),
  );
}

/** Lists of at most so many, in order. */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < list.length; at += size) chunks.push(list.slice(at, at + size));
  return chunks;
}
