/**
 * The version of the index, parameter by parameter: a short text that changes whenever rows written by a definition would
 * look different. Kept in table `search_index`; where it differs from the program's, rows must be made anew.
 */
import { createHash } from 'node:crypto';
import { resourceTypeNames, type SearchParameter, searchParametersOf } from '../../fhir/definitions/index.ts';
import { labelsPrint } from '../search/labels.ts';
import type { OwnParameter } from '../search/own-parameters.ts';
import { CONTAINED, CONTAINED_RULE, ELSEWHERE, ELSEWHERE_RULE, RULES } from '../search/rules.ts';

/** code → fingerprint, of one type. */
export type Fingerprints = Record<string, string>;

const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 10);

/** Of one definition. The place in `has` counts: a parameter of R4 that moved is another bit. */
function fingerprintOf({ code, kind, expression, components, bit }: SearchParameter): string {
  const parts = [RULES[kind], kind, expression, components, bit];
  // Column `sec` has no parameter of its own: rows are labelled anew with what `_security` is found by.
  const labels = code === '_security' ? labelsPrint() : '';
  return digest(JSON.stringify(labels === '' ? parts : [...parts, labels]));
}

interface Known {
  byType: ReadonlyMap<string, Fingerprints>;
  rules: string;
}

let known: (Known & { labels: string }) | undefined;

/** Those of R4 as this program indexes them, and one text for all of them. */
export function baseFingerprints(): Known {
  if (known?.labels === labelsPrint()) return known;
  const byType = new Map(
    resourceTypeNames.map((type) => {
      const besides = {
        [ELSEWHERE]: digest(String(ELSEWHERE_RULE)),
        [CONTAINED]: digest(String(CONTAINED_RULE)),
      };
      return [type, { ...fingerprintsOf(searchParametersOf(type).values()), ...besides }];
    }),
  );
  known = { byType, rules: digest(JSON.stringify([...byType])), labels: labelsPrint() };
  return known;
}

/** Of everything that rows of the types are written by. */
export function wantedFingerprints(own: readonly OwnParameter[]): Map<string, Fingerprints> {
  const wanted = new Map(baseFingerprints().byType);
  for (const [type, parameters] of Map.groupBy(own, (parameter) => parameter.type)) {
    wanted.set(type, { ...wanted.get(type), ...fingerprintsOf(parameters) });
  }
  return wanted;
}

function fingerprintsOf(parameters: Iterable<SearchParameter>): Fingerprints {
  return Object.fromEntries([...parameters].map((one) => [one.code, fingerprintOf(one)]));
}

/** Codes that are wanted and not, or otherwise, had. */
export function differing(wanted: Fingerprints, had: Fingerprints): string[] {
  return Object.keys(wanted).filter((code) => wanted[code] !== had[code]);
}
