/**
 * The forecast as R4 resources: ImmunizationRecommendation and, of each dose, ImmunizationEvaluation. Codes of dates are LOINC's
 * (30980-7 due, 30981-5 earliest, 59777-3 latest, 59778-1 overdue). Pure.
 */
import type {
  CodeableConcept,
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  ImmunizationRecommendationRecommendation,
  Patient,
  Reference,
} from '../../kernel/fhir/types.ts';
import type { Fault, Judged } from './assess.ts';
import type { Course } from './course.ts';
import { type Day, dayText } from './days.ts';
import type { NextDose, SeriesCourse, SeriesStatus } from './forecast.ts';
import type { Product } from './model.ts';
import { programmeCs } from './systems.ts';

const LOINC = 'http://loinc.org';
const STATUS = 'http://terminology.hl7.org/CodeSystem/immunization-recommendation-status';
const OWN_STATUS = 'http://yba.vn/fhir/cs/trang-thai-du-bao';
const EVALUATION = 'http://terminology.hl7.org/CodeSystem/immunization-evaluation-dose-status';
const EVALUATION_REASON = 'http://yba.vn/fhir/cs/ly-do-mui-khong-hop-le';

/** What HL7's list of statuses has; the others stand in ours alone. */
const HL7_STATUS: Partial<Record<SeriesStatus, string>> = {
  due: 'due',
  overdue: 'overdue',
  immune: 'immune',
  contraindicated: 'contraindicated',
  complete: 'complete',
};

const STATUS_WORDS: Record<SeriesStatus, string> = {
  complete: 'Đã đủ',
  immune: 'Đã có miễn dịch',
  contraindicated: 'Chống chỉ định',
  deferred: 'Tạm hoãn',
  due: 'Đến hạn',
  overdue: 'Quá hạn',
  'not-yet-due': 'Chưa đến hạn',
  'aged-out': 'Quá tuổi',
  'not-applicable': 'Không thuộc diện',
};

const FAULT_WORDS: Record<Fault, string> = {
  'too-early': 'Tiêm sớm hơn tuổi tối thiểu',
  interval: 'Chưa đủ khoảng cách với mũi trước',
  'too-late': 'Quá tuổi tối đa',
  'expired-lot': 'Lô đã hết hạn',
  'wrong-product': 'Không đúng vắc xin của mũi này',
  'not-in-product': 'Vắc xin không chứa kháng nguyên này',
  'product-age': 'Vắc xin không dùng cho tuổi này',
  spacing: 'Quá gần một vắc xin sống khác',
};

export interface Named {
  /** As the resources name the person. */
  patient: Reference<Patient>;
  /** `url|version` of the programme. */
  canonical: string;
}

/** @param authority how the recommendation names the schedule */
export function recommendationOf(
  course: Course,
  products: ReadonlyMap<string, Product>,
  { patient, canonical }: Named,
): ImmunizationRecommendation {
  const recommendations = course.series.flatMap((series) => recommendationsOf(series, products, canonical));
  return {
    resourceType: 'ImmunizationRecommendation',
    patient,
    date: dayText(course.day),
    recommendation:
      recommendations.length > 0
        ? recommendations
        : [
            {
              forecastStatus: statusConcept('not-applicable'),
              targetDisease: { text: 'Không có chuỗi nào' },
            },
          ],
  };
}

