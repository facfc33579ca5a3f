/** Rules of a form: every expression and condition of its items, compiled, with what each one stands on. Pure. */
import type { Path } from '../../kernel/fhir/path/index.ts';
import type { Extension, QuestionnaireItemEnableWhen } from '../../kernel/fhir/types.ts';
import type { Question } from './question.ts';
import type { Nodes } from './reads.ts';

export type RuleKind =
  /** A named value. */
  | 'variable'
  /** Resources that a group is filled from, one repeat each. */
  | 'context'
  | 'enable'
  | 'initial'
  | 'calculated'
  | 'options'
  | 'candidates'
  | 'toggle'
  | 'constraint'
  | 'min'
  | 'max'
  | 'required'
  | 'readOnly'
  | 'text'
  /** Resources that help a person to answer (SDC contextExpression). */
  | 'aside';

/** FHIRPath, or a search with FHIRPath in its gaps. */
export type Compiled =
  | { language: 'path'; path: Path }
  | { language: 'query'; pieces: readonly (string | Path)[] };

/** What a rule asks of the clock: what was right when it was asked may be another the next day, or a moment later. */
export type Clock = 'none' | 'day' | 'moment';

export interface Condition {
  when: QuestionnaireItemEnableWhen;
  target: Question;
}

export interface Rule {
  kind: RuleKind;
  holder: Question;
  /** FHIRPath into the Questionnaire. */
  place: string;
  /** By which others name it. */
  name: string | null;
  /** Null when it could not be compiled: it gives nothing then. */
  compiled: Compiled | null;
  /** Of enableWhen. */
  conditions: readonly Condition[] | null;
  behavior: 'any' | 'all';
  /** Of a constraint, a toggle or an aside. */
  extension: Extension | null;
  /** Question → of which one occurrence its answers are read. */
  reads: ReadonlyMap<Question, Question>;
  /** Rules whose values it names. */
  uses: readonly Rule[];
  /** Value sets that it asks with `memberOf('…')`. */
  valueSets: readonly string[];
  /** Names that it takes from what the form was opened with, itself or by way of others. */
  launch: ReadonlySet<string>;
  /** It stands on a search, or on what was filled in at the opening: neither is to be had from the answers again. */
  isElsewhere: boolean;
  clock: Clock;
  /** Places of the response that it stands for. */
  result: Nodes | null;
  /** Order of evaluation: after everything that it stands on. */
  rank: number;
}

/** Whether a rule stands on more than the response. */
export const isOutside = ({ launch, isElsewhere }: Rule) => isElsewhere || launch.size > 0;

/** Rules whose value is one for each occurrence of a group, not one for the group as a field. */
export const isPerOccurrence = ({ kind, holder }: Rule) =>
  holder.isGroup && (kind === 'variable' || kind === 'constraint');
