/** What a `$evaluate-measure` asks for, from a query or a Parameters resource. Pure. R4 operation-measure-evaluate-measure.html. */
import { Failure } from '../../../kernel/failure.ts';
import { intervalOf } from '../../../kernel/fhir/dates.ts';
import { unknownOrWrong } from '../../../kernel/fhir/http/context.ts';
import { firstDayOf, lastDayOf } from '../../../kernel/text/vietnam-time.ts';
import { type Period, periodOf } from '../period.ts';
import { EVALUATE_MEASURE } from './definition.ts';

export type ReportType = 'individual' | 'subject-list' | 'summary';

export interface MeasureAsk {
  period: Period;
  type: ReportType;
  /** As it was given; undefined when the address names the measure. */
  measure?: string;
  subject?: { type: 'Patient' | 'Group'; id: string };
  /** Id of a Practitioner. */
  practitioner?: string;
  /** Epoch milliseconds. */
  lastReceivedOn?: number;
}

/** R4's names, those of the report that is made, and those of STU3. */
const REPORT_TYPES: Record<string, ReportType> = {
  subject: 'individual',
  individual: 'individual',
  patient: 'individual',
  'subject-list': 'subject-list',
  'patient-list': 'subject-list',
  population: 'summary',
  summary: 'summary',
};

/**
 * @param onInstance the address names the measure
 * @throws Failure `unknown-parameter` or `invalid-parameter`, naming the parameter
 */
export function readMeasureAsk(given: readonly [string, string][], onInstance: boolean): MeasureAsk {
  const known = EVALUATE_MEASURE.parameters.filter(({ use }) => use === 'in').map(({ name }) => name);
  const values = new Map<string, string>();
  for (const [name, value] of given) {
    if (!known.includes(name)) throw unknownOrWrong(name, value, []);
    if (values.has(name)) throw twice(name);
    values.set(name, value.trim());
  }
  const measure = values.get('measure');
  if (measure === undefined && !onInstance) throw missing('measure');
  if (measure !== undefined && onInstance) throw named();
  const subject = subjectOf(values.get('subject'));
  const type = typeOf(values.get('reportType'), subject);
  const practitioner = values.get('practitioner');
  return {
    period: readPeriod(values),
    type,
    ...(measure === undefined ? {} : { measure }),
    ...(subject === undefined ? {} : { subject }),
    ...(practitioner === undefined
      ? {}
      : { practitioner: idIn('practitioner', practitioner, ['Practitioner'])[1] }),
    ...receivedOn(values.get('lastReceivedOn'), type),
  };
}

/** The pairs of a Parameters resource; a Reference counts by what it refers to. @throws Failure `invalid-request` */
export function measurePairs(body: unknown): [string, string][] {
  const { resourceType, parameter = [] } = (body ?? {}) as { resourceType?: unknown; parameter?: unknown };
  if (resourceType !== 'Parameters' || !Array.isArray(parameter)) throw noParameters('Parameters');
  return parameter.map((one: unknown, at): [string, string] => {
    const { name, ...rest } = (one ?? {}) as Record<string, unknown>;
    const [value, more] = Object.entries(rest).filter(([key]) => /^value[A-Z]/.test(key));
    const given = value?.[1];
    const text =
      typeof given === 'object' && given !== null ? (given as { reference?: unknown }).reference : given;
    if (typeof name !== 'string' || more !== undefined || typeof text !== 'string')
      throw noParameters(`Parameters.parameter[${at}]`);
    return [name, text];
  });
}

