/** A form ready to be opened: its rules in the order of evaluation, and who must be asked again after a change. Pure. */
import type { Questionnaire } from '../../kernel/fhir/types.ts';
import { compileRules } from './compile.ts';
import type { Fault } from './form/types.ts';
import { type Question, type Questions, withDescendants } from './question.ts';
import { isPerOccurrence, type Rule, type RuleKind } from './rule.ts';

/** A rule to evaluate again, in the one occurrence of `common` in which the change lies. */
export interface Edge {
  rule: Rule;
  common: Question;
}

export interface Plan {
  questionnaire: Questionnaire;
  questions: Questions;
  /** In order of rank. */
  rules: readonly Rule[];
  /** Rules that read the answer of a question. */
  readers: ReadonlyMap<Question, readonly Edge[]>;
  /** Rules that name a rule. */
  users: ReadonlyMap<Rule, readonly Edge[]>;
  ofQuestion: ReadonlyMap<Question, readonly Rule[]>;
  launch: ReadonlyMap<string, string | null>;
  /** Names of `launch` without which answers cannot be judged. */
  judgesWith: ReadonlySet<string>;
  /** Faults of expressions and loops. */
  faults: readonly Fault[];
  /** Rules that stand on themselves. */
  loops: readonly (readonly Rule[])[];
}

const known = new WeakMap<Questionnaire, Plan>();

/** The same plan for the same object: opening a form twice compiles once. */
export function planForm(questionnaire: Questionnaire): Plan {
  let plan = known.get(questionnaire);
  if (!plan) {
    plan = makePlan(questionnaire);
    known.set(questionnaire, plan);
  }
  return plan;
}

function makePlan(questionnaire: Questionnaire): Plan {
  const { questions, rules, launch, faults } = compileRules(questionnaire);
  const readers = new Map<Question, Edge[]>();
  const users = new Map<Rule, Edge[]>();
  for (const rule of rules) {
    for (const [question, common] of rule.reads) append(readers, question, { rule, common });
    for (const used of rule.uses)
      append(users, used, {
        rule,
        common: isPerOccurrence(used) ? used.holder : (used.holder.parent ?? used.holder),
      });
  }
  const after = (rule: Rule): Rule[] => [
    ...(users.get(rule) ?? []).map((edge) => edge.rule),
    ...changedBy(rule).flatMap((question) => (readers.get(question) ?? []).map((edge) => edge.rule)),
  ];
  const groups = strongGroups(rules, after);
  for (const [rank, group] of groups.entries()) for (const rule of group) rule.rank = rank;
  const loops = groups.filter((group) => group.length > 1 || after(group[0]!).includes(group[0]!));
  return {
    questionnaire,
    questions,
    rules: [...rules].sort((a, b) => a.rank - b.rank),
    readers,
    users,
    ofQuestion: grouped(rules),
    launch,
    judgesWith: new Set(rules.filter(isJudging).flatMap((one) => [...one.launch])),
    faults,
    loops,
  };
}

const JUDGING: ReadonlySet<RuleKind> = new Set([
  'enable',
  'options',
  'toggle',
  'constraint',
  'min',
  'max',
  'required',
]);

/** Rules by which answers are right or wrong, and that can be asked once the form is filled. */
const isJudging = ({ kind, holder, isElsewhere }: Rule) =>
  !isElsewhere && (JUDGING.has(kind) || (kind === 'calculated' && holder.item.readOnly === true));

const SETTING: ReadonlySet<RuleKind> = new Set(['initial', 'calculated', 'context']);

/** Questions whose answers, or whose being there, a rule changes. */
export function changedBy({ kind, holder }: Rule): readonly Question[] {
  if (kind === 'enable') return withDescendants(holder);
  return SETTING.has(kind) ? (kind === 'context' ? withDescendants(holder) : [holder]) : [];
}

function grouped(rules: readonly Rule[]): Map<Question, Rule[]> {
  const found = new Map<Question, Rule[]>();
  for (const rule of rules) append(found, rule.holder, rule);
  return found;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Tarjan's strongly connected components, those that others stand on first. */
function strongGroups(rules: readonly Rule[], after: (rule: Rule) => readonly Rule[]): Rule[][] {
  const groups: Rule[][] = [];
  const numbers = new Map<Rule, number>();
  const lows = new Map<Rule, number>();
  const stack: Rule[] = [];
  const open = new Set<Rule>();
  const visit = (start: Rule): void => {
    const work: { rule: Rule; next: readonly Rule[]; at: number }[] = [];
    const enter = (rule: Rule) => {
      numbers.set(rule, numbers.size);
      lows.set(rule, numbers.get(rule)!);
      stack.push(rule);
      open.add(rule);
      work.push({ rule, next: after(rule), at: 0 });
    };
    enter(start);
    while (work.length > 0) {
      const frame = work.at(-1)!;
      const next = frame.next[frame.at++];
      if (next) {
        if (!numbers.has(next)) enter(next);
        else if (open.has(next)) lows.set(frame.rule, Math.min(lows.get(frame.rule)!, numbers.get(next)!));
        continue;
      }
      work.pop();
      const above = work.at(-1);
      if (above) lows.set(above.rule, Math.min(lows.get(above.rule)!, lows.get(frame.rule)!));
      if (lows.get(frame.rule) === numbers.get(frame.rule)) groups.push(taken(stack, frame.rule, open));
    }
  };
  for (const rule of rules) if (!numbers.has(rule)) visit(rule);
  return groups.reverse();
}

function taken(stack: Rule[], until: Rule, open: Set<Rule>): Rule[] {
  const group: Rule[] = [];
  for (;;) {
    const rule = stack.pop()!;
    open.delete(rule);
    group.push(rule);
    if (rule === until) return group;
  }
}
