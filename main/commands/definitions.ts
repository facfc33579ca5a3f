/** The dated definitions of the content, each asked of the engine that carries it out. */
import {
  type CoverageDefinition,
  checkCoverage,
  checkProgramme,
  coverageShape,
  productsOf,
  programmeVersions,
  readProgramme,
} from '../../engines/programmes/index.ts';
import {
  checkRegister,
  checkReport,
  type RegisterDefinition,
  type ReportDefinition,
  viewsOf,
} from '../../engines/reports/index.ts';
import { casesShape, checkRule } from '../../engines/rules/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { type Dated, datedFiles } from '../../kernel/content/dated.ts';
import type { Shape } from '../../kernel/content/shape.ts';
import { Failure } from '../../kernel/failure.ts';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import {
  checkBoundaries,
  checkIndicator,
  checkOtherForms,
  type IndicatorDefinition,
  indicatorShape,
} from '../../modules/statistics/index.ts';

/** What is wrong with the content: where, in English and in Vietnamese, which is what who writes content reads. */
export interface Wrong {
  /** The file, and its place in it. */
  where: string;
  text: string;
  textVi: string;
}

/** In a file: a place in it, with both sentences. */
interface Told {
  place: string;
  text: string;
  textEn: string;
}

type Check = (one: Dated<unknown>, content: Content) => Told[];

/** What is wrong with one kind of definition, by the folder in which it lies. */
const KINDS: Record<string, Check> = {
  rules: inFhir((one, content) => checkRule(one as Dated<PlanDefinition>, content)),
  coverage: shaped(coverageShape, ({ value, key }, content) => {
    const programme = programmeVersions(content).findLast((one) => one.key === key);
    return checkCoverage(
      value as CoverageDefinition,
      programme ? readProgramme(programme.value).programme : null,
    );
  }),
  reports: ({ value }, content) => {
    const faults = checkReport(value as ReportDefinition, viewsOf(content));
    return (faults.length > 0 ? faults : checkOtherForms(value as ReportDefinition, content)).map(placed);
  },
  programmes: inFhir((one, content) => [
    ...identityFaults(one as Dated<PlanDefinition>),
    ...checkProgramme(one.value as PlanDefinition, productsOf(content.table('vaccines/products'))),
  ]),
  indicators: shaped(indicatorShape, ({ value }, content) =>
    checkIndicator(value as IndicatorDefinition, content).map(placed),
  ),
  registers: ({ value }, content) => checkRegister(value as RegisterDefinition, viewsOf(content)).map(placed),
};

/**
 * Every fault with its file and its place in it.
 * @param concerns which files are looked at; all when absent
 */
export function checkDefinitions(content: Content, concerns = (_file: string) => true): Wrong[] {
  const others = Object.entries(KINDS).flatMap(([folder, check]) =>
    datedFiles<unknown>(content, folder)
      .filter(({ file }) => concerns(file))
      .flatMap((one) => wrongIn(one.file, () => [...dayFaults(one), ...check(one, content)])),
  );
  // A part of the content may be checked by itself.
  const hasBoundaries =
    concerns('statistics/boundaries.csv') &&
    content.files('statistics').some((name) => name.startsWith('boundaries.csv'));
  const boundaries = (hasBoundaries ? checkBoundaries(content) : []).map(({ expression, text, textEn }) => ({
    where: expression,
    text: textEn,
    textVi: text,
  }));
  return [...casesWrong(content, concerns), ...others, ...boundaries];
}

/** What a check throws is told as a fault of the file: no definition may end the look at all others. */
export function wrongIn(file: string, check: () => Told[]): Wrong[] {
  let told: Told[];
  try {
    told = check();
  } catch (error) {
    told = ofError(error);
  }
  return told.map(({ place, text, textEn }) => ({
    where: `${file} ${place}`.trim(),
    text: textEn,
    textVi: text,
  }));
}

function ofError(error: unknown): Told[] {
  if (error instanceof Failure)
    return error.issues.map(({ expression = '', text, textEn = text }) => ({
      place: expression,
      text,
      textEn,
    }));
  const { message } = error as Error;
  return [
    {
      place: '',
      text: `không đọc được như một định nghĩa (${message}): một mục thiếu hoặc không đúng kiểu`,
      textEn: `cannot be read as a definition (${message}): something is missing or of another kind`,
    },
  ];
}

/** The engine is asked about what has the shape that it reads. */
function shaped(shape: Shape, check: Check): Check {
  return (one, content) => {
    const faults = shape(one.value, '');
    return faults.length > 0 ? faults : check(one, content);
  };
}

const placed = ({
  expression,
  text,
  textEn,
}: {
  expression: string;
  text: string;
  textEn: string;
}): Told => ({
  place: expression,
  text,
  textEn,
});

/** The same of a resource of R4. */
function inFhir(check: Check): Check {
  return (one, content) => {
    const faults = validateResource(one.value as PlanDefinition)
      .filter(({ severity }) => severity === 'error')
      .map(({ expression = '', text, textEn = text }) => ({ place: expression, text, textEn }));
    return faults.length > 0 ? faults : check(one, content);
  };
}

const PLAN_URL = 'http://yba.vn/fhir/PlanDefinition/';

/** A copy of last year's file that still says last year's day would be two versions of one name. */
function identityFaults({ key, from, value }: Dated<PlanDefinition>): Told[] {
  const wanted: [string, string | undefined, string][] = [
    ['PlanDefinition.url', value.url, `${PLAN_URL}${key}`],
    ['PlanDefinition.version', value.version, from],
    ['PlanDefinition.effectivePeriod.start', value.effectivePeriod?.start?.slice(0, 10), from],
    ['PlanDefinition.status', value.status, 'active'],
  ];
  const faults = wanted
    .filter(([, is, must]) => is !== must)
    .map(([place, , must]) => ({
      place,
      text: `phải là ${must}, như tên tệp`,
      textEn: `must be ${must}, as the file is called`,
    }));
  const isNameless = (value.title ?? '').trim() === '' || (value.name ?? '').trim() === '';
  return isNameless
    ? [
        ...faults,
        { place: 'PlanDefinition.title', text: 'thiếu title hoặc name', textEn: 'has no title or name' },
      ]
    : faults;
}

/** A version that ends before it begins is never in force. */
function dayFaults({ from, value }: Dated<unknown>): Told[] {
  const { effectivePeriod, validTo } = (value ?? {}) as {
    effectivePeriod?: { end?: string };
    validTo?: string;
  };
  const end = String(effectivePeriod?.end ?? validTo ?? '').slice(0, 10);
  return end !== '' && end < from
    ? [
        {
          place: validTo === undefined ? 'effectivePeriod.end' : 'validTo',
          text: `hết hiệu lực ngày ${end}, trước ngày bắt đầu ${from}: bản này không bao giờ dùng được`,
          textEn: `ends on ${end}, before its first day ${from}: it is never in force`,
        },
      ]
    : [];
}

const CASES = /^[a-z0-9][a-z0-9-]*\/cases\.json$/;

/** A case that is no case would be passed over, or end the look at its rule. */
function casesWrong(content: Content, concerns: (file: string) => boolean): Wrong[] {
  return content
    .files('rules')
    .filter((name) => CASES.test(name) && concerns(`rules/${name}`))
    .flatMap((name) =>
      wrongIn(`rules/${name}`, () => casesShape(content.json(`rules/${name.slice(0, -'.json'.length)}`), '')),
    );
}
