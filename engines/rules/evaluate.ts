/** Rules asked about one person at one hook. Pure: what is read of the record is handed in. */
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { singleOf } from '../../kernel/fhir/path/index.ts';
import { type Criterion, type MemberOf, type Subject, subjectOf } from '../../kernel/fhir/person/index.ts';
import type {
  CodeableConcept,
  DetectedIssue,
  Encounter,
  Patient,
  Resource,
  ResourceType,
} from '../../kernel/fhir/types.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Implicated, implicatedIn } from './alert.ts';
import type { CalculatorAsk } from './calculators/index.ts';
import { type Card, type CardLink, type CardSuggestion, inOrder, SEVERITY } from './card.ts';
import { ageInYears, dayOf, daysBetween } from './dates.ts';
import { approvalOf } from './definition/hard-stops.ts';
import { addressOf } from './definition/links.ts';
import type { DynamicPart, Hook } from './definition/names.ts';
import type { Indicator, Rule, RuleAction, SuggestionRule, Variable } from './definition/rule.ts';

export interface RuleAsk {
  hook: Hook;
  /** ISO day whose law counts. */
  day: string;
  now: Date;
  patient: Patient;
  /** What is known of the person. */
  resources: readonly Resource[];
  /** What queries of the rules found, by `Source.key`. */
  queried?: ReadonlyMap<string, readonly Resource[]>;
  /** Orders that are about to be signed. */
  drafts: readonly Resource[];
  /** Ids of the drafts that were just chosen (order-select). */
  selections?: readonly string[];
  /** Appointments that are about to be booked (appointment-book). */
  appointments?: readonly Resource[];
  encounter?: Encounter | null;
  /** Roles of who will see the cards; null: not known, every rule speaks. */
  roles: readonly string[] | null;
  /** Kind of facility; null: not known. */
  place: string | null;
  memberOf?: MemberOf;
  language?: 'vi' | 'en';
}

export interface RuleAnswer {
  cards: Card[];
  /** Rules that could not be asked of this person: told to who operates, and on our own screens as not checked. */
  faults: { rule: Rule; failure: Failure }[];
}

/** @param rules of which silent ones are asked too: who shows cards hands in those that speak */
export function evaluateRules(rules: readonly Rule[], ask: RuleAsk, content: Content): RuleAnswer {
  const bag = subjectOf({
    patient: ask.patient,
    resources: ask.resources,
    ...(ask.queried ? { queried: ask.queried } : {}),
    ...(ask.memberOf ? { memberOf: ask.memberOf } : {}),
  });
  const cards: Card[] = [];
  const faults: RuleAnswer['faults'] = [];
  for (const rule of rules) {
    if (!speaks(rule, ask)) continue;
    try {
      cards.push(...cardsOf(rule, ask, bag, content));
    } catch (error) {
      faults.push({ rule, failure: error instanceof Failure ? error : defectOf(rule, error) });
    }
  }
  return { cards: inOrder(cards.filter((card) => isOfSelected(card, ask))), faults };
}

/** Of what is just being chosen those cards that are about it: of the drafts beside it order-sign tells. */
function isOfSelected({ implicated }: Card, { hook, selections = [] }: RuleAsk): boolean {
  const drafts = implicated.filter(({ line }) => line !== null);
  if (hook !== 'order-select' || selections.length === 0 || drafts.length === 0) return true;
  return drafts.some(({ reference }) =>
    selections.some((one) => one === reference || one === reference?.split('/').at(-1)),
  );
}

/** A defect over one person's facts costs that rule alone: an allergy is told whatever became of a score. */
const defectOf = ({ title, titleEn }: Rule, cause: unknown): Failure =>
  new Failure(
    'internal',
    `Quy tắc "${title}" không tính được với dữ liệu của người này. Bác sĩ tự đối chiếu.`,
    {
      textEn: `The rule "${titleEn}" failed over the data of this person.`,
      cause,
    },
  );

