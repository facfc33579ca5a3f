/**
 * What content says of a book and of a form. A version is a file: `content/registers/<key>/<valid-from>.json`,
 * `content/reports/<key>/<valid-from>.json`. Expressions are those of `expression/parse.ts`.
 */

/** What lines are counted or listed from: a view, with what is joined to each of its rows. */
export interface Source {
  /** A table of `content/views/`. */
  view: string;
  /** Its day or instant: the row belongs to the period that holds it. Absent = every row, as at the end of the period. */
  at?: string;
  /** The unit (Organization id) that the row is of: a column, or one of what is joined. */
  unit: string;
  /** The person the row is about; the view's `person` when absent. */
  person?: string;
  joins?: Readonly<Record<string, Join>>;
  /** Which rows there are at all. */
  where?: string;
  /** What a line of the list behind a number shows beside the person. */
  list?: readonly { title: string; titleEn?: string; value: string }[];
}

/** Rows of another view, reached by equal values: `key` of that view = `by` of the source (or of an earlier join). */
export interface Join {
  view: string;
  key: string;
  by: string;
  /** Several rows may answer: they are asked by `any`, `number`, `list`, `latest` only. */
  many?: boolean;
  /** Which of them answer. */
  where?: string;
}

export interface RegisterColumn {
  key: string;
  title: string;
  titleEn: string;
  /** An expression; `number` alone is the line of the book. */
  value: string;
  /** On a screen, which is narrower than the paper: the column it stands beneath. */
  under?: string;
  /** Heading above this column and those beside it with the same. */
  group?: string;
  /** Share of the paper's width; 1 when absent. */
  width?: number;
  /** On the screen alone: the printed book has no such column. */
  screen?: boolean;
}

export interface RegisterDefinition {
  code: string;
  title: string;
  titleEn: string;
  source: string;
  /** official, secondary, compiled …: how sure the layout is (content/README.md). */
  status: string;
  validTo?: string;
  /** A book of people under management: it opens from its first line, not from this month. */
  standing?: boolean;
  /** A book of the day: it opens with one day, and the reception desk reads it, too. */
  daily?: boolean;
  lines: Source;
  /** Expressions by which lines stand in order; the row's key decides last. */
  order: readonly string[];
  columns: readonly RegisterColumn[];
}

export type Period = 'month' | 'quarter' | 'year';

export interface ReportColumn {
  code: string;
  title: string;
  titleEn?: string;
  /** A heading over these. */
  columns?: readonly ReportColumn[];
  where?: string;
  /** Of cells of the same row: `[total] - [female]`. */
  formula?: string;
  width?: number;
  /** Digits after the comma; 0 when absent. */
  decimals?: number;
}

export interface ReportRow {
  code: string;
  title: string;
  titleEn?: string;
  /** What stands in the numbering column: `I`, `1`, `1.1`. */
  number?: string;
  /** Rows that stand beneath and are set in. */
  rows?: readonly ReportRow[];
  /** A heading has no numbers. */
  heading?: boolean;
  /** Which of the report's sources is counted. Absent, and no formula: typed. */
  source?: string;
  /** rows (standard), or each person once. */
  count?: 'rows' | 'persons';
  sum?: string;
  average?: string;
  where?: string;
  /** Of cells of the same column: `[born.boys] + [born.girls]`. */
  formula?: string;
}

/** A cell that is not what its row and column say. */
export interface CellRule {
  formula?: string;
  source?: string;
  count?: 'rows' | 'persons';
  where?: string;
  typed?: boolean;
  /** Shown as ×: this cell has no number by the form. */
  none?: boolean;
  min?: number;
  max?: number;
}

export interface Check {
  code: string;
  /**
   * True when it is right; cells as `[row.column]`, of another form `[form/row.column]`, of the period before `[row.column@-1]`. `*` for a
   * row or a column makes a check of each that has the cells: `[*.female] <= [*.total]`, `[died.*] <= [cases.*]`; the text then stands after
   * the row's or the column's title.
   */
  rule: string;
  level: 'compulsory' | 'warning';
  text: string;
  textEn: string;
}

export interface ReportDefinition {
  code: string;
  title: string;
  titleEn: string;
  source: string;
  status: string;
  validTo?: string;
  period: Period;
  /** Working days after the period by which a unit hands it in. */
  dueDays: number;
  /** Kinds of units (cs loai-co-so) that fill it. */
  units: readonly string[];
  /** Heading of the column with the rows' names. */
  rowTitle: string;
  rowTitleEn?: string;
  sources: Readonly<Record<string, Source>>;
  columns: readonly ReportColumn[];
  rows: readonly ReportRow[];
  cells?: Readonly<Record<string, CellRule>>;
  checks?: readonly Check[];
  notes?: readonly string[];
}
