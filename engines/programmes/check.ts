/** Refuses a programme that cannot be carried out, before it is published: each fault with its place. */

import { Failure, type Issue } from '../../kernel/failure.ts';
import { compileCriterion } from '../../kernel/fhir/person/index.ts';
import type { PlanDefinition, PlanDefinitionAction } from '../../kernel/fhir/types.ts';
import { plus } from './days.ts';
import { extsOf, programmeExt } from './extensions.ts';
import {
  type Act,
  type DoseRule,
  type Product,
  type Programme,
  type Question,
  questionsOf,
  type Window,
} from './model.ts';
import { type Fault, type Report, readProgramme } from './read.ts';
import { firstDayOfVersion, PROGRAMME_URL } from './versions.ts';

/** @param products what the catalogue knows, by `system|code`. @returns nothing when it can be carried out */
export function checkProgramme(definition: PlanDefinition, products: ReadonlyMap<string, Product>): Fault[] {
  const { programme, faults } = readProgramme(definition);
  const report: Report = (place, text, textEn) => {
    faults.push({ place, text, textEn });
  };
  checkKeys(programme, report);
  checkAnchors(programme, report);
  checkWindows(programme, report);
  checkProducts(programme, products, report);
  for (const question of questionsOf(programme)) checkQuestion(question, report);
  return faults;
}

const ACTIONS = 'PlanDefinition.action';
const at = (key: string) => `${ACTIONS}.descendants().where(id = '${key}')`;

const dosesOf = ({ series }: Programme): DoseRule[] =>
  series.flatMap(({ paths }) => paths.flatMap(({ doses }) => doses));

function checkKeys(programme: Programme, report: Report): void {
  const { series, acts, advice, stages } = programme;
  const keys = [...series, ...acts, ...advice, ...stages, ...dosesOf(programme)].map(({ key }) => key);
  for (const key of new Set(keys.filter((one, index) => one !== '' && keys.indexOf(one) !== index)))
    report(at(key), `mã "${key}" dùng cho nhiều việc`, `the id "${key}" is used more than once`);
}

const GIVEN = ['birth', 'enrolment'];

/** What is counted from must be there, and nothing may be counted from itself by way of others. */
function checkAnchors({ anchors, acts, series }: Programme, report: Report): void {
  const byKey = new Map(acts.map((act) => [act.key, act]));
  const known = new Set([...GIVEN, ...anchors.map(({ key }) => key), ...byKey.keys()]);
  for (const act of acts)
    for (const key of needsOf(act))
      if (!known.has(key))
        report(at(act.key), `không có mốc hay việc "${key}"`, `there is no anchor or action "${key}"`);
  for (const { paths } of series)
    for (const { doses } of paths)
      doses.forEach((dose, index) => {
        for (const { anchor } of dose.windows) {
          if (anchor === 'previous' && index === 0)
            report(
              at(dose.key),
              'mũi đầu không có mũi trước để tính',
              'the first dose has none before it to count from',
            );
          else if (anchor !== 'previous' && (!known.has(anchor) || byKey.has(anchor)))
            report(at(dose.key), `không có mốc "${anchor}"`, `there is no anchor "${anchor}"`);
        }
      });
  const waits = new Map(acts.map((act) => [act.key, needsOf(act)]));
  for (const act of acts) {
    const loop = wayBack(act.key, waits);
    if (loop)
      report(at(act.key), `vòng lặp: ${loop.join(' → ')}`, `is counted from itself: ${loop.join(' → ')}`);
  }
}

const needsOf = ({ windows, after }: Act) => [
  ...windows.map(({ anchor }) => anchor),
  ...after.map(({ key }) => key),
];

function checkWindows(programme: Programme, report: Report): void {
  for (const { key, windows } of [...programme.acts, ...dosesOf(programme)])
    for (const window of windows) {
      const wrong = contradiction(window);
      if (wrong) report(at(key), wrong.text, wrong.textEn);
    }
  for (const { key, recurs } of programme.acts)
    if (recurs && recurs.value <= 0)
      report(at(key), 'việc lặp lại phải cách nhau ít nhất một ngày', 'what recurs is at least a day apart');
  const { ageFrom, ageTo } = programme.enrolment;
  if (ageFrom && ageTo && plus(0, ageFrom) >= plus(0, ageTo))
    report(
      'PlanDefinition',
      'tuổi bắt đầu không nhỏ hơn tuổi kết thúc',
      'the age from is not below the age to',
    );
}