/** In force on the day, asked at this hook, for this role and place. */
function speaks({ from, to, roles, places, actions }: Rule, ask: RuleAsk): boolean {
  if (ask.day < from || (to !== null && ask.day > to)) return false;
  if (!actions.some(({ triggers }) => triggers.includes(ask.hook))) return false;
  if (roles.length > 0 && ask.roles !== null && !roles.some((role) => ask.roles!.includes(role)))
    return false;
  return places.length === 0 || ask.place === null || places.includes(ask.place);
}

function cardsOf(rule: Rule, ask: RuleAsk, bag: Subject, content: Content): Card[] {
  const room = roomOf(rule, ask, bag, content);
  return rule.actions
    .filter(({ triggers }) => triggers.includes(ask.hook))
    .flatMap((action) => {
      if (!action.conditions.every((condition) => isMet(condition, room))) return [];
      if (action.each === null) return [cardOf(rule, action, { ask, room, content }, null)];
      return room
        .values(action.each)
        .map((found) => cardOf(rule, action, { ask, room: room.with(found), content }, found));
    });
}

/** Where the expressions of one rule are asked of one person. */
interface Room {
  values(criterion: Criterion): readonly unknown[];
  /** The same with `%found`. */
  with(found: unknown): Room;
}

function roomOf(rule: Rule, ask: RuleAsk, bag: Subject, content: Content): Room {
  const known = new Map<string, readonly unknown[]>(givenOf(ask));
  const variable = (name: string): readonly unknown[] => {
    const found = known.get(name);
    if (found) return found;
    const made = variableOf(rule.variables.get(name), room, ask, bag, content);
    known.set(name, made);
    return made;
  };
  const subject: Subject = { ...bag, patient: bag.patient, variable };
  const roomWith = (one: Subject): Room => ({
    values: (criterion) => criterion.values(one, ask.patient, ask.now),
    with: (found) => roomWith({ ...one, variable: (name) => (name === 'found' ? [found] : variable(name)) }),
  });
  const room = roomWith(subject);
  return room;
}

function givenOf({
  drafts,
  selections = [],
  appointments = [],
  encounter,
  patient,
  day,
  now,
  roles,
  place,
}: RuleAsk): [string, readonly unknown[]][] {
  const years = ageInYears(patient.birthDate, day);
  const days = patient.birthDate ? daysBetween(dayOf(patient.birthDate), day) : null;
  return [
    ['draftOrders', drafts],
    ['selections', selections],
    ['appointments', appointments],
    ['encounter', encounter ? [encounter] : []],
    ['ageYears', years === null || !Number.isFinite(years) ? [] : [years]],
    ['ageDays', days === null || !Number.isFinite(days) ? [] : [days]],
    ['day', [day]],
    ['hour', [Number(vietnamInstant(now).slice(11, 13))]],
    ['roles', roles ?? []],
    ['place', place === null ? [] : [place]],
  ];
}

function variableOf(
  variable: Variable | undefined,
  room: Room,
  ask: RuleAsk,
  bag: Subject,
  content: Content,
): readonly unknown[] {
  if (!variable) return [];
  if (variable.kind === 'expression') return room.values(variable.criterion);
  const values = (name: string): readonly unknown[] => {
    const given = variable.inputs.get(name);
    if (!given) return [];
    return 'constant' in given ? [given.constant] : room.values(given.criterion);
  };
  const calculated: CalculatorAsk = {
    patient: ask.patient,
    found: ((type: ResourceType) =>
      bag.found({ key: type, type, params: [], place: '' })) as CalculatorAsk['found'],
    drafts: ask.drafts,
    encounter: ask.encounter ?? null,
    day: ask.day,
    content,
    values,
    number: (name) => numberIn(values(name)),
    text: (name) => textIn(values(name)),
    truth: (name) => truthIn(values(name)),
  };
  return variable.calculator.give(calculated);
}

