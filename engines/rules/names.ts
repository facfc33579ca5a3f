/** Finding ingredients and groups in free text: only whole words count, the longest name wins. */
import { foldText } from '../../kernel/text/fold.ts';
import type { AllergyTables, CrossGroup, RuleTables } from './tables.ts';

/** `'Dị ứng Amoxicillin (mề đay)'` → `['amoxicilin']`; names inside longer names are not found twice. */
export function ingredientsNamed(text: string, tables: RuleTables): string[] {
  let rest = ` ${foldText(text)} `;
  const found = new Set<string>();
  for (const [name, code] of tables.names) {
    if (!rest.includes(` ${name} `)) continue;
    found.add(code);
    rest = rest.replaceAll(` ${name} `, ' | ');
  }
  return [...found];
}

/** What a brand of the facility's list contains, where the text names no ingredient: `'Augmentin BD'`. */
export function ingredientsOfBrand(text: string, { brands }: Pick<RuleTables, 'brands'>): string[] {
  const folded = ` ${foldText(text)} `;
  return brands.find(([name]) => folded.includes(` ${name} `))?.[1] ?? [];
}

/** Groups of cross-reacting ingredients that the text names, such as "penicillin". */
export function groupsNamed(text: string, tables: Pick<AllergyTables, 'groups'>): CrossGroup[] {
  const folded = ` ${foldText(text)} `;
  return tables.groups.filter((group) => group.aliases.some((alias) => folded.includes(` ${alias} `)));
}
