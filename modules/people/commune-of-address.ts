/**
 * The commune in force for an address as a card prints it, often with units that ended in 2025: the name is found with
 * its parents, then the merge map is followed. Nothing is guessed: an ambiguous address has no commune.
 */
import type { Content } from '../../kernel/content/content.ts';
import { foldText } from '../../kernel/text/fold.ts';
import { openUnits, type Unit, type Units } from '../places/index.ts';

export interface Commune {
  /** 5-digit code. */
  code: string;
  /** With its kind: `Phường Vĩnh Yên`. */
  name: string;
  province: string;
}

/** The commune of an address and what stands before it (hamlet, street); both null when the commune is not sure. */
export interface SplitAddress {
  commune: Commune | null;
  line: string | null;
}

const KINDS = /^(xa|phuong|thi tran|quan|huyen|thi xa|thanh pho|tinh|tp|tt|tx)\s+/;

/** The commune of a code that is in force on the day, or null. */
export function communeOn(code: string, date: string, content: Content): Commune | null {
  const path = openUnits(content).pathOn(code, date);
  const [unit] = path;
  return unit?.level === 'commune' ? { code, name: unit.name, province: path.at(-1)?.name ?? '' } : null;
}

/** @param address `Tổ 3, Tích Sơn, Vĩnh Yên, Vĩnh Phúc` → Phường Vĩnh Yên and `Tổ 3` */
export function splitAddress(address: string, date: string, content: Content): SplitAddress {
  const printed = address.split(/\s*,\s*/).filter((part) => plain(part) !== '');
  for (const at of [printed.length - 3, printed.length - 2]) {
    const codes = at < 0 ? [] : communesNamed(printed[at]!, printed.slice(at + 1).map(plain), date, content);
    if (codes.length > 1) break;
    const commune = codes[0] ? communeOn(codes[0], date, content) : null;
    if (commune) return { commune, line: printed.slice(0, at).join(', ') || null };
  }
  return { commune: null, line: null };
}

/** Codes in force of the communes of this name under these names. */
function communesNamed(name: string, above: string[], date: string, content: Content): string[] {
  const units = openUnits(content);
  const codes = new Set<string>();
  for (const unit of units.find(plain(name), { date: 'any', level: 'commune', limit: 500 })) {
    if (plain(unit.name) !== plain(name) || !hasParents(unit, above, units)) continue;
    const isOn =
      (unit.validFrom === '' || unit.validFrom <= date) && (unit.validTo === '' || date <= unit.validTo);
    const code = isOn ? unit.code : successorOf(unit, units);
    if (code) codes.add(code);
  }
  return [...codes];
}

/** Folded and without the kind of unit in front. */
function plain(name: string): string {
  return foldText(name).replace(KINDS, '');
}

/** The names above the commune are those of its parents, nearest first; the card may leave out the district. */
function hasParents(commune: Unit, above: string[], units: Units): boolean {
  const names = units
    .pathOn(commune.code, commune.validTo || commune.validFrom)
    .slice(1)
    .map((each) => plain(each.name));
  return above.length === 1 ? names.at(-1) === above[0] : names.join('|') === above.join('|');
}

/** Only certain lines of the merge map (exact, the whole commune) are followed. */
function successorOf(unit: Unit, units: Units): string | null {
  const [only, ...others] = units.successorsOf(unit.code);
  return only?.certain && others.length === 0 ? only.newCode : null;
}
