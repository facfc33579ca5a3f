/** Rules of the privacy analytics out of content `access/privacy-rules`. Pure. */

export const RULES = [
  'own-record',
  'same-household',
  'vip',
  'colleague',
  'mass-reading',
  'out-of-hours',
  'refused-then-opened',
  'after-leave',
  'new-place',
] as const;
export type RuleName = (typeof RULES)[number];

export interface Rule {
  name: RuleName;
  severity: string;
  /** Persons, or days of use; 0 where the rule counts nothing. */
  count: number;
  ratio: number;
  days: number;
  minutes: number;
  /** Minutes of the day; the stretch goes over midnight when `to` is smaller. */
  from: number;
  to: number;
  words: string;
  wordsEn: string;
}

export type Rules = ReadonlyMap<RuleName, Rule>;

/** A rule without a row is off. Throws on a row of a rule that there is not. */
export function readRules(rows: readonly Readonly<Record<string, string | undefined>>[]): Rules {
  return new Map(
    rows.map((row): [RuleName, Rule] => {
      const name = RULES.find((one) => one === row.rule);
      if (!name) throw new Error(`access/privacy-rules: there is no rule "${row.rule}".`);
      const number = (column: string) => Number(row[column] || 0);
      return [
        name,
        {
          name,
          severity: row.severity ?? '',
          count: number('count'),
          ratio: number('ratio'),
          days: number('days'),
          minutes: number('minutes'),
          from: minuteOf(row.from ?? ''),
          to: minuteOf(row.to ?? ''),
          words: row.words ?? '',
          wordsEn: row.words_en ?? '',
        },
      ];
    }),
  );
}

function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Whether a minute of the day lies in the rule's stretch. */
export function isWithin({ from, to }: Pick<Rule, 'from' | 'to'>, minute: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}
