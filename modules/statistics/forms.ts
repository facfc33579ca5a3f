/** The report forms of the content, ready to be filled: `content/reports/<key>/<valid-from>.json`. */
import {
  checkReport,
  type Fault,
  type Period,
  type Plan,
  planReport,
  type ReportDefinition,
  viewsOf,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { type Dated, datedFiles, datedOn } from '../../kernel/content/dated.ts';
import { Failure } from '../../kernel/failure.ts';
import { daysOfPeriod, kindOfPeriod } from './period.ts';

export interface Form {
  key: string;
  /** First day of its validity: the version. */
  version: string;
  plan: Plan;
}

const looked = new WeakMap<ReportDefinition, Looked>();

/**
 * The form that is the law on the last day of a period.
 * @throws Failure `not-found` for no form, `invalid-parameter` for a period that is not of its kind, `business-rule` for a faulty one
 */
export function formOf(content: Content, key: string, period: string): Form {
  const kind = kindOfPeriod(period);
  if (kind === null)
    throw new Failure('invalid-parameter', `Kỳ “${period}” không có. Ghi như 2026-10, 2026-Q4 hoặc 2026.`, {
      textEn: `"${period}" is no period; write it like 2026-10, 2026-Q4 or 2026`,
      expression: 'period',
    });
  const version = datedOn<ReportDefinition>(content, 'reports', key, daysOfPeriod(period).end);
  if (version === null)
    throw new Failure('not-found', `Không có biểu “${key}” có hiệu lực cho kỳ ${period}.`, {
      textEn: `no form "${key}" is in force in ${period}`,
    });
  if (version.value.period !== kind)
    throw new Failure(
      'invalid-parameter',
      `Biểu ${version.value.code} lập theo ${PERIOD_WORDS[version.value.period]}.`,
      {
        textEn: `form ${version.value.code} is made by ${version.value.period}`,
        expression: 'period',
      },
    );
  return readyForm(content, version);
}

/** The form of a period; null when none is in force. */
export function formIn(content: Content, key: string, period: string): Form | null {
  try {
    return formOf(content, key, period);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

const PERIOD_WORDS: Record<Period, string> = { month: 'tháng', quarter: 'quý', year: 'năm' };

/** The forms in force on a day, in the order of their codes. Faulty ones are named by `yba content check` and left out. */
export function formsOn(content: Content, day: string): Form[] {
  const inForce = ({ from, to }: Dated<ReportDefinition>) => from <= day && (to === null || day <= to);
  return soundForms(content, inForce).sort((a, b) =>
    a.plan.definition.code.localeCompare(b.plan.definition.code, 'vi', { numeric: true }),
  );
}

/** Every version of every form that is sound. */
export function everyForm(content: Content): Form[] {
  return soundForms(content, () => true);
}

function soundForms(content: Content, wanted: (version: Dated<ReportDefinition>) => boolean): Form[] {
  return datedFiles<ReportDefinition>(content, 'reports')
    .filter(wanted)
    .flatMap(({ key, from, value }) => {
      const { plan } = lookedAt(content, value);
      return plan === null ? [] : [{ key, version: from, plan }];
    });
}

function readyForm(content: Content, { key, from, value, file }: Dated<ReportDefinition>): Form {
  const { plan, faults } = lookedAt(content, value);
  if (plan === null)
    throw new Failure('business-rule', `Mẫu báo cáo ${file} có lỗi. Hãy báo quản trị nội dung.`, {
      textEn: `The form ${file} is wrong: tell the administrator of the content.`,
      issues: faults.map((fault) => ({ severity: 'error', code: 'invalid', ...fault })),
    });
  return { key, version: from, plan };
}

interface Looked {
  /** Null when it is wrong. */
  plan: Plan | null;
  faults: Fault[];
}

/** A definition is looked at once: it does not change while the program runs. */
function lookedAt(content: Content, value: ReportDefinition): Looked {
  const known = looked.get(value);
  if (known) return known;
  const views = viewsOf(content);
  const faults = checkReport(value, views);
  const made = { plan: faults.length > 0 ? null : planReport(value, views).plan, faults };
  looked.set(value, made);
  return made;
}
