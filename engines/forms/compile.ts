/** The rules of a Questionnaire, found and compiled; faults are collected with their places, and what is faulty gives nothing. Pure. */
import { Failure } from '../../kernel/failure.ts';
import {
  compilePath,
  compileTree,
  type Path,
  PathSyntaxError,
  parsePath,
} from '../../kernel/fhir/path/index.ts';
import type { Expression, Questionnaire } from '../../kernel/fhir/types.ts';
import { expressionsOn, FHIRPATH, QUERY } from './expressions.ts';
import { fault } from './fault.ts';
import type { Fault } from './form/types.ts';
import { launchNames } from './launch.ts';
import { lookedUp, lookupName } from './lookup.ts';
import { commonOf, type Question, type Questions, questionsOf } from './question.ts';
import { linksNamed, type Nodes, readsOf, setsNamed } from './reads.ts';
import { type Clock, type Compiled, type Condition, isOutside, type Rule, type RuleKind } from './rule.ts';

/** Variables that every expression has. */
const OWN: readonly (readonly [string, string | null])[] = [
  ['resource', 'QuestionnaireResponse'],
  ['rootResource', 'QuestionnaireResponse'],
  ['questionnaire', 'Questionnaire'],
  ['qitem', 'Questionnaire.item'],
];
const RESERVED = new Set([
  'resource',
  'rootResource',
  'context',
  'questionnaire',
  'qitem',
  'ucum',
  'sct',
  'loinc',
]);
/** What asks more than a form has at hand. */
const offers = (name: string) => !['resolve', 'subsumes', 'conformsTo'].includes(name);

