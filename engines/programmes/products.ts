/** The catalogue of products: rows of a table, in the shape that series ask. Pure. */
import type { Product } from './model.ts';

/** Rows of `content/vaccines/products.csv` (or of another table of that form) by `system|code`. */
export function productsOf(rows: readonly Readonly<Record<string, string>>[]): Map<string, Product> {
  return new Map(
    rows.map((row) => {
      const code = `${row.system ?? ''}|${row.code ?? ''}`;
      return [
        code,
        {
          code,
          name: row.name ?? '',
          components: (row.components ?? '').split(' ').filter(Boolean),
          spacing: row.spacing || null,
          ageFrom: spanText(row.age_from ?? ''),
          ageTo: spanText(row.age_to ?? ''),
          vial: Number(row.vial || 1),
          route: row.route ?? '',
        },
      ];
    }),
  );
}

/** `6wk`, `12mo`, `7a`. */
export function spanText(text: string): Product['ageFrom'] {
  const [, value, unit] = /^(\d+)(d|wk|mo|a)$/.exec(text) ?? [];
  return value === undefined ? null : { value: Number(value), unit: unit as 'd' };
}
