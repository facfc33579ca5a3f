/** FHIR Coverage ↔ the facts of a card (docs/model.md, row Insurance). */

import { ext, sid } from '../../kernel/fhir/systems.ts';
import type { Coverage, Extension } from '../../kernel/fhir/types.ts';
import { firstDayOf, lastDayOf } from '../../kernel/text/vietnam-time.ts';
import type { CoverageFacts } from './entitlement-facts.ts';

/** The facts of a stored Coverage; absent elements become null. */
export function coverageFacts(coverage: Coverage): CoverageFacts {
  const extension = (url: string) => coverage.extension?.find((each) => each.url === url);
  const number = coverage.identifier?.find((each) => each.system === sid.bhyt)?.value;
  return {
    cardNumber: number ?? coverage.subscriberId ?? null,
    validFrom: coverage.period?.start ? firstDayOf(coverage.period.start) : null,
    validTo: coverage.period?.end ? lastDayOf(coverage.period.end) : null,
    active: coverage.status === 'active',
    registeredFacility: extension(ext.registeredFacility)?.valueIdentifier?.value ?? null,
    fiveYearsOn: extension(ext.fiveYears)?.valueDate ?? null,
    exemptFrom: extension(ext.copayExemption)?.valueDate ?? null,
    livingArea: extension(ext.livingArea)?.valueCode ?? null,
  };
}

/**
 * The Coverage that says what the card says. What the card leaves out is kept from `previous`; its id and version too.
 * @param patient id of the beneficiary
 */
export function coverageOf(facts: CoverageFacts, patient: string, previous?: Coverage): Coverage {
  const known = previous ? mergeFacts(facts, coverageFacts(previous)) : facts;
  const number = known.cardNumber ?? '';
  const full = number.length === 15;
  const others = (previous?.extension ?? []).filter((each) => !OWN_EXTENSIONS.has(each.url ?? ''));
  const extension = [...others, ...extensionsOf(known)];
  return {
    ...previous,
    resourceType: 'Coverage',
    status: known.active ? 'active' : 'cancelled',
    identifier: full ? [{ system: sid.bhyt, value: number }] : previous?.identifier,
    subscriberId: number.slice(-10) || previous?.subscriberId,
    beneficiary: { reference: `Patient/${patient}` },
    payor: previous?.payor ?? [{ reference: 'Organization/bhxh' }],
    period: periodOf(known),
    class: full ? [{ type: { coding: [GROUP_TYPE] }, value: number.slice(0, 2) }] : previous?.class,
    extension: extension.length > 0 ? extension : undefined,
  };
}

/** True when writing `next` would change nothing that a card can say. */
export function sameCoverage(next: Coverage, previous: Coverage): boolean {
  return JSON.stringify(coverageFacts(next)) === JSON.stringify(coverageFacts(previous));
}

/** True when both are the same card: the same number, or one of them shows only the social insurance number. */
export function isSameCard(facts: CoverageFacts, coverage: Coverage): boolean {
  const known = coverageFacts(coverage).cardNumber ?? '';
  const asked = facts.cardNumber ?? '';
  if (known === '' || asked === '') return false;
  return known.length === asked.length ? known === asked : known.slice(-10) === asked.slice(-10);
}

const GROUP_TYPE = { system: 'http://terminology.hl7.org/CodeSystem/coverage-class', code: 'group' };
const OWN_EXTENSIONS = new Set<string>([
  ext.registeredFacility,
  ext.fiveYears,
  ext.livingArea,
  ext.copayExemption,
]);

/** A 10-digit number never replaces a full one; a missing field never erases a known one. */
function mergeFacts(said: CoverageFacts, known: CoverageFacts): CoverageFacts {
  const full = (said.cardNumber ?? '').length >= (known.cardNumber ?? '').length;
  return {
    cardNumber: full ? said.cardNumber : known.cardNumber,
    validFrom: said.validFrom ?? known.validFrom,
    validTo: said.validTo ?? known.validTo,
    active: said.active,
    registeredFacility: said.registeredFacility ?? known.registeredFacility,
    fiveYearsOn: said.fiveYearsOn ?? known.fiveYearsOn,
    exemptFrom: said.exemptFrom ?? known.exemptFrom,
    livingArea: said.livingArea ?? known.livingArea,
  };
}

function periodOf({ validFrom, validTo }: CoverageFacts): Coverage['period'] {
  if (!validFrom && !validTo) return undefined;
  return { ...(validFrom ? { start: validFrom } : {}), ...(validTo ? { end: validTo } : {}) };
}

function extensionsOf(facts: CoverageFacts): Extension[] {
  const all: (Extension | null)[] = [
    facts.registeredFacility
      ? {
          url: ext.registeredFacility,
          valueIdentifier: { system: sid.cskcb, value: facts.registeredFacility },
        }
      : null,
    facts.fiveYearsOn ? { url: ext.fiveYears, valueDate: facts.fiveYearsOn } : null,
    facts.livingArea ? { url: ext.livingArea, valueCode: facts.livingArea } : null,
    facts.exemptFrom ? { url: ext.copayExemption, valueDate: facts.exemptFrom } : null,
  ];
  return all.filter((each) => each !== null);
}
