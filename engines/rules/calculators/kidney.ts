/** Kidney function. Pure; creatinine in mg/dL (µmol/L ÷ 88.4), ages in years, weight in kg, height in cm. */

export type Sex = 'male' | 'female';

/** µmol/L of creatinine in one mg/dL. */
export const CREATININE_UMOL = 88.4;

/** CKD-EPI 2021, race-free (Inker et al., NEJM 2021;385:1737): mL/min/1.73 m². Null under 18 years. */
export function ckdEpi2021(creatinine: number, age: number, sex: Sex): number | null {
  if (age < 18 || creatinine <= 0) return null;
  const [kappa, alpha, factor] = sex === 'female' ? [0.7, -0.241, 1.012] : [0.9, -0.302, 1];
  const ratio = creatinine / kappa;
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * factor;
}

/** Bedside Schwartz (2009), 1 to 17 years: mL/min/1.73 m². */
export function schwartz(creatinine: number, heightCm: number): number | null {
  return creatinine > 0 && heightCm > 0 ? (0.413 * heightCm) / creatinine : null;
}

/** Cockcroft–Gault, for doses of medicines: mL/min. */
export function cockcroftGault(creatinine: number, age: number, weightKg: number, sex: Sex): number | null {
  if (creatinine <= 0 || weightKg <= 0 || age < 18) return null;
  return (((140 - age) * weightKg) / (72 * creatinine)) * (sex === 'female' ? 0.85 : 1);
}

export type KdigoStage = 'G1' | 'G2' | 'G3a' | 'G3b' | 'G4' | 'G5';

/** KDIGO stage of a filtration rate. */
export function kdigoStage(egfr: number): KdigoStage {
  if (egfr >= 90) return 'G1';
  if (egfr >= 60) return 'G2';
  if (egfr >= 45) return 'G3a';
  if (egfr >= 30) return 'G3b';
  return egfr >= 15 ? 'G4' : 'G5';
}

/** KDIGO stage of acute kidney injury by creatinine in µmol/L (0 = none); `days` between the two, at most 7. */
export function acuteInjuryStage(baseline: number, now: number, days: number): 0 | 1 | 2 | 3 {
  const ratio = now / baseline;
  const rises = (days <= 2 && now - baseline >= 26.5) || (days <= 7 && ratio >= 1.5);
  if (!rises) return 0;
  if (ratio >= 3 || now >= 353.6) return 3;
  return ratio >= 2 ? 2 : 1;
}

/** Mosteller: body surface in m². */
export function bodySurface(heightCm: number, weightKg: number): number {
  return Math.sqrt((heightCm * weightKg) / 3600);
}
