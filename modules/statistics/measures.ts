/** Statutory forms as Measures that are stored nowhere: what `MeasureReport.measure` of `$statutory-report` leads to. */
import type { Content } from '../../kernel/content/content.ts';
import type { Rendered } from '../../kernel/fhir/terminology/index.ts';
import type { Measure } from '../../kernel/fhir/types.ts';
import { everyForm, type Form } from './forms.ts';
import { conceptOf } from './measure-report.ts';

type Group = NonNullable<Measure['group']>[number];
type Population = NonNullable<Group['population']>[number];

/** The binding of `Expression.language` is extensible by media types; the generated type names the three that it lists. */
const PLAIN = 'text/plain' as Population['criteria']['language'];

export const measureAddress = (key: string) => `http://yba.vn/fhir/Measure/${key}`;

/**
 * What is read at `/fhir/Measure/<key>`: the version in force, else the newest; the others at `/fhir/Measure/<key>-<first day>`.
 * All are found by canonical address and version.
 * @param today ISO day in Viet Nam
 */
export function reportMeasures(content: Content, today: string): Rendered[] {
  return [...Map.groupBy(everyForm(content), ({ key }) => key).values()].flatMap((versions) => {
    const sorted = versions.toSorted((a, b) => (a.version < b.version ? 1 : -1));
    const current = sorted.find(({ version }) => version <= today) ?? sorted[0]!;
    return versions.map((form) =>
      rendered(form === current ? form.key : `${form.key}-${form.version}`, form),
    );
  });
}

function rendered(id: string, form: Form): Rendered {
  const { definition } = form.plan;
  return {
    type: 'Measure',
    id,
    url: measureAddress(form.key),
    name: nameOf(form.key),
    title: definition.title,
    version: form.version,
    make: () => ({ ...reportMeasure(form), id }),
  };
}

/** A group for each row, a population for each cell, with the same codes as in the MeasureReport. Pure. */
export function reportMeasure(form: Form): Measure {
  const { definition, rows, columns, cells } = form.plan;
  const group = rows.flatMap((row): Group[] => {
    const own = columns.filter(({ code }) => (cells.get(`${row.code}.${code}`)?.kind ?? 'none') !== 'none');
    if (own.length === 0) return [];
    const population = own.map(
      ({ code, title }): Population => ({
        code: conceptOf(form, `${row.code}.${code}`, title),
        criteria: criteriaOf(form, row.code, code),
      }),
    );
    return [{ code: conceptOf(form, row.code, row.title), population }];
  });
  return {
    resourceType: 'Measure',
    language: 'vi',
    url: measureAddress(form.key),
    version: form.version,
    name: nameOf(form.key),
    title: definition.title,
    subtitle: definition.code,
    status: 'active',
    subjectCodeableConcept: {
      coding: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Organization' }],
    },
    date: form.version,
    publisher: 'Y Bạ',
    description: `${definition.code} ${definition.title}. Căn cứ: ${definition.source}. Trạng thái của biểu: ${definition.status}.`,
    effectivePeriod: {
      start: form.version,
      ...(definition.validTo === undefined ? {} : { end: definition.validTo }),
    },
    relatedArtifact: [{ type: 'citation', citation: definition.source }],
    scoring: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-scoring', code: 'cohort' }],
    },
    group,
  };
}

/** `bao-cao-thai-san` → `BaoCaoThaiSan`: what a program may call it. */
const nameOf = (key: string): string =>
  key
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

/** How a cell comes about, in the words of the form; nothing here is carried out from the Measure. */
function criteriaOf({ plan }: Form, rowCode: string, columnCode: string): Population['criteria'] {
  const name = `${rowCode}.${columnCode}`;
  const { definition } = plan;
  const row = plan.rows.find(({ code }) => code === rowCode)!;
  const column = plan.columns.find(({ code }) => code === columnCode)!;
  const rule = definition.cells?.[name];
  const kind = plan.cells.get(name)!.kind;
  if (kind === 'typed') return { language: PLAIN, description: 'Đơn vị ghi', expression: `typed ${name}` };
  if (kind === 'formula')
    return {
      language: PLAIN,
      description: 'Tính từ ô khác',
      expression: rule?.formula ?? row.formula ?? column.formula ?? name,
    };
  const source = definition.sources[rule?.source ?? row.source ?? ''];
  const conditions = [source?.where, row.where, column.where, rule?.where].filter((one) => one !== undefined);
  return {
    language: PLAIN,
    description: 'Đếm từ hồ sơ',
    expression: [`count ${source?.view ?? ''}`, ...conditions.map((one) => `(${one})`)].join(' and '),
  };
}
