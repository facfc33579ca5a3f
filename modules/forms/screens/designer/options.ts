/** Options pasted from a spreadsheet, one a line: `mã<tab>nhãn`, `mã;nhãn`, or the words alone. Pure. */
import type { QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import { foldText } from '../../../../kernel/text/fold.ts';

type Option = NonNullable<QuestionnaireItem['answerOption']>[number];

/** @param system of the codes; without one the program's own for forms is meant */
export function readOptions(pasted: string, system: string): Option[] {
  const seen = new Set<string>();
  return pasted
    .split(/\r?\n/)
    .map((line) => line.split(/\t|;/).map((cell) => cell.trim()))
    .flatMap(([first = '', second = '']) => {
      const display = second === '' ? first : second;
      const code = second === '' ? codeFrom(first) : first;
      if (code === '' || seen.has(code)) return [];
      seen.add(code);
      return [{ valueCoding: { system, code, display } }];
    });
}

/** The options as lines, to be edited as text or pasted into a spreadsheet. */
export function writeOptions(options: readonly Option[]): string {
  return options
    .map(({ valueCoding, valueString, valueInteger, valueDate }) =>
      valueCoding
        ? `${valueCoding.code ?? ''}\t${valueCoding.display ?? ''}`
        : `${valueString ?? valueInteger ?? valueDate ?? ''}`,
    )
    .join('\n');
}

/** `Tăng huyết áp` → `tang-huyet-ap`. */
export function codeFrom(words: string): string {
  return foldText(words)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64);
}
