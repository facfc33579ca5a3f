/** What is wrong with an indicator, or between forms: cells of forms that do not exist, formulas that are none, what is missing. Pure. */
import {
  type CellName,
  cellsOf,
  cellsOfFormula,
  type Fault,
  planReport,
  type ReportDefinition,
  viewsOf,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import type { IndicatorDefinition } from './indicators.ts';

const TEXTS = [
  'code',
  'title',
  'titleEn',
  'definition',
  'definitionEn',
  'source',
  'status',
  'numerator',
] as const;

/** Cells of other forms that a form's checks and formulas name and that no version of those forms has: such a check is never judged. */
export function checkOtherForms(definition: ReportDefinition, content: Content): Fault[] {
  const { plan } = planReport(definition, viewsOf(content));
  const said = [
    ...plan.checks.map(({ code, node }) => ({ expression: `checks ${code}`, node })),
    ...[...plan.cells.values()].flatMap((cell) =>
      cell.kind === 'formula' ? [{ expression: `cells ${cell.cell}`, node: cell.node }] : [],
    ),
  ];
  return said.flatMap(({ expression, node }) =>
    missingCells(
      cellsOf(node).filter(({ form }) => form !== null),
      expression,
      content,
    ),
  );
}

export function checkIndicator(definition: IndicatorDefinition, content: Content): Fault[] {
  const faults: Fault[] = TEXTS.filter(
    (name) => typeof definition[name] !== 'string' || definition[name] === '',
  ).map((name) => ({ expression: name, text: `Thiếu “${name}”.`, textEn: `"${name}" is missing` }));
  if (!(typeof definition.factor === 'number' && definition.factor > 0))
    faults.push({
      expression: 'factor',
      text: '“factor” phải là số dương.',
      textEn: '"factor" must be a positive number',
    });
  const { numerator, denominator } = definition;
  const sides = [['numerator', numerator] as const];
  if (typeof denominator === 'string') sides.push(['denominator' as 'numerator', denominator]);
  for (const [place, text] of sides)
    if (typeof text === 'string' && text !== '') faults.push(...formulaFaults(text, place, content));
  if (typeof denominator !== 'string' && typeof denominator?.population !== 'object')
    faults.push({
      expression: 'denominator',
      text: 'Mẫu số phải là công thức hoặc dân số.',
      textEn: '"denominator" must be a formula or a population',
    });
  return faults;
}

function formulaFaults(text: string, expression: string, content: Content): Fault[] {
  let cells: ReturnType<typeof cellsOfFormula>;
  try {
    cells = cellsOfFormula(text);
  } catch (error) {
    const said = (error as Error).message;
    return [
      {
        expression,
        text: `Công thức “${text}” sai: ${said}.`,
        textEn: `the formula "${text}" is wrong: ${said}`,
      },
    ];
  }
  return missingCells(cells, expression, content);
}

function missingCells(cells: readonly CellName[], expression: string, content: Content): Fault[] {
  const forms = datedFiles<ReportDefinition>(content, 'reports');
  return cells
    .filter(
      ({ form, cell }) =>
        !forms.some(
          ({ key, value }) => key === form && planReport(value, viewsOf(content)).plan.cells.has(cell),
        ),
    )
    .map(({ form, cell }) => ({
      expression,
      text: `Không có ô “${form ?? ''}/${cell}”.`,
      textEn: `there is no cell "${form ?? ''}/${cell}"`,
    }));
}
