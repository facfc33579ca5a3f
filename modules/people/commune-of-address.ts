/**
 * The commune in force for an address as a card prints it, often with units that ended in 2025: the name is found with
 * its parents, then the merge map is followed. Nothing is guessed: an ambiguous address has no commune.
 */
import type { Content, Row } from '../../kernel/content/content.ts';
import { foldText } from '../../kernel/text/fold.ts';

export interface Commune {
  /** 5-digit code. */
  code: string;
  /** With its kind: `Phường Vĩnh Yên`. */
  name: string;
  province: string;
}

const KINDS = /^(xa|phuong|thi tran|quan|huyen|thi xa|thanh pho|tinh|tp|tt|tx)\s+/;

/** The commune of a code that is in force on the day, or null. Reads `content/places/units`. */
export function communeOn(code: string, date: string, content: Content): Commune | null {
  const units = index(content);
  const row = units.byCode.get(code)?.find((each) => each.level === 'commune' && isOn(each, date));
  const province = row && units.byCode.get(row.parent ?? '')?.find((each) => isOn(each, date));
  return row && province ? { code, name: row.display ?? '', province: province.display ?? '' } : null;
}

/** The commune of an address and what stands before it (hamlet, street); both null when the commune is not sure. */
export interface SplitAddress {
  commune: Commune | null;
  line: string | null;
}

/** @param address `Tổ 3, Tích Sơn, Vĩnh Yên, Vĩnh Phúc` → Phường Vĩnh Yên and `Tổ 3` */
export function splitAddress(address: string, date: string, content: Content): SplitAddress {
  const printed = address.split(/\s*,\s*/).filter((part) => plain(part) !== '');
  const names = printed.map(plain);
  for (const at of [names.length - 3, names.length - 2]) {
    const codes = at < 0 ? [] : communesNamed(names[at]!, names.slice(at + 1), date, content);
    if (codes.length > 1) break;
    const commune = codes[0] ? communeOn(codes[0], date, content) : null;
    if (commune) return { commune, line: printed.slice(0, at).join(', ') || null };
  }
  return { commune: null, line: null };
}

/** Codes in force of the communes of this name under these names. */
function communesNamed(name: string, above: string[], date: string, content: Content): string[] {
  const units = index(content);
  const codes = new Set<string>();
  for (const row of units.communes.get(name) ?? []) {
    if (!hasParents(row, above, units)) continue;
    const code = isOn(row, date) ? row.code : successorOf(row, content);
    if (code) codes.add(code);
  }
  return [...codes];
}

interface Units {
  byCode: Map<string, Row[]>;
  /** Communes of all times by plain name. */
  communes: Map<string, Row[]>;
}

const indexes = new WeakMap<readonly Row[], Units>();

function index(content: Content): Units {
  const rows = content.table('places/units');
  const known = indexes.get(rows);
  if (known) return known;
  const units: Units = { byCode: new Map(), communes: new Map() };
  for (const row of rows) {
    add(units.byCode, row.code ?? '', row);
    if (row.level === 'commune') add(units.communes, plain(row.display ?? ''), row);
  }
  indexes.set(rows, units);
  return units;
}

function add(map: Map<string, Row[]>, key: string, row: Row): void {
  const list = map.get(key);
  if (list) list.push(row);
  else map.set(key, [row]);
}

/** Folded and without the kind of unit in front. */
function plain(name: string): string {
  return foldText(name).replace(KINDS, '');
}

/** The names above the commune are those of its parents, nearest first; the card may leave out the district. */
function hasParents(commune: Row, above: string[], units: Units): boolean {
  const chains = (units.byCode.get(commune.parent ?? '') ?? []).flatMap((parent) => {
    const grand = units.byCode.get(parent.parent ?? '') ?? [];
    return grand.length === 0 ? [[parent]] : grand.map((each) => [parent, each]);
  });
  return chains.some((chain) => {
    const names = chain.map((each) => plain(each.display ?? ''));
    return above.length === 1 ? names.at(-1) === above[0] : names.join('|') === above.join('|');
  });
}

/** Only exact rows of the merge map that move the whole commune are followed. */
function successorOf(row: Row, content: Content): string | null {
  const moves = content
    .table('places/unit-successors')
    .filter((each) => each.old_code === row.code && each.old_name === row.display);
  const [only] = moves;
  return moves.length === 1 && only?.match === 'exact' && only.partial === '0'
    ? (only.new_code ?? null)
    : null;
}

function isOn(row: Row, date: string): boolean {
  return (!row.valid_from || row.valid_from <= date) && (!row.valid_to || date <= row.valid_to);
}
