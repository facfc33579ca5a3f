/** Measures of the content looked at before anybody is counted by them. */
import type { Content } from '../../kernel/content/content.ts';
import { Failure, type Issue } from '../../kernel/failure.ts';
import type { Measure } from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { measureFiles } from './content.ts';
import { periodOf } from './period.ts';
import { planMeasure } from './plan.ts';

const MEASURE_URL = 'http://yba.vn/fhir/Measure/';
/** Any period: what a measure is made of does not stand on it. */
const ANY = {
  ...periodOf(
    { start: '2026-01-01', end: '2026-12-31' },
    Date.parse('2026-01-01T00:00:00+07:00'),
    Date.parse('2027-01-01T00:00:00+07:00'),
  ),
  now: new Date(0),
};

/** @param concerns which files are looked at; all when absent */
export function checkMeasures(
  content: Content,
  concerns = (_file: string) => true,
): { where: string; text: string; textVi: string }[] {
  return measureFiles(content)
    .map((id) => ({ id, file: `measures/${id}.json` }))
    .filter(({ file }) => concerns(file))
    .flatMap(({ id, file }) =>
      issuesOf(content.json<Measure>(`measures/${id}`), id)
        .filter(({ severity }) => severity === 'error')
        .map(({ expression = '', text, textEn = text }) => ({
          where: `${file} ${expression}`.trim(),
          text: textEn,
          textVi: text,
        })),
    );
}

function issuesOf(measure: Measure, id: string): Issue[] {
  const shape = validateResource(measure);
  if (shape.some(({ severity }) => severity === 'error')) return shape;
  const wanted = `${MEASURE_URL}${id}`;
  if (measure.url !== wanted || !measure.title || !measure.name || !measure.version)
    return [
      {
        severity: 'error',
        code: 'required',
        text: `phải có title, name, version, và url là ${wanted}`,
        textEn: `needs a title, a name, a version, and the url ${wanted}`,
        expression: 'Measure',
      },
    ];
  return measureIssues(measure);
}

/** Why nobody could be counted by a measure that is right by R4. Pure. */
export function measureIssues(measure: Measure): Issue[] {
  try {
    planMeasure(measure, ANY);
    return [];
  } catch (error) {
    if (error instanceof Failure) return error.issues;
    throw error;
  }
}
