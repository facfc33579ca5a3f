/** What every paper of the content is given beside its own fields, as `paper`. */
export interface PaperFrame {
  title: string;
  /** '' for papers without numbers. */
  number: string;
  /** For Typst's `datetime(…)`. */
  day: { year: number; month: number; day: number };
  placeAndDay: string;
  /** The person is a generated one. */
  demo: boolean;
  unit: UnitOnPaper;
  /** Who issues it. */
  author: { name: string };
}

export interface UnitOnPaper {
  authority: string;
  name: string;
  code: string;
  address: string;
  phone: string;
}
