/** Which parameter of a type fills `d0`/`d1` (the clinical date) and which `c0` (the main code). Rows on disk depend on it. */
import { type SearchParameter, searchParametersOf } from '../../fhir/definitions/index.ts';
import { resolvePaths } from './paths.ts';

/** Clinical or business date, most meaningful first; a type takes the first that it has and that does not repeat. */
const DATES = [
  'date',
  'birthdate',
  'authored',
  'authoredon',
  'authored-on',
  'recorded-date',
  'effective-time',
  'effective',
  'whenhandedover',
  'collected',
  'started',
  'sent',
  'start-date',
  'start',
  'identified',
  'datetime',
  'datewritten',
  'recorded',
  'occurrence',
  'issued',
  'timestamp',
  'period',
  'created',
  'modified',
];

const CODES = ['code', 'vaccine-code', 'type', 'class', 'category', 'service-type'];

/** The date parameter in `d0`/`d1`; undefined when the type has none that is single. */
export function mainDateOf(type: string): SearchParameter | undefined {
  return firstSingle(type, DATES, (parameter) => parameter.kind === 'date');
}

/** The token parameter whose first coding is `c0`. */
export function mainCodeOf(type: string): SearchParameter | undefined {
  const parameters = searchParametersOf(type);
  return CODES.map((code) => parameters.get(code)).find((p) => p?.kind === 'token' && isCoded(p));
}

function isCoded(parameter: SearchParameter): boolean {
  const paths = resolvePaths(parameter.type, parameter.expression);
  return paths.every((path) => path.type === 'CodeableConcept' || path.type === 'Coding');
}

function firstSingle(
  type: string,
  codes: string[],
  accept: (parameter: SearchParameter) => boolean,
): SearchParameter | undefined {
  const parameters = searchParametersOf(type);
  for (const code of codes) {
    const parameter = parameters.get(code);
    if (
      parameter &&
      accept(parameter) &&
      resolvePaths(type, parameter.expression).every((path) => path.single)
    ) {
      return parameter;
    }
  }
  return undefined;
}
