/**
 * Atoms and prefixes of UCUM 2.1 that appear in clinical and metric use: `factor` of the unit expression `is`; without
 * `is` it is a base unit. Values from the tables of UCUM (sections 4.1–4.5).
 */

export interface Atom {
  factor: number;
  is?: string;
  /** Takes prefixes. */
  metric: boolean;
}

/** Longer ones first: `da` before `d`. */
export const PREFIXES: readonly [string, number][] = [
  ['da', 1e1],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Y', 1e24],
  ['Z', 1e21],
  ['E', 1e18],
  ['P', 1e15],
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
  ['h', 1e2],
  ['d', 1e-1],
  ['c', 1e-2],
  ['m', 1e-3],
  ['u', 1e-6],
  ['n', 1e-9],
  ['p', 1e-12],
  ['f', 1e-15],
  ['a', 1e-18],
  ['z', 1e-21],
  ['y', 1e-24],
];

const base: Atom = { factor: 1, metric: true };
const metric = (factor: number, is: string): Atom => ({ factor, is, metric: true });
const plain = (factor: number, is: string): Atom => ({ factor, is, metric: false });

export const ATOMS: Readonly<Record<string, Atom>> = {
  m: base,
  s: base,
  g: base,
  rad: base,
  K: base,
  C: base,
  cd: base,
  mol: base,
  // Dimensionless.
  '%': plain(1e-2, '1'),
  '[ppth]': plain(1e-3, '1'),
  '[ppm]': plain(1e-6, '1'),
  '[ppb]': plain(1e-9, '1'),
  '[pptr]': plain(1e-12, '1'),
  // Amount of substance.
  eq: metric(1, 'mol'),
  osm: metric(1, 'mol'),
  kat: metric(1, 'mol/s'),
  U: metric(1, 'umol/min'),
  // Time.
  min: plain(60, 's'),
  h: plain(60, 'min'),
  d: plain(24, 'h'),
  wk: plain(7, 'd'),
  a: plain(365.25, 'd'),
  a_j: plain(365.25, 'd'),
  a_g: plain(365.2425, 'd'),
  a_t: plain(365.24219, 'd'),
  mo: plain(365.25 / 12, 'd'),
  mo_j: plain(365.25 / 12, 'd'),
  mo_g: plain(365.2425 / 12, 'd'),
  mo_s: plain(29.53059, 'd'),
  // Volume, area, mass.
  l: metric(1, 'dm3'),
  L: metric(1, 'dm3'),
  ar: metric(100, 'm2'),
  t: metric(1e3, 'kg'),
  u: metric(1.6605390666e-24, 'g'),
  // Mechanics.
  Hz: metric(1, 's-1'),
  N: metric(1, 'kg.m/s2'),
  Pa: metric(1, 'N/m2'),
  J: metric(1, 'N.m'),
  W: metric(1, 'J/s'),
  bar: metric(1e5, 'Pa'),
  atm: plain(101325, 'Pa'),
  dyn: metric(1, 'g.cm/s2'),
  erg: metric(1, 'dyn.cm'),
  P: metric(1, 'dyn.s/cm2'),
  'm[H2O]': metric(9.80665, 'kPa'),
  'm[Hg]': metric(133.322, 'kPa'),
  gf: metric(9.80665, 'g.m/s2'),
  cal: metric(4.184, 'J'),
  cal_th: metric(4.184, 'J'),
  '[Cal]': plain(1, 'kcal'),
  // Electricity, light, radiation.
  A: metric(1, 'C/s'),
  V: metric(1, 'J/C'),
  F: metric(1, 'C/V'),
  Ohm: metric(1, 'V/A'),
  S: metric(1, 'Ohm-1'),
  Wb: metric(1, 'V.s'),
  T: metric(1, 'Wb/m2'),
  H: metric(1, 'Wb/A'),
  G: metric(1e-4, 'T'),
  sr: metric(1, 'rad2'),
  lm: metric(1, 'cd.sr'),
  lx: metric(1, 'lm/m2'),
  Bq: metric(1, 's-1'),
  Ci: metric(3.7e10, 'Bq'),
  Gy: metric(1, 'J/kg'),
  Sv: metric(1, 'J/kg'),
  RAD: metric(1e-2, 'Gy'),
  REM: metric(1e-2, 'Sv'),
  R: metric(2.58e-4, 'C/kg'),
  eV: metric(1.602176634e-19, 'J'),
  // Angles.
  deg: plain(Math.PI / 180, 'rad'),
  gon: plain(0.9, 'deg'),
  "'": plain(1 / 60, 'deg'),
  "''": plain(1 / 3600, 'deg'),
  circ: plain(2 * Math.PI, 'rad'),
  // Lengths of other customs.
  Ao: plain(0.1, 'nm'),
  '[in_i]': plain(2.54, 'cm'),
  '[ft_i]': plain(12, '[in_i]'),
  '[yd_i]': plain(3, '[ft_i]'),
  '[mi_i]': plain(5280, '[ft_i]'),
  '[ft_us]': plain(1200 / 3937, 'm'),
  '[mi_us]': plain(5280, '[ft_us]'),
  '[Ch]': plain(1 / 3, 'mm'),
  '[diop]': plain(1, 'm-1'),
  // Masses and volumes of other customs.
  '[gr]': plain(64.79891, 'mg'),
  '[lb_av]': plain(7000, '[gr]'),
  '[oz_av]': plain(1 / 16, '[lb_av]'),
  '[dr_av]': plain(1 / 16, '[oz_av]'),
  '[stone_av]': plain(14, '[lb_av]'),
  '[car_m]': plain(0.2, 'g'),
  '[gal_us]': plain(231, '[in_i]3'),
  '[qt_us]': plain(1 / 4, '[gal_us]'),
  '[pt_us]': plain(1 / 2, '[qt_us]'),
  '[cup_us]': plain(1 / 2, '[pt_us]'),
  '[foz_us]': plain(1 / 8, '[cup_us]'),
  '[tbs_us]': plain(1 / 2, '[foz_us]'),
  '[tsp_us]': plain(1 / 3, '[tbs_us]'),
  '[degR]': plain(5 / 9, 'K'),
};
