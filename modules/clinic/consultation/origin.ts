/**
 * Dagger and asterisk of ICD-10: an asterisk code (a manifestation) is written with the dagger code of the disease it
 * comes from (Decision 4469/QĐ-BYT 28/10/2020: pairs, and the codes that a title names in brackets). Pure.
 */
import type { Content } from '../../../kernel/content/content.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Terminology } from '../../../kernel/fhir/terminology/index.ts';
import type { DiagnosisInput, Warning } from '../contract.ts';

/** @returns nothing when the origin is among the diagnoses, or when the list names none for this code */
export function originWarning(
  code: string,
  diagnoses: DiagnosisInput[],
  terminology: Terminology,
  content: Content,
  day: string,
): Omit<Warning, 'field'>[] {
  const title = terminology.lookup(cs.icd10, code, day)?.display ?? '';
  const pairs = content
    .inForce('terminology/icd10-dagger-asterisk', day)
    .flatMap((row) => (row.asterisk === code ? [row.dagger!] : []));
  const origins = [...namedIn(title), ...pairs.map((one): Range => [one, one])];
  if (origins.length === 0) return [];
  const isThere = diagnoses.some(
    (other) =>
      other.code !== code &&
      (origins.some((range) => isInside(other.code, range)) ||
        terminology.lookup(cs.icd10, other.code, day)?.properties.mark === '†'),
  );
  if (isThere) return [];
  const some = origins.slice(0, 3).map(([from, to]) => (from === to ? from : `${from}-${to}`));
  return [
    {
      text: `Mã hoa thị ${code}* phải đi cùng mã chữ thập † của bệnh gốc (${some.join(', ')}${origins.length > 3 ? ' …' : ''}): thêm bệnh gốc.`,
      textEn: `${code}* needs the dagger code of the disease it comes from (${some.join(', ')}).`,
    },
  ];
}

/** First and last code, both inside. */
type Range = [from: string, to: string];

/** `'Hội chứng đột quỵ thân não (I60-I67†)'` → `[['I60', 'I67']]`. */
function namedIn(title: string): Range[] {
  const brackets = [...title.matchAll(/\(([^()]*†[^()]*)\)/g)].map((found) => found[1]!);
  return brackets
    .flatMap((text) => [...text.matchAll(/([A-Z]\d\d(?:\.\d)?)(?:\s*-\s*([A-Z]\d\d(?:\.\d)?))?/g)])
    .map((found) => [found[1]!, found[2] ?? found[1]!]);
}

/** A category holds its subdivisions: `I64.9` is inside I60–I67, `A18.01` inside A18.0. */
function isInside(code: string, [from, to]: Range): boolean {
  return code >= from && code.slice(0, to.length) <= to;
}
