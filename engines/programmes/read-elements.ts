/** Elements of a PlanDefinition that every kind of action is made of: windows, distances, conditions, spans. */
import type { PlanDefinitionAction } from '../../kernel/fhir/types.ts';
import type { Span } from './days.ts';
import { type Ext, extsOf, programmeExt } from './extensions.ts';
import type { After, Priority, Question, Window } from './model.ts';

/** What is wrong with a definition, and where. */
export interface Fault {
  /** FHIRPath in the definition. */
  place: string;
  text: string;
  textEn: string;
}

export type Report = (place: string, text: string, textEn: string) => void;

/** `definitionCanonical` that names a Questionnaire: the key at its end. */
export function formOf({ definitionCanonical = '' }: PlanDefinitionAction): string | null {
  return /\/Questionnaire\/([^/|]+)(?:\|.*)?$/.exec(definitionCanonical)?.[1] ?? null;
}

export function told(action: PlanDefinitionAction) {
  return {
    key: action.id ?? '',
    title: action.title ?? '',
    description: action.description ?? '',
    priority: (action.priority ?? 'routine') as Priority,
    reason: action.reason?.[0]?.text ?? action.textEquivalent ?? '',
  };
}

export function readWindows(action: PlanDefinitionAction, place: string, report: Report): Window[] {
  return extsOf(action, programmeExt.window, place).map(({ ext, place: at }) => {
    const parts = partsOf(ext, at);
    const anchor = parts('moc')[0]?.ext.valueCode ?? '';
    if (anchor === '') report(at, 'khung thời gian thiếu mốc', 'the window has no anchor');
    const span = (name: string) => {
      const [one] = parts(name);
      return one ? spanOf(one.ext, one.place, report) : null;
    };
    return {
      anchor,
      earliest: span('som-nhat'),
      due: span('den-han'),
      overdue: span('qua-han'),
      latest: span('muon-nhat'),
    };
  });
}

/** R4 `relatedAction`: after (the end of) another, by so much. */
export function readAfter(action: PlanDefinitionAction, place: string, report: Report): After[] {
  return (action.relatedAction ?? []).flatMap(({ actionId, relationship, offsetDuration }, at) => {
    const where = `${place}.relatedAction[${at}]`;
    if (relationship !== 'after' && relationship !== 'after-end' && relationship !== 'after-start') {
      report(
        `${where}.relationship`,
        `không thực hiện được quan hệ "${relationship}"`,
        `"${relationship}" is not carried out: after, after-start, after-end`,
      );
      return [];
    }
    const span = offsetDuration
      ? spanOf({ valueDuration: offsetDuration }, `${where}.offsetDuration`, report)
      : ({ value: 0, unit: 'd' } as const);
    return span && actionId ? [{ key: actionId, span }] : [];
  });
}

export function readRecurrence(
  { timingTiming }: PlanDefinitionAction,
  place: string,
  report: Report,
): Span | null {
  if (!timingTiming) return null;
  const { period, periodUnit } = timingTiming.repeat ?? {};
  return spanOf(
    { valueDuration: { value: period, code: periodUnit } },
    `${place}.timingTiming.repeat`,
    report,
  );
}

export function conditionsOf(action: PlanDefinitionAction, place: string, report: Report): Question[] {
  return (action.condition ?? []).flatMap(({ kind, expression }, at) => {
    const where = `${place}.condition[${at}]`;
    if (kind !== 'applicability') {
      report(
        `${where}.kind`,
        `không thực hiện được điều kiện "${kind}"`,
        `"${kind}" is not carried out: applicability`,
      );
      return [];
    }
    return [questionOf({ valueExpression: expression }, where, report, 'expression')];
  });
}

export function questionOf(
  { valueExpression }: Ext,
  place: string,
  report: Report,
  element = 'valueExpression',
): Question {
  const { language = '', expression = '', description = '' } = valueExpression ?? {};
  if (expression.trim() === '') report(`${place}.${element}`, 'thiếu biểu thức', 'the expression is missing');
  return { place: `${place}.${element}`, language, expression, says: description };
}

export function partsOf(ext: Ext, place: string) {
  return (name: string) => extsOf(ext, name, place);
}

/** Whole days, weeks, months or years (UCUM d, wk, mo, a). */
export function spanOf({ valueDuration }: Ext, place: string, report: Report): Span | null {
  const { value, code = '' } = valueDuration ?? {};
  const isUnit = code === 'd' || code === 'wk' || code === 'mo' || code === 'a';
  if (isUnit && Number.isInteger(value) && Math.abs(value!) < 100_000) return { value: value!, unit: code };
  report(
    place,
    'khoảng thời gian phải là số nguyên ngày (d), tuần (wk), tháng (mo) hoặc năm (a)',
    'a span of time is a whole number of d, wk, mo or a (UCUM)',
  );
  return null;
}
