import type { ParameterKind } from '../../fhir/definitions/index.ts';

/**
 * The version of what turns a value into rows (`emit-*.ts`, `keys.ts`, `paths.ts`, `main-columns.ts` …), by kind of
 * parameter. Rows on disk depend on it: raise a number with every change after which `extractIndexes` gives other rows for
 * parameters of that kind. Databases made by an older number are indexed anew in the background (kernel/store/reindex).
 * `rules.test.ts` finds a change that was forgotten here. A change after which searches ask for the rows of before as well needs
 * none (`terms.ts`, `pairs.ts`).
 */
export const RULES: Record<ParameterKind, number> = {
  string: 1,
  token: 3,
  reference: 1,
  date: 1,
  number: 1,
  quantity: 2,
  uri: 1,
  composite: 2,
  special: 1,
};

/** The same of the token by which the record of a person finds what lies elsewhere (`elsewhereKey`); no parameter asks for it. */
export const ELSEWHERE_RULE = 1;

/** Stands for that token among the codes of a type: no search parameter has such a code. */
export const ELSEWHERE = ':elsewhere';

/** The same of what contained resources are found by (`contained.ts`). */
export const CONTAINED_RULE = 2;

/** Stands for that among the codes of a type. */
export const CONTAINED = ':contained';