/** Functions of FHIRPath that tell the time, and the day. */
const MOMENT = /\b(now|timeOfDay)\s*\(/;
const DAY = /\btoday\s*\(/;

/** The finest that an expression, and those that it names, ask of the clock. */
function clockOf(text: string, { clock, uses }: Rule): Clock {
  const all: Clock[] = [clock, ...uses.map((one) => one.clock)];
  if (MOMENT.test(text) || all.includes('moment')) return 'moment';
  return DAY.test(text) || all.includes('day') ? 'day' : 'none';
}

/** What the answers do not hold: it was found by a search or filled in once, when the form was opened. */
const isFilledOnce = ({ kind, isElsewhere }: Rule) => isElsewhere || kind === 'initial' || kind === 'context';

export interface Rules {
  questions: Questions;
  rules: readonly Rule[];
  /** Names that `launchContext` declares, with their types. */
  launch: ReadonlyMap<string, string | null>;
  faults: readonly Fault[];
}

/** What one question's expressions may name. */
interface Names {
  rules: ReadonlyMap<string, Draft>;
}

/** A rule before it is compiled. */
interface Draft {
  rule: Rule;
  expression: Expression | null;
  state: 'new' | 'at work' | 'done';
  type: string | null;
}

export function compileRules(questionnaire: Questionnaire): Rules {
  const compiler = new Compiler(questionsOf(questionnaire));
  return compiler.compile();
}

class Compiler {
  readonly #questions: Questions;
  readonly #faults: Fault[] = [];
  readonly #drafts: Draft[] = [];
  readonly #named = new Map<Question, Map<string, Draft>>();
  readonly #launch: ReadonlyMap<string, string | null>;

  constructor(questions: Questions) {
    this.#questions = questions;
    this.#launch = launchNames(questions.root.item, this.#faults);
  }

  compile(): Rules {
    for (const question of this.#questions.all) this.#find(question);
    for (const draft of this.#drafts) this.#finish(draft);
    return {
      questions: this.#questions,
      rules: this.#drafts.map(({ rule }) => rule),
      launch: this.#launch,
      faults: this.#faults,
    };
  }

  /** Drafts of all rules that stand on a question. */
  #find(question: Question): void {
    const { item, place } = question;
    const named = new Map<string, Draft>();
    this.#named.set(question, named);
    for (const { kind, place: here, expression, extension } of expressionsOn(question))
      this.#add(kind, question, here, expression, { extension });
    if (question.parent && (item.enableWhen?.length ?? 0) > 0) {
      const conditions = this.#conditions(question);
      const reads = new Map(conditions.map(({ target }) => [target, commonOf(question, target)]));
      this.#add('enable', question, `${place}.enableWhen`, null, {
        conditions,
        behavior: item.enableBehavior === 'all' ? 'all' : 'any',
        reads,
      });
    }
  }

  #add(
    kind: RuleKind,
    holder: Question,
    place: string,
    expression: Expression | null,
    more: Partial<Rule>,
  ): void {
    const name = expression?.name ?? null;
    const rule: Rule = {
      kind,
      holder,
      place,
      name,
      compiled: null,
      conditions: null,
      behavior: 'any',
      extension: null,
      reads: new Map(),
      uses: [],
      valueSets: [],
      launch: new Set(),
      isElsewhere: false,
      clock: 'none',
      result: null,
      rank: 0,
      ...more,
    };
    const draft: Draft = { rule, expression, state: 'new', type: null };
    this.#drafts.push(draft);
    if (expression === null && rule.conditions === null)
      this.#faults.push(fault(place, 'no-expression', 'thiếu biểu thức', 'has no expression'));
    if (kind === 'variable' && name === null)
      this.#faults.push(fault(place, 'no-name', 'biến phải có tên (name)', 'needs a name'));
    if (name !== null) this.#addName(draft, name, holder, place);
  }

  #addName(draft: Draft, name: string, holder: Question, place: string): void {
    const named = this.#named.get(holder)!;
    const isTaken = named.has(name) || (holder.parent === null && this.#launch.has(name));
    if (isTaken)
      this.#faults.push(
        fault(place, 'duplicate-name', `tên %${name} được khai báo hai lần`, `declares %${name} twice`),
      );
    if (RESERVED.has(name))
      this.#faults.push(
        fault(
          place,
          'reserved-name',
          `tên %${name} là của FHIRPath, không đặt lại được`,
          `declares %${name}, a name of FHIRPath's own`,
        ),
      );
    named.set(name, draft);
  }

  #conditions(question: Question): Condition[] {
    const { item, place } = question;
    return (item.enableWhen ?? []).flatMap((when, at) => {
      const target = this.#questions.byLink.get(when.question);
      if (target) return [{ when, target }];
      this.#faults.push(
        fault(
          `${place}.enableWhen[${at}].question`,
          'unknown-link',
          `nêu câu hỏi "${when.question}" không có trong mẫu`,
          `names the question "${when.question}", which the form does not have`,
        ),
      );
      return [];
    });
  }

  /** Compiles a rule, and first those that it names. */
  #finish(draft: Draft): void {
    if (draft.state !== 'new') return;
    draft.state = 'at work';
    const { expression, rule } = draft;
    if (expression) {
      try {
        this.#compileExpression(draft, expression);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        const [issue] = error.issues;
        this.#faults.push({ ...issue!, severity: 'error', code: 'invalid', expression: rule.place });
      }
    }
    draft.state = 'done';
  }

  #compileExpression(draft: Draft, { language, expression: text }: Expression): void {
    const { rule } = draft;
    if (text === undefined || text.trim() === '') {
      this.#faults.push(fault(rule.place, 'no-expression', 'thiếu biểu thức', 'has no expression'));
      return;
    }
    if (language === FHIRPATH) {
      const path = this.#path(text, draft);
      rule.compiled = { language: 'path', path };
      draft.type = path.type;
    } else if ((language as string) === QUERY) {
      rule.isElsewhere = true;
      rule.compiled = this.#query(text, draft);
    } else
      this.#faults.push(
        fault(
          `${rule.place}.language`,
          'language',
          `không tính được ngôn ngữ "${language}" (chỉ ${FHIRPATH} và ${QUERY})`,
          `asks for "${language}": only ${FHIRPATH} and ${QUERY} are carried out`,
        ),
      );
  }

  #query(text: string, draft: Draft): Compiled {
    const pieces = text
      .split(/\{\{(.*?)\}\}/)
      .map((piece, at) => (at % 2 === 0 ? piece : this.#path(piece.trim(), draft)));
    return { language: 'query', pieces };
  }

  #path(text: string, draft: Draft): Path {
    const { rule } = draft;
    const { holder } = rule;
    const visible = this.#visible(draft);
    const tree = treeOf(text);
    if (tree) this.#readTree(tree, text, rule, visible);
    const variables = new Map<string, string | null>(OWN);
    for (const [name, type] of this.#launch) variables.set(name, type);
    for (const [name, one] of visible.rules) {
      this.#finish(one);
      variables.set(name, one.type);
    }
    const type = holder.parent ? 'QuestionnaireResponse.item' : 'QuestionnaireResponse';
    const within = { type, constants: new Map(), variables, offers };
    if (!tree) return compilePath(text, within);
    const { tree: named, questions } = lookedUp(tree, this.#questions);
    for (const one of questions) variables.set(lookupName(one), 'QuestionnaireResponse.item');
    return compileTree(named, text, within);
  }

  #readTree(tree: ReturnType<typeof parsePath>, text: string, rule: Rule, visible: Names): void {
    const { holder } = rule;
    const isOfGroup = holder.isGroup && (rule.kind === 'variable' || rule.kind === 'constraint');
    const common = isOfGroup || !holder.parent ? holder : holder.parent;
    const variable = (name: string): Nodes | null => {
      const draft = visible.rules.get(name);
      if (!draft) return null;
      this.#finish(draft);
      return draft.rule.result;
    };
    const focus: Nodes = { questions: new Set([holder]), part: 'item', common };
    const reads = readsOf(tree, { questions: this.#questions, focus, variable });
    const all = new Map(rule.reads);
    for (const [question, of] of reads.questions) {
      const before = all.get(question);
      all.set(question, before && before.lineage.length < of.lineage.length ? before : of);
    }
    rule.reads = all;
    rule.result = reads.result;
    rule.uses = [...rule.uses, ...[...reads.names].flatMap((name) => visible.rules.get(name)?.rule ?? [])];
    const handed = [...reads.names].filter((name) => !visible.rules.has(name) && this.#launch.has(name));
    rule.launch = new Set([...rule.launch, ...handed, ...rule.uses.flatMap((one) => [...one.launch])]);
    rule.isElsewhere ||= rule.uses.some(isFilledOnce);
    rule.clock = clockOf(text, rule);
    if (text.includes('memberOf')) rule.valueSets = [...rule.valueSets, ...setsNamed(tree)];
    const isElsewhere = (name: string) => {
      const named = visible.rules.get(name)?.rule;
      return named ? named.result === null && isOutside(named) : this.#launch.has(name);
    };
    for (const link of linksNamed(tree, isElsewhere))
      if (!this.#questions.byLink.has(link))
        this.#faults.push(
          fault(
            rule.place,
            'unknown-link',
            `nêu câu hỏi "${link}" không có trong mẫu`,
            `names the question "${link}", which the form does not have`,
          ),
        );
  }

  /** Names that an expression may use: of its own question and of those above; the nearest wins. Not its own. */
  #visible(draft: Draft): Names {
    const rules = new Map<string, Draft>();
    const named = namesIn(draft.expression?.expression ?? '');
    for (const question of draft.rule.holder.lineage)
      for (const [name, one] of this.#named.get(question) ?? []) {
        // Only what is named is looked at: variables may stand in any order.
        if (one === draft || !named.has(name)) continue;
        if (one.state === 'at work') {
          this.#faults.push(
            fault(
              draft.rule.place,
              'loop',
              `biến %${name} tính vòng quanh chính nó`,
              `and %${name} name each other`,
            ),
          );
          continue;
        }
        rules.set(name, one);
      }
    return { rules };
  }
}

const NAMED = /%(?:`([^`]+)`|'([^']+)'|([A-Za-z_]\w*))/g;

/** Variables that a text mentions: `%a`, %`a-b`. */
const namesIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(NAMED)].map(([, ticked, quoted, plain]) => ticked ?? quoted ?? plain!));

/** Null for what is no FHIRPath: `compilePath` says so with its place. */
function treeOf(text: string): ReturnType<typeof parsePath> | null {
  try {
    return parsePath(text);
  } catch (error) {
    if (error instanceof PathSyntaxError) return null;
    throw error;
  }
}
