/** Front door of the citizens' register. */
import type { Module } from '../../kernel/kernel.ts';
import { demandOfForm } from '../forms/index.ts';
import { DESK_FORM, deskFaults } from './desk-form.ts';
import { matchRoutes, PATIENT_MATCH } from './match-operation.ts';
import { peopleRoutes } from './routes.ts';

export { NO_KNOWN_ALLERGY, saysNone, stands } from './allergy-facts.ts';
export { isPossibleDate, readDate, showDate } from './card-dates.ts';
export { type CitizenCard, parseCitizenCardQr } from './citizen-card.ts';
export { type CheckedCitizenNumber, checkCitizenNumber } from './citizen-number.ts';
export type { DeskForm } from './desk-form.ts';
export { openVisitsOf } from './find.ts';
export { type InsuranceCard, parseInsuranceCardQr } from './insurance-card.ts';
export { type CheckedInsuranceNumber, checkInsuranceNumber } from './insurance-number.ts';
export { type Match, type MatchReason, matchScore } from './matching.ts';
export { factsOf, nameOf, type PersonFacts } from './person-facts.ts';
export type { PersonForm } from './person-form.ts';
export { type Banner, bannerOf, lineOf, openVisitOf, type PersonLine } from './person-summary.ts';
export type { Candidate, Resolution } from './resolve.ts';
export { parseScan, type Scan } from './scan.ts';

export const peopleModule: Module = {
  name: 'people',
  operations: [PATIENT_MATCH],
  fhir: matchRoutes,
  routes(app, kernel) {
    demandOfForm(DESK_FORM, deskFaults);
    peopleRoutes(app, kernel);
  },
};