function contradiction({ earliest, due, overdue, latest }: Window): { text: string; textEn: string } | null {
  const day = (span: Window['due']) => (span ? plus(0, span) : null);
  const [first, middle, last] = [day(earliest), day(due), day(latest)];
  if (first !== null && middle !== null && first > middle)
    return { text: 'ngày sớm nhất sau ngày đến hạn', textEn: 'the earliest day is after the due day' };
  if (middle !== null && last !== null && middle > last)
    return { text: 'ngày đến hạn sau ngày muộn nhất', textEn: 'the due day is after the latest day' };
  if (first !== null && last !== null && first > last)
    return { text: 'ngày sớm nhất sau ngày muộn nhất', textEn: 'the earliest day is after the latest day' };
  if (overdue && overdue.value < 0) return { text: 'thời gian ân hạn âm', textEn: 'overdue is before due' };
  return null;
}

function checkProducts({ series }: Programme, products: ReadonlyMap<string, Product>, report: Report): void {
  for (const { component, paths } of series)
    for (const dose of paths.flatMap(({ doses }) => doses))
      for (const code of dose.products) {
        const product = products.get(code);
        if (!product)
          report(
            at(dose.key),
            `không có sản phẩm "${code}" trong danh mục`,
            `the catalogue has no product "${code}"`,
          );
        else if (!product.components.includes(component))
          report(
            at(dose.key),
            `sản phẩm "${product.name}" không có thành phần "${component}"`,
            `the product "${code}" does not hold "${component}"`,
          );
      }
}

function checkQuestion({ place, language, expression }: Question, report: Report): void {
  if (expression.trim() === '') return;
  try {
    compileCriterion({ language: language as 'text/fhirpath', expression }, place, { constants: new Map() });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const [issue] = error.issues;
    report(issue?.expression ?? place, issue?.text ?? error.message, issue?.textEn ?? error.message);
  }
}

/** What stands in the way of storing a PlanDefinition: a programme is checked whole, any other for actions that wait for themselves. */
export function programmeIssues(definition: PlanDefinition, products: ReadonlyMap<string, Product>): Issue[] {
  const faults = isProgramme(definition)
    ? [...checkProgramme(definition, products), ...checkDays(definition)]
    : checkRelations(definition);
  return faults.map(({ place, text, textEn }) => ({
    severity: 'error',
    code: 'business-rule',
    text: `${place}: ${text}.`,
    textEn: `${place}: ${textEn}.`,
    expression: place,
  }));
}

/** Under an address of this house it is carried out from its first day on: it must say which that is. */
function checkDays(definition: PlanDefinition): Fault[] {
  const isOurs = definition.url?.startsWith(PROGRAMME_URL) === true && definition.status !== 'draft';
  if (!isOurs || firstDayOfVersion(definition) !== '') return [];
  return [
    {
      place: 'PlanDefinition.effectivePeriod.start',
      text: 'chương trình cần ngày bắt đầu có hiệu lực (hoặc phiên bản là ngày đó)',
      textEn: 'the programme needs its first day, here or as its version',
    },
  ];
}

/** Whether a PlanDefinition says who is enrolled; others (rules, order sets) are carried out elsewhere or not at all. */
export function isProgramme(definition: PlanDefinition): boolean {
  return extsOf(definition, programmeExt.enrolment, 'PlanDefinition').length > 0;
}

/** R4 relatedAction: `after` another that is after this one can never begin. */
function checkRelations(definition: PlanDefinition): Fault[] {
  const waits = new Map<string, string[]>();
  const add = (actions: readonly PlanDefinitionAction[]) => {
    for (const { id, relatedAction = [], action = [] } of actions) {
      if (id)
        waits.set(
          id,
          relatedAction.flatMap(({ relationship, actionId }) =>
            relationship?.startsWith('after') && actionId ? [actionId] : [],
          ),
        );
      add(action);
    }
  };
  add(definition.action ?? []);
  return [...waits.keys()].flatMap((start) => {
    const loop = wayBack(start, waits);
    if (!loop) return [];
    const way = loop.join(' → ');
    return [{ place: at(start), text: `vòng lặp: ${way}`, textEn: `waits for itself: ${way}` }];
  });
}

function wayBack(start: string, waits: ReadonlyMap<string, readonly string[]>): string[] | null {
  const seen = new Set<string>();
  const search = (from: string, way: string[]): string[] | null => {
    for (const key of waits.get(from) ?? []) {
      if (key === start) return [...way, key];
      if (seen.has(key)) continue;
      seen.add(key);
      const found = search(key, [...way, key]);
      if (found) return found;
    }
    return null;
  };
  return search(start, [start]);
}
