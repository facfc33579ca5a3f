/** What codes and words of a CodeableConcept name: ingredients before everything. Pure. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { CodeableConcept } from '../../kernel/fhir/types.ts';
import { foldText } from '../../kernel/text/fold.ts';
import { ingredientsNamed, ingredientsOfBrand } from './names.ts';
import type { RuleTables } from './tables.ts';

export function codesIn(concept: CodeableConcept | undefined, system: string): string[] {
  return (concept?.coding ?? []).flatMap((coding) =>
    coding.system === system && coding.code ? [coding.code] : [],
  );
}

export const codeIn = (concept: CodeableConcept | undefined, system: string): string | null =>
  codesIn(concept, system)[0] ?? null;

export const nameIn = (concept: CodeableConcept | undefined): string | undefined =>
  concept?.text ?? concept?.coding?.find((coding) => coding.display)?.display;

/** Code of a medicine of the facility's list: as it is coded, else where the words are its very name. */
export function medicineIn(concept: CodeableConcept | undefined, tables: RuleTables): string | null {
  const coded = codeIn(concept, cs.medicine);
  const name = coded === null ? nameIn(concept) : undefined;
  return name === undefined ? coded : (tables.listed.get(foldText(name)) ?? null);
}

/**
 * Ingredient codings first, then the facility's list, ATC, and last the text: ingredients, else a brand of the list.
 * @param listed ingredients of the facility's medicine
 */
export function ingredientsOf(
  concepts: readonly CodeableConcept[],
  listed: string[] | undefined,
  tables: RuleTables,
): string[] {
  const coded = concepts.flatMap((one) => codesIn(one, cs.ingredient));
  const known = coded.filter((code) => tables.ingredients.has(code));
  if (known.length > 0) return [...new Set(known)];
  if (listed) return listed;
  const byAtc = concepts
    .flatMap((one) => codesIn(one, cs.atc))
    .flatMap((atc) => tables.byAtc.get(atc) ?? tables.contentOfAtc.get(atc) ?? []);
  if (byAtc.length > 0) return [...new Set(byAtc)];
  const texts = concepts.flatMap(({ text, coding = [] }) => [text, ...coding.map(({ display }) => display)]);
  const said = texts.filter((text) => text !== undefined).join(' ; ');
  const named = ingredientsNamed(said, tables);
  return named.length > 0 ? named : ingredientsOfBrand(said, tables);
}
