/** Expressions of a definition: parsed once, their faults with the place in the definition. */
import { ExpressionFault, type Fault, type Node } from './node.ts';
import { parse } from './parse.ts';

/** The tree of an expression; null, and a fault, when it is none. */
export function parsed(text: string, place: string, faults: Fault[]): Node | null {
  return tried(place, faults, () => parse(text));
}

/** What work gives; null, and a fault at the place, when an expression is wrong. */
export function tried<T>(place: string, faults: Fault[], work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    faults.push({ expression: place, text: error.text, textEn: error.message });
    return null;
  }
}

/** The tree of an expression that also passes a look at what it says; null, and a fault, when it does not. */
export function parsedFor(
  text: string,
  place: string,
  faults: Fault[],
  look: (node: Node) => unknown,
): Node | null {
  const node = parsed(text, place, faults);
  return (
    node &&
    tried(place, faults, () => {
      look(node);
      return node;
    })
  );
}