function recommendationsOf(
  series: SeriesCourse,
  products: ReadonlyMap<string, Product>,
  canonical: string,
): ImmunizationRecommendationRecommendation[] {
  const shared = {
    targetDisease: componentConcept(series),
    series: series.title,
    description: canonical,
    ...(series.total > 0 ? { seriesDosesPositiveInt: series.total } : {}),
    ...(series.judged.length > 0
      ? {
          supportingImmunization: series.judged
            .filter(({ verdict, dose }) => verdict === 'valid' && dose.id !== '')
            .map(({ dose }) => ({ reference: `Immunization/${dose.id}` })),
        }
      : {}),
  };
  if (shared.supportingImmunization?.length === 0) delete shared.supportingImmunization;
  const reason = series.reason === '' ? {} : { forecastReason: [{ text: series.reason }] };
  if (series.next.length === 0)
    return [{ ...shared, forecastStatus: statusConcept(series.status), ...reason }];
  return series.next.map((next, at) => ({
    ...shared,
    ...vaccineOf(next, products),
    ...doseNumberOf(next.label),
    forecastStatus: statusConcept(at === 0 ? series.status : 'not-yet-due'),
    ...(at === 0 ? reason : {}),
    dateCriterion: [
      criterion('30980-7', 'Date vaccine due', next.due),
      criterion('30981-5', 'Earliest date to give', next.earliest),
      ...(next.latest === null
        ? []
        : [criterion('59777-3', 'Latest date to give immunization', next.latest)]),
      criterion('59778-1', 'Date when overdue for immunization', next.overdue),
    ],
  }));
}

function vaccineOf({ product }: NextDose, products: ReadonlyMap<string, Product>) {
  if (product === null) return {};
  const [system = '', code = ''] = product.split('|');
  const name = products.get(product)?.name ?? '';
  return { vaccineCode: [{ coding: [{ system, code }], text: name }] };
}

/** `doseNumberPositiveInt` of a birth dose, which has the number 0, is not positive. */
function doseNumberOf(label: string) {
  const number = Number(label);
  return Number.isInteger(number) && number > 0
    ? { doseNumberPositiveInt: number }
    : { doseNumberString: label };
}

function criterion(code: string, display: string, day: Day) {
  return { code: { coding: [{ system: LOINC, code, display }] }, value: dayText(day) };
}

function statusConcept(status: SeriesStatus): CodeableConcept {
  const hl7 = HL7_STATUS[status];
  return {
    coding: [...(hl7 ? [{ system: STATUS, code: hl7 }] : []), { system: OWN_STATUS, code: status }],
    text: STATUS_WORDS[status],
  };
}

function componentConcept({ component, componentTitle }: SeriesCourse): CodeableConcept {
  return {
    coding: [{ system: programmeCs.component, code: component, display: componentTitle }],
    text: componentTitle,
  };
}

/** One of each dose and series that it holds or claims to hold. */
export function evaluationsOf(course: Course, { patient, canonical }: Named): ImmunizationEvaluation[] {
  return course.series.flatMap((series) =>
    series.judged.map((judged) => evaluationOf(series, judged, { patient, canonical }, course.day)),
  );
}

function evaluationOf(
  series: SeriesCourse,
  { dose, verdict, label, faults, notBefore }: Judged,
  named: Named,
  day: Day,
): ImmunizationEvaluation {
  const words = [
    ...faults.map((fault) => FAULT_WORDS[fault]),
    ...(notBefore === null ? [] : [`sớm nhất ${dayText(notBefore)}`]),
    ...(verdict === 'extra' ? ['Ngoài lịch, không cần thêm'] : []),
  ];
  return {
    resourceType: 'ImmunizationEvaluation',
    status: 'completed',
    patient: named.patient,
    date: dayText(day),
    targetDisease: componentConcept(series),
    immunizationEvent: dose.id === '' ? { display: dose.name } : { reference: `Immunization/${dose.id}` },
    doseStatus: {
      coding: [{ system: EVALUATION, code: verdict === 'invalid' ? 'notvalid' : 'valid' }],
    },
    ...(faults.length > 0
      ? {
          doseStatusReason: faults.map((fault) => ({
            coding: [{ system: EVALUATION_REASON, code: fault }],
            text: FAULT_WORDS[fault],
          })),
        }
      : {}),
    description: [named.canonical, ...words].join('. '),
    series: series.title,
    ...(label === '' ? {} : doseNumberOf(label)),
  };
}
