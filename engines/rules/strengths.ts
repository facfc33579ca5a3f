/** How much of each ingredient is in a medicine that the facility's list does not have: as its Medication says, else as its name does. Pure. */
import type { Medication, Quantity } from '../../kernel/fhir/types.ts';
import { ingredientsOf } from './concepts.ts';
import { ingredientsNamed } from './names.ts';
import type { RuleTables } from './tables.ts';

export interface Strength {
  ingredient: string;
  mg: number;
  /** In one ml, or in one tablet, capsule, sachet. */
  per: 'ml' | 'unit';
}

/** Milligrams in one of a unit of mass; keys are written small. */
export const MASS: Readonly<Record<string, number>> = {
  mg: 1,
  g: 1000,
  gram: 1000,
  ug: 0.001,
  mcg: 0.001,
  µg: 0.001,
  μg: 0.001,
  kg: 1e6,
};

/** The unit of a quantity as a key: by its code, else by its words. */
export const unitOf = ({ code, unit }: Pick<Quantity, 'code' | 'unit'>): string =>
  (code ?? unit ?? '').trim().toLowerCase();

/** @param name of the medicine, such as `Amoxicilin 250 mg/5 ml` */
export function strengthsOf(
  medication: Medication | undefined,
  name: string,
  tables: RuleTables,
): readonly Strength[] {
  const stated = (medication?.ingredient ?? []).flatMap(({ itemCodeableConcept, strength }) => {
    const [ingredient, ...others] = itemCodeableConcept
      ? ingredientsOf([itemCodeableConcept], undefined, tables)
      : [];
    const { numerator, denominator } = strength ?? {};
    const mass = numerator && MASS[unitOf(numerator)];
    if (!ingredient || others.length > 0 || !numerator?.value || mass === undefined) return [];
    const mg = (numerator.value * mass) / (denominator?.value || 1);
    return [
      { ingredient, mg, per: isVolume(unitOf(denominator ?? {})) ? ('ml' as const) : ('unit' as const) },
    ];
  });
  return stated.length > 0 ? stated : strengthsNamed(name, tables);
}

export const isVolume = (unit: string): boolean => unit === 'ml';

/** A number with its unit of mass, and the volume that holds it. */
const WRITTEN =
  /(\d+(?:[.,]\d+)*)\s*(mg|g|mcg|µg|μg|ug)(?![\p{L}\d])(?:\s*\/\s*(\d+(?:[.,]\d+)?)?\s*(ml)(?![\p{L}]))?/iu;

/** `Paracetamol 500 mg + Codein 30 mg`: each part that names one ingredient, with the first mass behind it. */
function strengthsNamed(name: string, tables: RuleTables): Strength[] {
  const parts = name.split(/[+;&]|\svà\s/iu);
  const found = parts.flatMap((part): Strength[] => {
    const [ingredient, ...others] = ingredientsNamed(part, tables);
    const [, amount, unit, volume, ml] = WRITTEN.exec(part) ?? [];
    const mass = MASS[(unit ?? '').toLowerCase()];
    if (!ingredient || others.length > 0 || amount === undefined || mass === undefined) return [];
    const mg = numberIn(amount) * mass;
    return ml === undefined
      ? [{ ingredient, mg, per: 'unit' }]
      : [{ ingredient, mg: mg / (volume === undefined ? 1 : numberIn(volume)), per: 'ml' }];
  });
  return found.filter(({ mg }) => Number.isFinite(mg) && mg > 0);
}

/** `0,25` and `0.25`; a point before three digits parts thousands when something stands before it that is no nought. */
function numberIn(text: string): number {
  const plain = /^[1-9]\d{0,2}(?:[.,]\d{3})+$/.test(text)
    ? text.replaceAll(/[.,]/g, '')
    : text.replace(',', '.');
  return Number(plain);
}
