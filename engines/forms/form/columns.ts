/** Columns of a list of choices (SDC choiceColumn): what of each choice is read, in which order. Pure. */
import { compilePath, type Path, Work } from '../../../kernel/fhir/path/index.ts';
import type { Extension, Quantity, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { isObject } from '../answer.ts';
import { EXT, extensionsOf, partOf } from '../extension.ts';
import type { ChoiceColumn, Option } from './types.ts';

interface Column extends ChoiceColumn {
  path: Path;
  /** What a chosen one is shown as, where the form says so of a column. */
  isDisplay: boolean;
}

const compiled = new WeakMap<QuestionnaireItem, readonly Column[]>();

function readColumns(item: QuestionnaireItem): readonly Column[] {
  let columns = compiled.get(item);
  if (!columns) {
    columns = extensionsOf(item, EXT.choiceColumn).flatMap((one) => columnOf(one) ?? []);
    compiled.set(item, columns);
  }
  return columns;
}

function columnOf(extension: Extension): Column | null {
  const path = partOf(extension, 'path');
  if (typeof path !== 'string') return null;
  const within = { type: null, constants: new Map(), variables: new Map(), lenient: true };
  const label = partOf(extension, 'label');
  return {
    path: compilePath(path, within),
    label: typeof label === 'string' ? label : '',
    width: widthOf(partOf(extension, 'width') as Quantity | undefined),
    isDisplay: partOf(extension, 'forDisplay') === true,
  };
}

/** Lengths of pages that are lengths of UCUM, too, and shares of the table. */
const UNITS = new Set(['%', 'em', 'px', 'cm', 'mm']);

function widthOf(quantity: Quantity | undefined): string | null {
  const unit = quantity?.code ?? quantity?.unit ?? '';
  return quantity?.value !== undefined && UNITS.has(unit) ? `${quantity.value}${unit}` : null;
}

/** How the columns of an item are drawn; empty where it has none, or none with a name. */
export function columnsOf(item: QuestionnaireItem): readonly ChoiceColumn[] {
  const columns = readColumns(item);
  return columns.some(({ label }) => label !== '')
    ? columns.map(({ label, width }) => ({ label, width }))
    : [];
}

/** The choices as their columns read; as they are where the item has no columns, or a choice nothing in them. */
export function inColumns(options: Option[], item: QuestionnaireItem): Option[] {
  const columns = readColumns(item);
  if (columns.length === 0) return options;
  return options.map((option) => {
    if (!isObject(option.value)) return option;
    const cells = columns.map(({ path }) => path.step([option.value], new Work()).map(String).join(', '));
    const shown = columns.some(({ isDisplay }) => isDisplay)
      ? cells.filter((_, at) => columns[at]!.isDisplay)
      : cells;
    const label = shown.filter((text) => text !== '').join(' · ');
    return { ...option, ...(label === '' ? {} : { label }), cells };
  });
}