const numberIn = ([value]: readonly unknown[]) =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const textIn = ([value]: readonly unknown[]) => (typeof value === 'string' ? value : null);
const truthIn = ([value]: readonly unknown[]) => (typeof value === 'boolean' ? value : null);

/** FHIRPath "Singleton evaluation"; a query is met by whatever it finds. */
function isMet(criterion: Criterion, room: Room): boolean {
  const values = room.values(criterion);
  if (criterion.isQuery) return values.length > 0;
  const value = singleOf(values, criterion.place);
  return value !== null && value !== false;
}

interface Asked {
  ask: RuleAsk;
  room: Room;
  content: Content;
}

function cardOf(rule: Rule, action: RuleAction, { ask, room, content }: Asked, found: unknown): Card {
  const isEnglish = ask.language === 'en';
  const written = (part: DynamicPart): string | null => {
    const criterion = action.dynamic.get(part);
    const value = criterion ? room.values(criterion)[0] : undefined;
    return value === undefined ? null : String(value);
  };
  const indicator = indicatorOf(written('priority')) ?? action.indicator;
  const issue = isIssue(found) ? found : null;
  const implicated = issue ? implicatedIn(issue) : draftIn(found, ask.drafts);
  // Of two orders of which a rule says the same each has its card.
  const own =
    issue?.identifier?.[0]?.value ??
    [rule.key, ...implicated.map(({ reference, line }) => reference ?? line)].join(' ');
  const needed = written('priority') === 'routine' ? 'could' : action.behaviour;
  const approval = needed === 'must' ? approvalOf(rule.key, content, ask.day) : null;
  return {
    rule: rule.key,
    version: rule.version,
    ruleTitle: isEnglish ? rule.titleEn : rule.title,
    key: written('key') ?? own,
    kind: written('kind') ?? action.kind ?? issue?.code?.coding?.[0]?.code ?? rule.key,
    indicator,
    severity: SEVERITY[indicator],
    summary: written('title') ?? (isEnglish ? action.titleEn : action.title),
    detail: written('description') ?? (isEnglish ? action.descriptionEn : action.description),
    management: written('management') ?? '',
    source: { label: written('source') ?? action.source.label, url: action.source.url },
    needsReason: needed !== 'could',
    hardStop: approval !== null,
    approval,
    implicated,
    suggestions: offered(action, ask, room, false),
    systemActions: offered(action, ask, room, true),
    links: linksOf(action, ask),
    reasons: action.reasons,
  };
}

const isIssue = (found: unknown): found is DetectedIssue =>
  (found as { resourceType?: string } | null)?.resourceType === 'DetectedIssue';

/** A card for an order that is about to be signed is about that order. */
function draftIn(found: unknown, drafts: readonly Resource[]): Implicated[] {
  const line = drafts.indexOf(found as Resource);
  const reference = line < 0 ? null : referenceOf(found);
  return line < 0 ? [] : [{ line, reference, name: nameOf(found) ?? '', until: null }];
}

function indicatorOf(priority: string | null): Indicator | null {
  if (priority === 'stat' || priority === 'asap') return 'critical';
  if (priority === 'urgent') return 'warning';
  return priority === 'routine' ? 'info' : null;
}

function offered({ suggestions }: RuleAction, ask: RuleAsk, room: Room, bySystem: boolean): CardSuggestion[] {
  return suggestions
    .filter((one) => one.bySystem === bySystem)
    .flatMap((one) => suggestionsOf(one, ask, room));
}

/** A link that asks for a visit is not there without one. */
function linksOf({ links }: RuleAction, { patient, encounter, language }: RuleAsk): CardLink[] {
  const ids = { patient: patient.id ?? null, encounter: encounter?.id ?? null };
  return links.flatMap(({ label, labelEn, url, ...rest }) => {
    const address = addressOf({ url }, ids);
    return address === null ? [] : [{ ...rest, label: language === 'en' ? labelEn : label, url: address }];
  });
}

