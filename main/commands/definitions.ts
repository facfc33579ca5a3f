/** The dated definitions of the content, each asked of the engine that carries it out. */
import {
  type CoverageDefinition,
  checkCoverage,
  checkProgramme,
  productsOf,
  programmeVersions,
  readProgramme,
} from '../../engines/programmes/index.ts';
import {
  checkRegister,
  checkReport,
  type Fault,
  type RegisterDefinition,
  type ReportDefinition,
  viewsOf,
} from '../../engines/reports/index.ts';
import { checkRules } from '../../engines/rules/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';
import {
  checkBoundaries,
  checkIndicator,
  checkOtherForms,
  type IndicatorDefinition,
} from '../../modules/statistics/index.ts';

/** What is wrong with one kind of definition, by the folder in which it lies. */
const KINDS: Record<string, (value: unknown, content: Content, key: string) => Fault[]> = {
  coverage: (value, content, key) => {
    const programme = programmeVersions(content).findLast((one) => one.key === key);
    const read = programme ? readProgramme(programme.value).programme : null;
    return checkCoverage(value as CoverageDefinition, read).map(({ place, text, textEn }) => ({
      expression: place,
      text,
      textEn,
    }));
  },
  reports: (value, content) => {
    const faults = checkReport(value as ReportDefinition, viewsOf(content));
    return faults.length > 0 ? faults : checkOtherForms(value as ReportDefinition, content);
  },
  programmes: (value, content) =>
    checkProgramme(value as PlanDefinition, productsOf(content.table('vaccines/products'))).map(
      ({ place, text, textEn }) => ({ expression: place, text, textEn }),
    ),
  indicators: (value, content) => checkIndicator(value as IndicatorDefinition, content),
  registers: (value, content) => checkRegister(value as RegisterDefinition, viewsOf(content)),
};

/** Every fault with its file and its place in it. */
export function checkDefinitions(content: Content): { where: string; text: string; textVi: string }[] {
  const rules = checkRules(content).flatMap(({ file, faults }) =>
    faults.map(({ place, text, textEn }) => ({ where: `${file} ${place}`, text: textEn, textVi: text })),
  );
  const others = Object.entries(KINDS).flatMap(([folder, check]) =>
    datedFiles<unknown>(content, folder).flatMap(({ file, value, key }) =>
      check(value, content, key).map(({ expression, text, textEn }) => ({
        where: `${file} ${expression}`,
        text: textEn,
        textVi: text,
      })),
    ),
  );
  // A part of the content may be checked by itself.
  const hasBoundaries = content.files('statistics').some((name) => name.startsWith('boundaries.csv'));
  const boundaries = (hasBoundaries ? checkBoundaries(content) : []).map(({ expression, text, textEn }) => ({
    where: expression,
    text: textEn,
    textVi: text,
  }));
  return [...rules, ...others, ...boundaries];
}
