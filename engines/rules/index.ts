/** Decision support and prescription arithmetic. Pure functions; the law is content. See README.md. */
export { ALERT_KINDS, type Implicated, type Severity } from './alert.ts';
export { type Card, type CardLink, type CardSuggestion, SEVERITY } from './card.ts';
export { allRules, checkRules, contentRules, rulesOn } from './content.ts';
export { ageInMonths, ageInYears, dayOf, daysBetween } from './dates.ts';
export { type DayLimit, longestSupply } from './days.ts';
export { casesShape } from './definition/cases-shape.ts';
export { checkRule, type Fault, LONGEST_SUMMARY } from './definition/check.ts';
export { type Approval, approvalOf } from './definition/hard-stops.ts';
export { ruleIssues } from './definition/issues.ts';
export { type Hook, isHook, TRIGGERS } from './definition/names.ts';
export type { Indicator, Rule } from './definition/rule.ts';
export {
  type Amount,
  amount,
  formatAmount,
  formatDecimal,
  isZero,
  parseAmount,
  toNumber,
} from './dosing/amount.ts';
export {
  adviceOf,
  dosageOf,
  inLineOrder,
  insuranceDoseOf,
  packingOf,
  scheduleOf,
  supplyDays,
} from './dosing/request.ts';
export {
  dailyAmount,
  evenDose,
  type Packing,
  quantityFor,
  type Schedule,
  TIMES_OF_DAY,
  type TimeKey,
  timesPerDay,
} from './dosing/schedule.ts';
export { insuranceDose, quantityText, usageText } from './dosing/words.ts';
export { evaluateRules, type RuleAnswer, type RuleAsk } from './evaluate.ts';
export { icdMatches } from './icd.ts';
export { takenEarlier } from './medicine.ts';
export {
  type FactQueries,
  type Facts,
  factQueries,
  factSources,
  factsIn,
  medicationsOf,
  readFacts,
} from './operations/facts.ts';
export { type RuleLibrary, ruleLibrary, withRules } from './operations/stored.ts';
export { ORDER_TYPES, type OrderType, orderTypesOf } from './order-types.ts';
export { type RuleState, type Switch, stateOf } from './switches.ts';
export { type RuleTables, rulesInForce } from './tables.ts';
export { uncheckedCards } from './unchecked.ts';
export { speakingOn, versionsOn } from './versions.ts';
