/** Is a definition fit to be published? What is wrong is told with its place, in both languages. */
import type { Content } from '../../../kernel/content/content.ts';
import { Failure, type Issue } from '../../../kernel/failure.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import { openTerminology } from '../../../kernel/fhir/terminology/index.ts';
import { casesOf, failedCase } from './cases.ts';
import { wasApproved } from './hard-stops.ts';
import { RULE_URL } from './names.ts';
import { readRule } from './read.ts';
import type { Rule, RuleFile } from './rule.ts';
import { shapeIssues } from './shape.ts';

export interface Fault {
  /** FHIRPath in the definition, or the file beside it. */
  place: string;
  text: string;
  textEn: string;
}

/** Summaries of cards are shorter (CDS Hooks 2.0, Card Attributes). */
export const LONGEST_SUMMARY = 140;

/** @returns nothing when the definition may be published */
export function checkRule(file: RuleFile, content: Content): Fault[] {
  const shape = shapeIssues(file.value).map(faultOf);
  let rule: Rule;
  try {
    rule = readRule(file, content);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return oncePlaced([...error.issues.map(faultOf), ...shape]);
  }
  if (shape.length > 0) return shape;
  return [
    ...identityFaults(file),
    ...publicationFaults(rule, content),
    ...setFaults(rule, content),
    ...caseFaults(rule, content),
  ];
}

const faultOf = ({ expression, text, textEn }: Issue): Fault => ({
  place: expression ?? 'PlanDefinition',
  text,
  textEn: textEn ?? text,
});

/** What is said of a place with the same words is said once. */
const oncePlaced = (faults: readonly Fault[]): Fault[] => [
  ...new Map(faults.map((one) => [`${one.place} ${one.text}`, one])).values(),
];

/** What a rule that speaks must have, wherever it lies: an owner, codes that are known, cards that say why, hard stops that are approved. */
export function publicationFaults(rule: Rule, content: Content): Fault[] {
  return [...ownerFaults(rule), ...codeFaults(rule, content), ...cardFaults(rule, content)];
}

const fault = (place: string, text: string, textEn: string): Fault => ({
  place,
  text: `${place}: ${text}.`,
  textEn: `${place} ${textEn}.`,
});

function identityFaults({ key, from, value }: RuleFile): Fault[] {
  const { url, version, status, effectivePeriod } = value;
  const faults: Fault[] = [];
  if (url !== `${RULE_URL}${key}`)
    faults.push(fault('PlanDefinition.url', `phải là ${RULE_URL}${key}`, `must be ${RULE_URL}${key}`));
  if (version !== from)
    faults.push(fault('PlanDefinition.version', `phải là ngày ${from}`, `must be the day ${from}`));
  if (status !== 'active' && status !== 'draft')
    faults.push(fault('PlanDefinition.status', 'phải là active hoặc draft', 'must be active or draft'));
  if (effectivePeriod?.start !== undefined && effectivePeriod.start.slice(0, 10) !== from)
    faults.push(fault('PlanDefinition.effectivePeriod.start', `phải là ${from}`, `must be ${from}`));
  return faults;
}

function ownerFaults({ owner, description, definition }: Rule): Fault[] {
  const faults: Fault[] = [];
  if ((definition.title ?? '').trim() === '')
    faults.push(fault('PlanDefinition.title', 'thiếu tên của quy tắc', 'is missing: the name of the rule'));
  if (owner === '')
    faults.push(
      fault('PlanDefinition.author', 'thiếu người chịu trách nhiệm', 'is missing: who answers for the rule'),
    );
  if (description === '') faults.push(fault('PlanDefinition.description', 'thiếu mô tả', 'is missing'));
  return faults;
}

const OWN_SETS = 'http://yba.vn/fhir/vs/';

/** Value sets of the content that are not there; those of others may lie in the record, where storing a rule asks for them. */
function setFaults({ valueSetPlaces }: Rule, content: Content): Fault[] {
  const asked = valueSetPlaces.filter(({ url }) => url.startsWith(OWN_SETS));
  if (asked.length === 0) return [];
  const own = new Set(
    openTerminology(content)
      .lists()
      .map(({ valueSet }) => valueSet),
  );
  return asked
    .filter(({ url }) => !own.has(url))
    .map(({ url, place }) =>
      fault(place, `không có tập mã ${url} trong content/`, `asks for ${url}, which content/ does not have`),
    );
}

/** Codes that no list has would never be met, or never be understood. */
function codeFaults(rule: Rule, content: Content): Fault[] {
  const known = (table: string) => new Set(content.inForce(table, rule.from).map(({ code }) => code));
  const unknown = (place: string, codes: readonly string[], table: string) => {
    const list = known(table);
    return codes
      .filter((code) => !list.has(code))
      .map((code) =>
        fault(
          place,
          `không có mã "${code}" trong content/${table}.csv`,
          `has the code "${code}", which content/${table}.csv does not`,
        ),
      );
  };
  const reasons = rule.actions.flatMap((action, at) =>
    unknown(
      `PlanDefinition.action[${at}].extension`,
      action.reasons.filter(({ system }) => system === cs.overrideReason).map(({ code }) => code ?? ''),
      'clinic/override-reasons',
    ),
  );
  const kinds = rule.actions.flatMap(({ kind }, at) =>
    unknown(`PlanDefinition.action[${at}].code`, kind === null ? [] : [kind], 'rules/kinds'),
  );
  return [
    ...unknown('PlanDefinition.useContext', rule.roles, 'catalog/vai-tro'),
    ...unknown('PlanDefinition.useContext', rule.places, 'catalog/loai-co-so'),
    ...kinds,
    ...reasons,
  ];
}

function cardFaults(rule: Rule, content: Content): Fault[] {
  return rule.actions.flatMap((action, at) => {
    const place = `PlanDefinition.action[${at}]`;
    const faults: Fault[] = [];
    if (action.title.length >= LONGEST_SUMMARY || action.titleEn.length >= LONGEST_SUMMARY)
      faults.push(
        fault(
          `${place}.title`,
          `dài từ ${LONGEST_SUMMARY} ký tự`,
          `has ${LONGEST_SUMMARY} characters or more`,
        ),
      );
    if (action.description === '' && !action.dynamic.has('description'))
      faults.push(
        fault(`${place}.description`, 'thiếu: vì sao, và nên làm gì', 'is missing: why, and what follows'),
      );
    if (action.each === null && action.kind === null && !action.dynamic.has('kind'))
      faults.push(fault(`${place}.code`, 'thiếu loại cảnh báo', 'is missing: the kind of the card'));
    if (action.behaviour === 'must' && !wasApproved(rule.key, content))
      faults.push(
        fault(
          `${place}.requiredBehavior`,
          'chặn hẳn (must) chỉ khi quy tắc có trong content/rules/hard-stops.csv',
          'may be must only for a rule in content/rules/hard-stops.csv',
        ),
      );
    return faults;
  });
}

function caseFaults(rule: Rule, content: Content): Fault[] {
  const place = `rules/${rule.key}/cases.json`;
  const cases = casesOf(content, rule.key);
  if (cases === null || cases.length === 0)
    return [fault(place, 'thiếu: mỗi quy tắc có ca thử', 'is missing: every rule has test cases')];
  return cases
    .filter(({ day }) => rule.from <= day && (rule.to === null || day <= rule.to))
    .flatMap((one) => {
      const wrong = failedCase(rule, one, content);
      return wrong === null
        ? []
        : [fault(place, `ca "${one.name}" sai: ${wrong}`, `fails the case "${one.name}": ${wrong}`)];
    });
}
