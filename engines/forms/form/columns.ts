/** Columns of a list of choices (SDC choiceColumn): what of each choice is read, in which order. Pure. */
import { compilePath, type Path, Work } from '../../../kernel/fhir/path/index.ts';
import type { QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { isObject } from '../answer.ts';
import { EXT, extensionsOf, partOf } from '../extension.ts';
import type { Option } from './types.ts';

const compiled = new WeakMap<QuestionnaireItem, readonly Path[]>();

function columnsOf(item: QuestionnaireItem): readonly Path[] {
  let paths = compiled.get(item);
  if (!paths) {
    paths = extensionsOf(item, EXT.choiceColumn).flatMap((one) => {
      const path = partOf(one, 'path');
      const within = { type: null, constants: new Map(), variables: new Map(), lenient: true };
      return typeof path === 'string' ? [compilePath(path, within)] : [];
    });
    compiled.set(item, paths);
  }
  return paths;
}

/** The choices as their columns read; as they are where the item has no columns, or a choice nothing in them. */
export function inColumns(options: Option[], item: QuestionnaireItem): Option[] {
  if (extensionsOf(item, EXT.choiceColumn).length === 0) return options;
  const paths = columnsOf(item);
  return options.map((option) => {
    if (!isObject(option.value)) return option;
    const texts = paths.map((path) => path.step([option.value], new Work()).map(String).join(', '));
    const label = texts.filter((text) => text !== '').join(' · ');
    return label === '' ? option : { ...option, label };
  });
}
