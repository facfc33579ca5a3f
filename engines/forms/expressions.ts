/** Every expression that stands on an item of a form, by what it is for, with its place. Pure. */
import type { Expression, Extension } from '../../kernel/fhir/types.ts';
import { besideOf, EXT, extensionsOf, partOf } from './extension.ts';
import type { Question } from './question.ts';
import type { RuleKind } from './rule.ts';

export const FHIRPATH = 'text/fhirpath';
export const QUERY = 'application/x-fhir-query';

export interface WrittenExpression {
  kind: RuleKind;
  /** FHIRPath into the Questionnaire. */
  place: string;
  /** Null where it is missing. */
  expression: Expression | null;
  /** What it stands in, where that says more than the expression; null otherwise. */
  extension: Extension | null;
}

/** Extensions whose value is an expression. */
const WHOLE: readonly (readonly [RuleKind, string])[] = [
  ['variable', EXT.variable],
  ['context', EXT.populationContext],
  ['enable', EXT.enableWhenExpression],
  ['initial', EXT.initialExpression],
  ['calculated', EXT.calculatedExpression],
  ['options', EXT.answerExpression],
  ['candidates', EXT.candidateExpression],
];

/** Extensions that keep their expression in a part; a constraint's is plain text in R4. */
const IN_PARTS: readonly (readonly [RuleKind, string])[] = [
  ['constraint', EXT.constraint],
  ['constraint', EXT.targetConstraint],
  ['toggle', EXT.optionsToggle],
  ['aside', EXT.contextExpression],
];

/** Flags and texts that are calculated, by the element beside which the expression stands. */
const BESIDE: readonly (readonly [RuleKind, string])[] = [
  ['required', 'required'],
  ['readOnly', 'readOnly'],
  ['text', 'text'],
];

export function expressionsOn(question: Question): WrittenExpression[] {
  const { item } = question;
  // Most questions of a long form have none.
  if (!item.extension && !Object.keys(item).some((name) => name.startsWith('_'))) return [];
  return [...whole(question), ...limits(question), ...beside(question), ...inParts(question)];
}

function whole({ item, place }: Question): WrittenExpression[] {
  return WHOLE.flatMap(([kind, url]) =>
    extensionsOf(item, url).map((one, at) => ({
      kind,
      place: `${place}.extension.where(url = '${one.url}')[${at}].value`,
      expression: one.valueExpression ?? null,
      extension: one,
    })),
  );
}

const LIMITS: readonly (readonly [RuleKind, string])[] = [
  ['min', EXT.minValue],
  ['max', EXT.maxValue],
  ['min', EXT.minQuantity],
  ['max', EXT.maxQuantity],
];

/** What calculates an element that it stands beside: the older one is text in R4, FHIRPath as everywhere here. */
const CALCULATING = [EXT.calculatedValue, EXT.cqfExpression];

const calculating = ({ valueExpression, valueString }: Extension): Expression | null =>
  valueExpression ?? (valueString === undefined ? null : { language: FHIRPATH, expression: valueString });

/** Least and greatest values that are calculated: `minValue._valueDate.extension`, `minQuantity.valueQuantity.extension`. */
function limits({ item, place }: Question): WrittenExpression[] {
  const found: WrittenExpression[] = [];
  for (const [kind, url] of LIMITS)
    for (const limit of extensionsOf(item, url))
      for (const [name, value] of Object.entries(limit)) {
        if (!/^_?value/.test(name) || typeof value !== 'object') continue;
        for (const one of CALCULATING.flatMap((way) => extensionsOf(value as object, way)))
          found.push({
            kind,
            place: `${place}.extension.where(url = '${url}').value.extension[0].value`,
            expression: calculating(one),
            extension: null,
          });
      }
  return found;
}

function beside({ item, place }: Question): WrittenExpression[] {
  return BESIDE.flatMap(([kind, name]) =>
    CALCULATING.flatMap((url) =>
      extensionsOf(besideOf(item, name), url).map((one) => ({
        kind,
        place: `${place}.${name}.extension.where(url = '${url}').value`,
        expression: calculating(one),
        extension: null,
      })),
    ),
  );
}

function inParts({ item, place }: Question): WrittenExpression[] {
  return IN_PARTS.flatMap(([kind, url]) =>
    extensionsOf(item, url).map((one, at) => ({
      kind,
      place: `${place}.extension.where(url = '${url}')[${at}]`,
      expression: inPart(one),
      extension: one,
    })),
  );
}

function inPart(extension: Extension): Expression | null {
  const found = partOf(extension, 'expression');
  return typeof found === 'string'
    ? { language: FHIRPATH, expression: found }
    : ((found as Expression | undefined) ?? null);
}
