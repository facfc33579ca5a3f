/** Refused lines of one imported file: the first of them each, of the others how many. */
import type { Refusal } from '../../store/load/contract.ts';

/** A file of nothing but faults must not fill the memory, nor anybody's patience. */
export const MOST_TOLD = 10_000;

export class Refused {
  readonly #told: Refusal[] = [];
  #untold = 0;

  add(more: readonly Refusal[]): void {
    const room = MOST_TOLD - this.#told.length;
    for (const one of more.slice(0, room)) this.#told.push(one);
    this.#untold += Math.max(0, more.length - room);
  }

  /** OperationOutcomes in the order of the lines. */
  outcomes(): object[] {
    const told = this.#told.toSorted((a, b) => a.line - b.line).map(outcomeOf);
    return this.#untold === 0 ? told : [...told, untold(this.#untold)];
  }
}

function outcomeOf({ line, place, text, textEn }: Refusal): object {
  const expression = place === '' ? {} : { expression: [place] };
  return outcome('invalid', `Dòng ${line}: ${text}`, `Line ${line}: ${textEn}`, expression);
}

function untold(count: number): object {
  return outcome(
    'too-long',
    `Còn ${count} lỗi nữa không kê ra. Hãy sửa các lỗi đã kê rồi nhập lại.`,
    `${count} more faults are not listed: mend those that are, and import again.`,
  );
}

function outcome(code: string, text: string, diagnostics: string, more: object = {}): object {
  const issue = [{ severity: 'error', code, details: { text }, diagnostics, ...more }];
  return { resourceType: 'OperationOutcome', issue };
}
