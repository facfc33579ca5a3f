/** Cells of other forms that a form or an indicator names: one that no form has, or that is never there, would never be judged. Pure. */
import {
  type CellName,
  cellsOf,
  checkReport,
  type Fault,
  type Period,
  type Plan,
  planReport,
  type ReportDefinition,
  viewsOf,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';

/** What a form says of others, and of its units: cells that are none, forms of another period, formulas in a loop, kinds of units that there are not. */
export function checkOtherForms(definition: ReportDefinition, content: Content): Fault[] {
  const { plan } = planReport(definition, viewsOf(content));
  const said = [
    ...plan.checks.map(({ code, node }) => ({ expression: `checks ${code}`, node })),
    ...[...plan.cells.values()].flatMap((cell) =>
      cell.kind === 'formula' ? [{ expression: `cells ${cell.cell}`, node: cell.node }] : [],
    ),
  ];
  return [
    ...unitFaults(definition, content),
    ...said.flatMap(({ expression, node }) =>
      cellFaults(
        cellsOf(node).filter(({ form, shift }) => form !== null || shift !== 0),
        { expression, content, period: definition.period, own: plan },
      ),
    ),
  ];
}

const KINDS = 'catalog/loai-co-so';

function unitFaults({ units }: ReportDefinition, content: Content): Fault[] {
  // A part of the content may be checked by itself.
  if (!content.files('catalog').some((name) => name.startsWith('loai-co-so.csv'))) return [];
  const known = content.table(KINDS).map(({ code }) => code);
  return units.flatMap((unit, at) =>
    known.includes(unit)
      ? []
      : [
          {
            expression: `units[${at}]`,
            text: `Không có loại cơ sở “${unit}”; có ${known.join(', ')}.`,
            textEn: `there is no kind of unit "${unit}"; there are ${known.join(', ')}`,
          },
        ],
  );
}

interface Named {
  expression: string;
  content: Content;
  /** Of whom names the cells: a cell of another kind of period is never there. */
  period: Period;
  /** The form that names them; null for an indicator, which names no earlier periods. */
  own: Plan | null;
}

export function cellFaults(cells: readonly CellName[], named: Named): Fault[] {
  return cells.flatMap((cell) => cellFault(cell, named) ?? []);
}

function cellFault(
  { form, cell, shift }: CellName,
  { expression, content, period, own }: Named,
): Fault | null {
  const name = `${form ?? ''}/${cell}`;
  if (shift !== 0 && own === null)
    return {
      expression,
      text: `“[${name}@${shift}]”: chỉ số không nhắc tới kỳ trước được.`,
      textEn: `"[${name}@${shift}]": an indicator cannot name an earlier period`,
    };
  const versions =
    form === null && own !== null ? [{ plan: own }] : soundPlans(content).filter(({ key }) => key === form);
  const having = versions.filter(({ plan }) => (plan.cells.get(cell)?.kind ?? 'none') !== 'none');
  if (having.length === 0)
    return { expression, text: `Không có ô “${name}”.`, textEn: `there is no cell "${name}"` };
  if (having.every(({ plan }) => isFromElsewhere(plan, cell)))
    return {
      expression,
      text: `Ô “${name}” lại tính từ biểu hay kỳ khác: nhắc thẳng tới ô gốc, nếu không sẽ không bao giờ có số.`,
      textEn: `cell "${name}" is itself made of another form or period: name the first cell, else there is never a number`,
    };
  if (having.some(({ plan }) => plan.definition.period === period)) return null;
  return {
    expression,
    text: `Ô “${name}” của biểu lập theo kỳ khác: không bao giờ có số cùng kỳ.`,
    textEn: `cell "${name}" is of a form made by ${having[0]!.plan.definition.period}, not by ${period}`,
  };
}

/** Such a number is known in its own report only: forms that name each other in a loop would never have one. */
function isFromElsewhere(plan: Plan, name: string): boolean {
  const cell = plan.cells.get(name);
  return (
    cell?.kind === 'formula' &&
    cellsOf(cell.node).some(
      ({ form, shift, cell: part }) => form !== null || shift !== 0 || isFromElsewhere(plan, part),
    )
  );
}

const known = new WeakMap<Content, readonly { key: string; plan: Plan }[]>();

/** Forms that are wrong themselves have no cells: they are told as such. */
function soundPlans(content: Content): readonly { key: string; plan: Plan }[] {
  const made =
    known.get(content) ??
    datedFiles<ReportDefinition>(content, 'reports').flatMap(({ key, value }) =>
      checkReport(value, viewsOf(content)).length > 0
        ? []
        : [{ key, plan: planReport(value, viewsOf(content)).plan }],
    );
  known.set(content, made);
  return made;
}