function readPeriod(values: ReadonlyMap<string, string>): Period {
  const [start, end] = ['periodStart', 'periodEnd'].map((name) => {
    const value = values.get(name)?.replace(' ', '+');
    if (value === undefined || value === '') throw missing(name);
    const interval = intervalOf(value);
    if (!interval) throw unknownOrWrong(name, value, [name]);
    return { value, interval };
  }) as [Told, Told];
  if (start.interval.low >= end.interval.high) {
    throw new Failure('invalid-parameter', `periodEnd "${end.value}" trước periodStart "${start.value}".`, {
      textEn: `periodEnd "${end.value}" is before periodStart "${start.value}".`,
      expression: 'periodEnd',
    });
  }
  const told = {
    start: start.value.includes('T') ? start.value : firstDayOf(start.value),
    end: end.value.includes('T') ? end.value : lastDayOf(end.value),
  };
  return periodOf(told, start.interval.low, end.interval.high);
}

interface Told {
  value: string;
  interval: { low: number; high: number };
}

function subjectOf(text: string | undefined): MeasureAsk['subject'] {
  if (text === undefined) return undefined;
  const [type, id] = idIn('subject', text, ['Patient', 'Group']);
  return { type: type as 'Patient' | 'Group', id };
}

function typeOf(text: string | undefined, subject: MeasureAsk['subject']): ReportType {
  if (text === undefined) return subject?.type === 'Patient' ? 'individual' : 'summary';
  const type = Object.hasOwn(REPORT_TYPES, text) ? REPORT_TYPES[text]! : null;
  if (type === null) throw unknownOrWrong('reportType', text, ['reportType']);
  if (type !== 'individual' || subject?.type === 'Patient') return type;
  throw new Failure(
    'invalid-parameter',
    `reportType=${text} cần subject=Patient/…, vì đó là báo cáo của một người.`,
    {
      textEn: `reportType=${text} is a report of one person: it needs subject=Patient/….`,
      expression: 'subject',
    },
  );
}

function receivedOn(text: string | undefined, type: ReportType): Pick<MeasureAsk, 'lastReceivedOn'> {
  if (text === undefined) return {};
  const interval = intervalOf(text.replace(' ', '+'));
  if (!interval) throw unknownOrWrong('lastReceivedOn', text, ['lastReceivedOn']);
  if (type === 'individual') return { lastReceivedOn: interval.low };
  throw new Failure(
    'invalid-parameter',
    'lastReceivedOn chỉ đi cùng báo cáo của một người (reportType=subject).',
    {
      textEn: 'lastReceivedOn is only valid for the report of one person (reportType=subject).',
      expression: 'lastReceivedOn',
    },
  );
}

/** `Patient/x`, also under an absolute address; an id alone is of the first type. */
function idIn(name: string, text: string, types: readonly string[]): [type: string, id: string] {
  const [, type = types[0]!, id] =
    /^(?:(?:\S+\/)?([A-Z][A-Za-z]+)\/)?([A-Za-z0-9\-.]{1,64})$/.exec(text) ?? [];
  if (id !== undefined && types.includes(type)) return [type, id];
  throw new Failure(
    'invalid-parameter',
    `Tham số ${name} không nhận "${text}": cần ${types.join('/… hoặc ')}/….`,
    {
      textEn: `Parameter ${name} does not take "${text}": ${types.join('/… or ')}/… is expected.`,
      expression: name,
    },
  );
}

function missing(name: string): Failure {
  return new Failure('invalid-parameter', `Thiếu tham số ${name}.`, {
    textEn: `Parameter ${name} is missing.`,
    expression: name,
  });
}

function twice(name: string): Failure {
  return new Failure('invalid-parameter', `Tham số ${name} chỉ được cho một lần.`, {
    textEn: `Parameter ${name} may be given once.`,
    expression: name,
  });
}

function named(): Failure {
  return new Failure('invalid-parameter', 'Địa chỉ đã nêu chỉ số: bỏ tham số measure.', {
    textEn: 'The address names the measure: leave out measure.',
    expression: 'measure',
  });
}

function noParameters(expression: string): Failure {
  return new Failure(
    'invalid-request',
    'Cần một tài nguyên Parameters, mỗi tham số có name và một value[x].',
    {
      textEn: 'A Parameters resource is expected, each parameter with a name and one value[x].',
      expression,
    },
  );
}