function suggestionsOf(rule: SuggestionRule, ask: RuleAsk, room: Room): CardSuggestion[] {
  if (rule.condition !== null && !isMet(rule.condition, room)) return [];
  const label = ask.language === 'en' ? rule.labelEn : rule.label;
  const base = { label, recommended: rule.recommended, type: rule.type };
  if (rule.resource) return [{ ...base, resource: aboutPerson(rule.resource, ask), resourceId: null }];
  return room.values(rule.target!).flatMap((target): CardSuggestion[] => {
    if (rule.type === 'delete') {
      const resourceId = referenceOf(target);
      return resourceId === null
        ? []
        : [{ ...base, label: labelWith(label, target), resource: null, resourceId }];
    }
    return isResource(target) ? [{ ...base, resource: target, resourceId: null }] : [];
  });
}

/** Where a type names its person, when it is not `subject`. */
const PERSON: Readonly<Record<string, string>> = {
  Task: 'for',
  AllergyIntolerance: 'patient',
  Coverage: 'beneficiary',
  DetectedIssue: 'patient',
  FamilyMemberHistory: 'patient',
  Immunization: 'patient',
  ImmunizationRecommendation: 'patient',
  NutritionOrder: 'patient',
  VisionPrescription: 'patient',
};

/** A contained resource becomes one of this person and visit, asked for now. */
function aboutPerson(resource: Resource, { patient, encounter, now }: RuleAsk): Resource {
  const { id: _, ...rest } = resource as Resource & { subject?: unknown };
  const { resourceType } = resource;
  const person = { [PERSON[resourceType] ?? 'subject']: { reference: `Patient/${patient.id ?? ''}` } };
  const visit = encounter?.id === undefined ? {} : { encounter: { reference: `Encounter/${encounter.id}` } };
  const dated = DATED[resourceType];
  const asked = dated === undefined ? {} : { [dated]: vietnamInstant(now) };
  return { ...rest, ...person, ...visit, ...asked } as Resource;
}

/** Where an order says when it was made. */
const DATED: Readonly<Record<string, string>> = {
  Task: 'authoredOn',
  ServiceRequest: 'authoredOn',
  MedicationRequest: 'authoredOn',
  CommunicationRequest: 'authoredOn',
  DeviceRequest: 'authoredOn',
  NutritionOrder: 'dateTime',
  VisionPrescription: 'dateWritten',
};

const isResource = (value: unknown): value is Resource =>
  typeof (value as { resourceType?: unknown } | null)?.resourceType === 'string';

/** A reference as text, a Reference, or a resource. */
function referenceOf(target: unknown): string | null {
  if (typeof target === 'string') return target;
  const { reference, resourceType, id } = (target ?? {}) as {
    reference?: string;
    resourceType?: string;
    id?: string;
  };
  if (reference !== undefined) return reference;
  return resourceType !== undefined && id !== undefined ? `${resourceType}/${id}` : null;
}

/** Which of several orders a suggestion takes away stands in its label. */
function labelWith(label: string, target: unknown): string {
  const name = nameOf(target);
  return name === null ? label : `${label}: ${name}`;
}

/** What a person calls an order, or what a reference says; null when nothing does. */
function nameOf(target: unknown): string | null {
  const { display, medicationCodeableConcept, code, codeCodeableConcept, oralDiet } = (target ?? {}) as {
    display?: string;
    medicationCodeableConcept?: CodeableConcept;
    code?: CodeableConcept;
    codeCodeableConcept?: CodeableConcept;
    oralDiet?: { type?: CodeableConcept[] };
  };
  const concept = medicationCodeableConcept ?? codeCodeableConcept ?? oralDiet?.type?.[0] ?? code;
  return display ?? concept?.text ?? concept?.coding?.[0]?.display ?? null;
}
