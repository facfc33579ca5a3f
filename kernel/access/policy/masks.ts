/** Which categories of sensitive data a role reads for a purpose: content `access/sensitive-reading`, compiled. Pure. */
import type { Row } from '../../content/content.ts';
import { ALL_BITS, bitsOf, isCategory } from '../../store/search/labels.ts';
import type { Mask } from '../../store/sight.ts';
import { words } from '../decide.ts';

export interface Masks {
  readonly byType: ReadonlyMap<string, Mask>;
  /** Of all other types. */
  readonly others: Mask;
  /** True when nothing is hidden of any type. */
  readonly none: boolean;
}

interface Opening {
  role: string;
  purposes: readonly string[];
  types: readonly string[];
  bits: number;
  everywhere: boolean;
}

const SCOPES = ['unit', 'province'];

/** Compiles the rows (role, purposes, categories, types, scope). What no row opens is hidden. Throws on a faulty table. */
export function compileMasks(rows: readonly Row[]): (roles: readonly string[], purpose: string) => Masks {
  const openings = rows.map(openingOf);
  const known = new Map<string, Masks>();
  return (roles, purpose) => {
    const key = `${roles.join(' ')}|${purpose}`;
    const before = known.get(key);
    if (before) return before;
    const fitting = openings.filter(
      ({ role, purposes }) =>
        (role === '*' || roles.includes(role)) && (purposes.length === 0 || purposes.includes(purpose)),
    );
    const made = masksOf(fitting);
    if (known.size > 1_000) known.clear();
    known.set(key, made);
    return made;
  };
}

function masksOf(openings: readonly Opening[]): Masks {
  const named = new Set(openings.flatMap(({ types }) => types).filter((type) => type !== '*'));
  const byType = new Map([...named].map((type) => [type, maskOf(openings, type)]));
  const others = maskOf(openings, '*');
  return { byType, others, none: [...byType.values(), others].every(({ elsewhere }) => elsewhere === 0) };
}

function maskOf(openings: readonly Opening[], type: string): Mask {
  let elsewhere = ALL_BITS;
  let own = ALL_BITS;
  for (const { types, bits, everywhere } of openings) {
    if (!types.includes('*') && !types.includes(type)) continue;
    own &= ~bits;
    if (everywhere) elsewhere &= ~bits;
  }
  return { elsewhere, own };
}

function openingOf(row: Row): Opening {
  const fault = maskFault(row);
  if (fault !== null) throw new Error(`sensitive-reading.csv: ${fault}`);
  return {
    role: row.role!,
    purposes: words(row.purposes),
    types: words(row.types),
    bits: bitsOf(words(row.categories)),
    everywhere: row.scope === 'province',
  };
}

/** What is wrong with a row of the table; null when nothing is. */
export function maskFault({ role = '', categories = '', types = '', scope = '' }: Row): string | null {
  if (role === '' || words(types).length === 0) return 'a row without a role or types';
  if (!SCOPES.includes(scope)) return `unknown scope "${scope}"`;
  const wrong = words(categories).find((one) => one !== '*' && !isCategory(one));
  return wrong === undefined && categories !== '' ? null : `unknown category "${wrong ?? ''}"`;
}
