/**
 * Units by UCUM 2.1 (unitsofmeasure.org): whether a code is one. The grammar of section 2.1–2.4: prefixes × atoms, exponents,
 * products, quotients, parentheses, annotations; the atoms of all its tables. What a unit is worth is `kernel/store/search/ucum.ts`.
 */
import type { Context, Json } from './context.ts';
import { suggest } from './suggest.ts';

const UCUM = 'http://unitsofmeasure.org';

/** Atoms that take prefixes. */
const METRIC = atoms(`
  m s g rad K C cd mol sr Hz N Pa J W A V F Ohm S Wb Cel T H lm lx Bq Gy Sv l L ar t bar u pc [c] [h] [k]
  [eps_0] [mu_0] [e] eV [m_e] [m_p] [G] [g] [ly] gf Ky Gal dyn erg P Bi St Mx G Oe Gb sb Lmb ph Ci R RAD REM
  cal_[15] cal_[20] cal_m cal_IT cal_th cal tex m[H2O] m[Hg] eq osm g% kat U [iU] [IU] Np B B[SPL] B[V] B[mV]
  B[uV] B[10.nV] B[W] B[kW] st mho bit By Bd
`);

const OTHERS = atoms(`
  [pi] % [ppth] [ppm] [ppb] [pptr] deg gon ' '' min h d a_t a_j a_g a wk mo_s mo_j mo_g mo AU Torr atm [in_i]
  [ft_i] [yd_i] [mi_i] [fth_i] [nmi_i] [kn_i] [sin_i] [sft_i] [syd_i] [cin_i] [cft_i] [cyd_i] [bf_i] [cr_i]
  [mil_i] [cml_i] [hd_i] [ft_us] [yd_us] [in_us] [rd_us] [ch_us] [lk_us] [rch_us] [rlk_us] [fth_us] [fur_us]
  [mi_us] [acr_us] [srd_us] [smi_us] [sct] [twp] [mil_us] [in_br] [ft_br] [rd_br] [ch_br] [lk_br] [fth_br]
  [pc_br] [yd_br] [mi_br] [nmi_br] [kn_br] [acr_br] [gal_us] [bbl_us] [qt_us] [pt_us] [gil_us] [foz_us]
  [fdr_us] [min_us] [crd_us] [bu_us] [gal_wi] [pk_us] [dqt_us] [dpt_us] [tbs_us] [tsp_us] [cup_us] [foz_m]
  [cup_m] [tsp_m] [tbs_m] [gal_br] [pk_br] [bu_br] [qt_br] [pt_br] [gil_br] [foz_br] [fdr_br] [min_br] [gr]
  [lb_av] [lbf_av] [oz_av] [dr_av] [scwt_av] [lcwt_av] [ston_av] [lton_av] [stone_av] [pwt_tr] [oz_tr] [lb_tr]
  [sc_ap] [dr_ap] [oz_ap] [lb_ap] [oz_m] [lne] [pnt] [pca] [pnt_pr] [pca_pr] [pied] [pouce] [ligne] [didot]
  [cicero] [degF] [degR] [degRe] [Cal] [Btu_39] [Btu_59] [Btu_60] [Btu_m] [Btu_IT] [Btu_th] [Btu] [HP] [den]
  [in_i'H2O] [in_i'Hg] [PRU] [wood'U] [diop] [p'diop] %[slope] [mesh_i] [Ch] [drp] [hnsf'U] [MET] [hp'_X]
  [hp'_C] [hp'_M] [hp'_Q] [hp_X] [hp_C] [hp_M] [hp_Q] [kp_X] [kp_C] [kp_M] [kp_Q] [pH] [S] [HPF] [LPF] [arb'U]
  [USP'U] [GPL'U] [MPL'U] [APL'U] [beth'U] [anti'Xa'U] [todd'U] [dye'U] [smgy'U] [bdsk'U] [ka'U] [knk'U]
  [mclg'U] [tb'U] [CCID_50] [TCID_50] [EID_50] [PFU] [FFU] [CFU] [IR] [BAU] [AU] [Amb'a'1'U] [PNU] [Lf]
  [D'ag'U] [FEU] [ELU] [EU] Ao b att [psi] circ sph [car_m] [car_Au] [smoot] [m/s2/Hz^(1/2)] bit_s
`);

const PREFIXES = 'da Ki Mi Gi Ti Y Z E P T G M k h d c m u n p f a z y'.split(' ');

