/** The decision of `decision.ts` as a condition of SQL on a row of `res`. */
import { typeNumber } from '../resource-types.ts';
import { hashSql } from '../search/render-hash.ts';

/** Places (`$5`) of the reader in the statement; see `ConsentReader`. */
export interface ConsentPlaces {
  /** text[] */
  names: string;
  /** text */
  purpose: string;
  /** boolean */
  citizen: string;
  /** int4, null = no unit */
  unit: string;
  /** int2[] */
  open: string;
  /** timestamptz */
  now: string;
  /** text[]: parameters by which the rows name their visit; null = they name none. */
  encounters: string | null;
}

/** True where the person denies the row to the reader. */
export function consentHides(row: string, at: ConsentPlaces): string {
  return `(exists (${speaking(row, at, 'not d.permit')})
    and not coalesce(${row}.org = ${at.unit}::int4, false) and not ${row}.t = any (${at.open}::int2[]))`;
}

/** True where the person opens the row to the reader by name and nothing denies it. */
export function consentGrants(row: string, at: ConsentPlaces): string {
  return `(exists (${speaking(row, at, 'd.permit and d.actors is not null')})
    and not exists (${speaking(row, at, 'not d.permit')}))`;
}

function speaking(row: string, at: ConsentPlaces, which: string): string {
  return `select from consent_rule d where d.pt = ${row}.pt and ${which} and ${counts('d', row, at)}
    and not exists (select from consent_rule e where e.pt = d.pt and e.consent = d.consent and e.parent = d.n
      and ${counts('e', row, at)})`;
}

function counts(c: string, r: string, at: ConsentPlaces): string {
  return `(${c}.from_at is null or ${c}.from_at <= ${at.now}::timestamptz)
    and (${c}.until_at is null or ${c}.until_at > ${at.now}::timestamptz)
    and case when ${c}.actors is null then not ${at.citizen}::boolean else ${c}.actors <@ ${at.names}::text[] end
    and (${c}.purposes is null or ${at.purpose}::text = any (${c}.purposes))
    and (${r}.sec & ${c}.bits) = ${c}.bits
    and (${c}.types is null or ${r}.t = any (${c}.types))
    and (${c}.codes is null or ${r}.tok && ${c}.codes)
    and case when ${c}.holders is null then true when ${r}.org is not null then ${r}.org = any (${c}.holders)
      else ${heldByVisit(c, r, at)} end
    and (${c}.idh is null or ${c}.idh = ${r}.idh)
    and case when ${c}.data_from is null and ${c}.data_until is null then true
      when ${r}.d0 is null or ${r}.d1 is null then not ${c}.permit
      else (${c}.data_from is null or ${r}.d1 > ${c}.data_from) and (${c}.data_until is null or ${r}.d0 < ${c}.data_until) end`;
}

const ENCOUNTER = typeNumber('Encounter')!;

/** Of a row without an owner: its visits are at a holder, or nobody knows who holds it. */
function heldByVisit(c: string, r: string, { encounters }: ConsentPlaces): string {
  if (encounters === null) return `not ${c}.permit`;
  const key = hashSql(`named.q || '|Encounter/' || visit.id`);
  const held = `visit.org = any (${c}.holders)`;
  return `coalesce((select case when ${c}.permit then bool_and(${held}) else bool_or(${held}) end from res visit
    where visit.pt = ${r}.pt and visit.t = ${ENCOUNTER} and visit.org is not null
      and ${r}.tok && array(select ${key} from unnest(${encounters}::text[]) named (q))), not ${c}.permit)`;
}
