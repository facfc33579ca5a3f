/** The checks of medicines, as rules ask them: each gives DetectedIssues; the tables that they read are named by the rule. */

import { cs } from '../../../kernel/fhir/systems.ts';
import type { Condition, DetectedIssue, MedicationRequest, Resource } from '../../../kernel/fhir/types.ts';
import { type Alert, issueOf } from '../alert.ts';
import { allergyAlerts } from '../allergy.ts';
import { codesIn } from '../concepts.ts';
import { addDays, ageInYears } from '../dates.ts';
import { duplicateAlerts } from '../duplicates.ts';
import { interactionAlerts } from '../interactions.ts';
import { ageAlerts, conditionAlerts, doseAlerts, type PersonFacts, renalAlerts } from '../limits.ts';
import { type Taken, takenEarlier, takenNow, unknownAlerts } from '../medicine.ts';
import { crossGroupsOf, pairsOf, type RuleTables, rulesInForce } from '../tables.ts';
import { type Calculator, type CalculatorAsk, type InputRule, OPTIONAL, TABLE } from './calculator.ts';

interface Medicines {
  lines: Taken[];
  earlier: Taken[];
  tables: RuleTables;
}

/** An order without end that nobody calls active is over after so many days. */
const OPEN_END_DAYS = 150;

const kept = new WeakMap<readonly Resource[], { day: string; made: Medicines }>();

/** The draft orders and what is still taken; read once for all rules that are asked about the same drafts. */
function medicinesOf(ask: CalculatorAsk): Medicines {
  const known = kept.get(ask.drafts);
  if (known?.day === ask.day) return known.made;
  const tables = rulesInForce(ask.content, ask.day);
  const drafts = ask.drafts.filter(isRequest);
  const own = new Set(drafts.flatMap(({ id }) => id ?? []));
  const earlier = ask
    .found('MedicationRequest')
    .filter((one) => !own.has(one.id ?? '') && mayRun(one, ask.day));
  const medications = new Map(ask.found('Medication').map((one) => [one.id ?? '', one]));
  const made = {
    lines: takenNow(drafts, tables, medications),
    earlier: takenEarlier([...earlier], tables, medications),
    tables,
  };
  kept.set(ask.drafts, { day: ask.day, made });
  return made;
}

const isRequest = (one: Resource): one is MedicationRequest => one.resourceType === 'MedicationRequest';

function mayRun({ status, authoredOn }: MedicationRequest, day: string): boolean {
  return status === 'active' || (authoredOn ?? day) >= addDays(day, -OPEN_END_DAYS);
}

type Check = (medicines: Medicines, ask: CalculatorAsk, table: string) => Alert[];

function check(
  code: string,
  inputs: Record<string, InputRule>,
  reads: Calculator['reads'],
  run: Check,
): Calculator {
  return {
    code,
    gives: 'DetectedIssue',
    inputs,
    reads: ['MedicationRequest', ...reads],
    give(ask): readonly DetectedIssue[] {
      if (!ask.drafts.some(isRequest)) return [];
      return run(medicinesOf(ask), ask, ask.text('table') ?? '').map((alert) => issueOf(alert, ask.patient));
    },
  };
}

function factsOf(ask: CalculatorAsk): PersonFacts {
  return {
    age: ageInYears(ask.patient.birthDate, ask.day),
    weightKg: ask.number('weight'),
    icd10: [
      ...ask
        .found('Condition')
        .filter(isCurrent)
        .flatMap(({ code }) => ICD10.flatMap((system) => codesIn(code, system))),
      ...ask.values('icd10').filter((one) => typeof one === 'string'),
    ],
  };
}

/** Systems in which a diagnosis of the tables is looked for: their codes begin as WHO's do. */
const ICD10 = [cs.icd10, 'http://hl7.org/fhir/sid/icd-10-cm'];
const OVER = new Set(['inactive', 'remission', 'resolved']);
const NEVER = new Set(['refuted', 'entered-in-error']);

function isCurrent({ clinicalStatus, verificationStatus }: Condition): boolean {
  const has = (concept: Condition['clinicalStatus'], codes: ReadonlySet<string>) =>
    (concept?.coding ?? []).some(({ code }) => codes.has(code ?? ''));
  return !has(clinicalStatus, OVER) && !has(verificationStatus, NEVER);
}

export const MEDICINE_CHECKS: readonly Calculator[] = [
  check('allergy-alerts', { table: TABLE }, ['AllergyIntolerance'], ({ lines, tables }, ask, table) =>
    allergyAlerts(lines, [...ask.found('AllergyIntolerance')], {
      ...tables,
      groups: crossGroupsOf(ask.content, table, ask.day),
    }),
  ),
  check('duplicate-alerts', {}, [], ({ lines, earlier, tables }) => duplicateAlerts(lines, earlier, tables)),
  check('pair-alerts', { table: TABLE }, [], ({ lines, earlier, tables }, ask, table) =>
    interactionAlerts(lines, earlier, { ...tables, pairsByIngredient: pairsOf(ask.content, table, ask.day) }),
  ),
  check('dose-alerts', { table: TABLE, weight: OPTIONAL }, [], ({ lines, earlier, tables }, ask, table) =>
    doseAlerts(ask.content.inForce(table, ask.day), lines, earlier, factsOf(ask), tables),
  ),
  check('renal-alerts', { table: TABLE, egfr: OPTIONAL }, [], ({ lines, earlier, tables }, ask, table) =>
    renalAlerts(ask.content.inForce(table, ask.day), lines, earlier, ask.number('egfr'), tables),
  ),
  check('age-alerts', { table: TABLE }, [], ({ lines }, ask, table) =>
    ageAlerts(ask.content.inForce(table, ask.day), lines, factsOf(ask)),
  ),
  check('condition-alerts', { table: TABLE, icd10: OPTIONAL }, ['Condition'], ({ lines }, ask, table) =>
    conditionAlerts(ask.content.inForce(table, ask.day), lines, factsOf(ask)),
  ),
  check('unknown-medicines', {}, [], ({ lines, earlier }) => unknownAlerts([...lines, ...earlier])),
];