/** What is meant most often, for the sentence that says what would be right. */
const COMMON = atoms(`
  mm[Hg] cm kg g mg ug ng mL L dL uL mmol/L umol/L mg/dL g/dL g/L mg/L ng/mL pg/mL mol/L Cel [degF] % /min
  10*3/uL 10*6/uL 10*9/L 10*12/L [iU] [iU]/L m[iU]/L U/L kg/m2 m2 s min h d wk mo a fL pg mm/h meq/L mosm/kg {score} 1
`);

function atoms(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/));
}

/** `unknown`: written as a unit is, of a name that UCUM does not have. */
export type Reading = 'unit' | 'unknown' | 'unreadable';

/** What was asked before; codes of Quantities are few. */
const known = new Map<string, Reading>();
const MOST_KNOWN = 5_000;
const LONGEST = 200;
const DEEPEST = 10;

/** Types whose `code` is a unit. */
export const QUANTITIES: ReadonlySet<string> = new Set([
  'Quantity',
  'SimpleQuantity',
  'MoneyQuantity',
  'Age',
  'Count',
  'Distance',
  'Duration',
]);

/**
 * A Quantity whose system is UCUM has a code of UCUM. What cannot be read as a unit is an error; a name that UCUM does not have
 * (`tbl`, `mcg`, `ea`) a warning: HL7's own examples are full of them.
 */
export function checkUnit({ system, code }: Json, context: Context): void {
  if (system !== UCUM || typeof code !== 'string') return;
  const reading = readUnit(code);
  if (reading === 'unit') return;
  const near = nearest(code);
  context.report(
    'code-invalid',
    `"${code}" không phải đơn vị UCUM${near ? `; có phải "${near}"?` : '. Đơn vị gọi bằng lời thì viết trong { }, hoặc bỏ system và code.'}`,
    `"${code}" is no unit of UCUM${near ? `; is "${near}" meant?` : ': put words in { }, or leave system and code out.'}`,
    'code',
    reading === 'unknown' ? 'warning' : 'error',
  );
}

/** Of so few letters everything is near. */
const SHORT = 3;

/** Brackets are what is forgotten most: `mmHg` for `mm[Hg]`. */
function nearest(code: string): string | null {
  const bare = (text: string) => text.replaceAll(/[[\]{}\s]/g, '').toLowerCase();
  return (
    [...COMMON].find((one) => bare(one) === bare(code)) ??
    (code.length > SHORT ? suggest(code, COMMON) : null)
  );
}

/** A code by UCUM's grammar and atoms, in its case-sensitive form. */
export function readUnit(code: string): Reading {
  const before = known.get(code);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const found = code === '' || code.length > LONGEST ? 'unreadable' : new Reader(code).whole();
  known.set(code, found);
  return found;
}

/** Recursive descent over one code; each method says whether it could read its part. */
class Reader {
  readonly #text: string;
  #at = 0;
  #unknown = false;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Reading {
    if (!this.#term(0) || this.#at !== this.#text.length) return 'unreadable';
    return this.#unknown ? 'unknown' : 'unit';
  }

  /** `kg.m/s2`, `/min` */
  #term(depth: number): boolean {
    this.#take(/\//y);
    do {
      if (!this.#component(depth)) return false;
    } while (this.#take(/[./]/y));
    return true;
  }

  #component(depth: number): boolean {
    if (this.#take(/\(/y)) return depth < DEEPEST && this.#term(depth + 1) && this.#take(/\)/y);
    // The annotation alone is a unit of its own; ten to the power of is written in digits.
    const read =
      this.#take(/10[*^](?:[+-]?\d+)?/y) || this.#take(/\d+/y) || (this.#symbol() && this.#exponent());
    return this.#take(/\{[^{}]*\}/y) || read;
  }

  #symbol(): boolean {
    const start = this.#at;
    if (!this.#take(/(?:\[[^[\]{}\s]*\]|[A-Za-z%'"_])+/y)) return false;
    const symbol = this.#text.slice(start, this.#at);
    const isAtom = METRIC.has(symbol) || OTHERS.has(symbol);
    this.#unknown ||=
      !isAtom && !PREFIXES.some((one) => symbol.startsWith(one) && METRIC.has(symbol.slice(one.length)));
    return true;
  }

  #exponent(): boolean {
    this.#take(/[+-]?\d+/y);
    return true;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) return false;
    this.#at += found[0].length;
    return true;
  }
}
