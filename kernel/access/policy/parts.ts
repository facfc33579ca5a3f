/**
 * What a unit is a part of (Organization.partOf): a department and a site are the hospital that they are part of, so what a
 * person denies or grants to the hospital is denied or granted to them. An authority (content `access/authorities`) is
 * another matter: the hospitals below it are supervised by it, and are not it.
 */
import type { Content, Row } from '../../content/content.ts';
import type { Organization } from '../../fhir/types.ts';
import type { Store } from '../../store/contract.ts';
import { words } from '../decide.ts';
import { dated } from './dated.ts';

export interface Parts {
  /** The unit and what it is part of, nearest first; undefined when it must be looked up. */
  known(unit: string): readonly string[] | undefined;
  /** The same, looked up. */
  of(unit: string): Promise<readonly string[]>;
  /** Organizations were written: everything is looked up anew. */
  forget(): void;
}

/** Another program's change counts after this time. */
const KEPT_MS = 5_000;
const MOST = 20_000;
/** Deeper than any hospital; a circle ends here, too. */
const DEEPEST = 10;

export function openParts(
  store: Pick<Store, 'read'>,
  isAuthority: (organization: Organization) => boolean,
  now: () => number,
): Parts {
  const kept = new Map<string, { until: number; chain: readonly string[] }>();

  async function read(id: string): Promise<Organization | null> {
    const stored = await store.read('Organization', id);
    return stored === null || stored.deleted ? null : JSON.parse(stored.body.toString('utf8'));
  }

  async function climb(unit: string): Promise<string[]> {
    const chain = [unit];
    let current = await read(unit);
    while (current !== null && chain.length < DEEPEST) {
      const above = /^Organization\/([A-Za-z0-9\-.]{1,64})$/.exec(current.partOf?.reference ?? '')?.[1];
      if (above === undefined || chain.includes(above)) break;
      current = await read(above);
      if (current === null || isAuthority(current)) break;
      chain.push(above);
    }
    return chain;
  }

  return {
    known(unit) {
      const found = kept.get(unit);
      return found !== undefined && found.until > now() ? found.chain : undefined;
    },
    async of(unit) {
      const chain = await climb(unit);
      if (kept.size >= MOST) kept.clear();
      kept.set(unit, { until: now() + KEPT_MS, chain });
      return chain;
    },
    forget: () => kept.clear(),
  };
}

/** Which Organizations are authorities. */
export interface Authorities {
  is(organization: Organization): boolean;
  /** Another text when other kinds are meant. */
  version(): string;
}

/** Compiles the rows (system, codes). Throws on a faulty table. */
export function compileAuthorities(rows: readonly Row[]): Authorities {
  const fault = rows.map(authorityFault).find((one) => one !== null);
  if (fault !== undefined) throw new Error(`authorities.csv: ${fault}`);
  const kinds = new Set(rows.flatMap(({ system, codes }) => words(codes).map((code) => `${system}|${code}`)));
  return {
    is: ({ type = [] }) =>
      type.some(({ coding = [] }) => coding.some(({ system, code }) => kinds.has(`${system}|${code}`))),
    version: () => [...kinds].sort().join(' '),
  };
}

/**
 * The authorities of today, as content says. Throws now on a table that is faulty today.
 * @param today the day in Vietnam, ISO date
 */
export function authoritiesOf(content: Content, today: () => string): Authorities {
  const authorities = dated(today, (day) => compileAuthorities(content.inForce('access/authorities', day)));
  authorities();
  return { is: (organization) => authorities().is(organization), version: () => authorities().version() };
}

/** What is wrong with a row of the table; null when nothing is. */
export function authorityFault({ system = '', codes = '' }: Row): string | null {
  if (!/^(https?:\/\/|urn:)\S+$/.test(system)) return `"${system}" is no code system`;
  return words(codes).length === 0 ? `${system}: no codes` : null;
}
