/** Facts of table 4 (investigations) and table 5 (clinical course). */

import { cs } from '../../../kernel/fhir/systems.ts';
import type { Observation } from '../../../kernel/fhir/types.ts';
import { foldText } from '../../../kernel/text/fold.ts';
import { attendingOf, codeIn, licenceOf, type View } from './facts.ts';
import { type FactReader, latest } from './visit-facts.ts';

const resultFacts: Record<string, FactReader> = {
  'result.service': ({ result }) => codeIn(result?.order.code, cs.service),
  /** No national list could be had (Decision 1227/2025): the name written together without marks stands in. */
  'result.code': ({ result }) =>
    hasUnit(result?.observation)
      ? foldText(nameOf(result?.observation)).replaceAll(' ', '').toUpperCase()
      : '',
  'result.name': ({ result }) => nameOf(result?.observation),
  'result.value': ({ result }) => (hasUnit(result?.observation) ? resultText(result?.observation) : ''),
  'result.unit': ({ result }) => result?.observation.valueQuantity?.unit ?? '',
  'result.description': () => '',
  /** Empty when GIA_TRI already holds the result; a result without a unit is a conclusion. */
  'result.conclusion': ({ result }) => (hasUnit(result?.observation) ? '' : resultText(result?.observation)),
  'result.time': ({ result }) => result?.observation.issued ?? result?.observation.effectiveDateTime ?? '',
  'result.reader': ({ visit, result }) => licenceOf(visit, result?.observation.performer?.[0]),
};

const noteFacts: Record<string, FactReader> = {
  'note.course': ({ visit }) => {
    const texts = ['10164-2', '29545-1', '10154-3'].map(
      (code) => latest(visit.observations, code)?.valueString ?? '',
    );
    return [...texts, vitalSigns(visit)].filter(Boolean).join('. ');
  },
  'note.time': ({ visit }) =>
    latest(visit.observations, '29545-1')?.effectiveDateTime ?? visit.encounter.period?.start ?? '',
  'note.writer': ({ visit }) => licenceOf(visit, attendingOf(visit.encounter)),
};

export const RESULT_FACTS: Readonly<Record<string, FactReader>> = { ...resultFacts, ...noteFacts };

/** `CSST<M75_T37_HA120/70_NT18_SP98>`: vital signs inside the text of table 5, only those that were measured. */
function vitalSigns(visit: View['visit']): string {
  const number = (loinc: string) => latest(visit.observations, loinc)?.valueQuantity?.value;
  const pressure = latest(visit.observations, '85354-9')?.component ?? [];
  const part = (loinc: string) =>
    pressure.find((each) => codeIn(each.code, cs.loinc) === loinc)?.valueQuantity?.value;
  const [upper, lower] = [part('8480-6'), part('8462-4')];
  const signs = [
    ['M', number('8867-4')],
    ['T', number('8310-5')],
    ['HA', upper !== undefined && lower !== undefined ? `${upper}/${lower}` : undefined],
    ['NT', number('9279-1')],
    ['SP', number('59408-5')],
  ].filter(([, value]) => value !== undefined);
  return signs.length === 0 ? '' : `CSST<${signs.map(([name, value]) => `${name}${value}`).join('_')}>`;
}

function hasUnit(observation: Observation | undefined): boolean {
  return observation?.valueQuantity?.value !== undefined && (observation.valueQuantity.unit ?? '') !== '';
}

function nameOf(observation: Observation | undefined): string {
  return observation?.code?.text ?? observation?.code?.coding?.find((each) => each.display)?.display ?? '';
}

function resultText(observation: Observation | undefined): string {
  const quantity = observation?.valueQuantity;
  if (quantity?.value !== undefined) return `${quantity.comparator ?? ''}${quantity.value}`;
  const coded = observation?.valueCodeableConcept;
  return observation?.valueString ?? coded?.text ?? coded?.coding?.[0]?.display ?? '';
}
