/** Doses leave the stock because they were given: what of an Immunization the one ledger (modules/stock) takes out of its lot and vial. */
import type { Immunization, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { followStock, type Leaving } from '../../stock/index.ts';
import { VACCINES } from './keeper.ts';
import { discardAt } from './opened.ts';
import { vialPackages } from './vials.ts';

/** Follows from now on; what was given before there was a stock is none of it. */
export function startStock(kernel: Kernel, told: (unit: string) => void): void {
  followStock(
    kernel,
    {
      consumer: 'vaccine-stock',
      category: VACCINES.category,
      type: 'Immunization',
      kinds: { given: 'dose', back: 'dose-void' },
      leavingOf: (resource: Resource) => givenOf(resource as Immunization),
      packages: vialPackages((item, opened) => discardAt(kernel.content, item, opened)),
    },
    told,
  );
}

/** What an Immunization takes out of a stock; null = nothing: not given, given elsewhere, or without lot or unit. */
export function givenOf(immunization: Immunization): Leaving | null {
  const { status, lotNumber, occurrenceDateTime, vaccineCode, performer = [], primarySource } = immunization;
  const unit = performer
    .map(({ actor }) => actor.reference ?? '')
    .find((reference) => reference.startsWith('Organization/'));
  const [item, ...others] = (vaccineCode.coding ?? []).map(
    ({ system = '', code = '' }) => `${system}|${code}`,
  );
  if (status !== 'completed' || primarySource === false || !lotNumber || !unit || !item) return null;
  if (!occurrenceDateTime || occurrenceDateTime.length < 10) return null;
  const at = new Date(
    occurrenceDateTime.length === 10 ? `${occurrenceDateTime}T12:00:00+07:00` : occurrenceDateTime,
  );
  return {
    unit: unit.slice('Organization/'.length),
    items: [item, ...others],
    lot: lotNumber.trim(),
    amount: 1,
    at,
    day: vietnamDay(at),
  };
}
