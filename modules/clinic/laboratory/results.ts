/** Typed results of an order: Observations, their report, and the order completed, in one transaction. */

import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Bundle, DiagnosticReport, Observation, ServiceRequest } from '../../../kernel/fhir/types.ts';
import { draftBundle } from '../bundle.ts';
import { readFields } from '../fields.ts';
import { objectOf } from '../http.ts';
import { nameOf } from '../text.ts';
import type { Visit } from '../visit/visit.ts';
import { dayOfOrder, serviceOf } from './orders.ts';
import { FLAG_WORDS, type Flag, flagOf, type LabTest, referenceRange, testsFor } from './tests.ts';

export interface TypedResult {
  test: LabTest;
  value: number | string;
}

const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const DIAGNOSTIC_SERVICE = 'http://terminology.hl7.org/CodeSystem/v2-0074';

/**
 * Reads `{results: [{key, value}]}`: numbers for quantities, one of the options otherwise. At least one result.
 * Fails with `business-rule`, one issue a test.
 */
export function readResults(
  body: unknown,
  order: ServiceRequest,
  visit: Visit,
  content: Content,
): TypedResult[] {
  const day = dayOfOrder(order);
  const tests = testsFor(serviceOf(order, content), content, visit.patient, day);
  const fields = readFields();
  const given = fields.list(objectOf(body), 'results');
  const keys = given.map((one) => one.key);
  const results = given.flatMap((one): TypedResult[] => {
    const test = tests.find((known) => known.key === one.key);
    if (!test) {
      fields.fault(
        `results.${String(one.key)}`,
        'Xét nghiệm này không thuộc chỉ định.',
        'Not a test of this order.',
      );
      return [];
    }
    if (keys.indexOf(test.key) !== keys.lastIndexOf(test.key)) {
      fields.fault(
        `results.${test.key}`,
        `${test.name} có hai kết quả: chỉ để một.`,
        'Two results of one test.',
      );
      return [];
    }
    const value = test.kind === 'coded' ? codedValue(test, one.value) : quantityValue(test, one.value);
    if (value === null) return [];
    if (typeof value === 'object') {
      fields.fault(`results.${test.key}`, value.vi, value.en);
      return [];
    }
    return [{ test, value }];
  });
  if (given.every(isEmpty)) fields.fault('results', 'Chưa nhập kết quả nào.', 'No result was entered.');
  fields.done();
  return results;
}

/** Nothing typed for the test. */
function isEmpty(result: Record<string, unknown>): boolean {
  return result.value === null || result.value === undefined || result.value === '';
}

type Fault = { vi: string; en: string };

/** Null = left empty. */
function quantityValue(test: LabTest, value: unknown): number | null | Fault {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return { vi: `${test.name}: kết quả phải là số.`, en: `${test.name}: the result must be a number.` };
  }
  const [low, high] = test.plausible;
  if ((low === null || value >= low) && (high === null || value <= high)) return value;
  const shown = (number: number | null) => String(number).replace('.', ',');
  return {
    vi: `${test.name} ${shown(value)} ${test.unit} không thể có (từ ${shown(low)} đến ${shown(high)}). Xem lại số và đơn vị.`,
    en: `${test.name} ${value} ${test.unit} is not possible (${low} to ${high}).`,
  };
}

function codedValue(test: LabTest, value: unknown): string | null | Fault {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string' && test.options.includes(value)) return value;
  return {
    vi: `${test.name}: chọn một trong ${test.options.join(', ')}.`,
    en: `${test.name}: choose one of ${test.options.join(', ')}.`,
  };
}

/** Fails with `conflict` unless the order still waits for its result. */
export function resultBundle(
  visit: Visit,
  order: ServiceRequest,
  results: TypedResult[],
  by: { id: string; name: string },
  now: string,
): Bundle {
  if (order.status !== 'active') {
    throw new Failure('conflict', 'Chỉ định này đã có kết quả hoặc đã hủy. Mở lại lượt khám để xem.', {
      textEn: `The order is ${order.status}.`,
    });
  }
  const draft = draftBundle();
  const performer = [{ reference: `Practitioner/${by.id}`, display: by.name }];
  const about = {
    subject: order.subject,
    encounter: order.encounter,
    basedOn: [{ reference: `ServiceRequest/${order.id}` }],
    effectiveDateTime: now,
    issued: now,
    performer,
  };
  const references = results.map((result) => draft.create(observation(result, visit, about)));
  const report: DiagnosticReport = {
    resourceType: 'DiagnosticReport',
    ...visit.label,
    ...about,
    status: 'final',
    category: [{ coding: [{ system: DIAGNOSTIC_SERVICE, code: 'LAB', display: 'Laboratory' }] }],
    code: order.code ?? { text: nameOf(order.code) },
    result: references.map((reference) => ({ reference })),
  };
  draft.create(report);
  draft.update({ ...order, status: 'completed' });
  return draft.bundle();
}

function observation({ test, value }: TypedResult, visit: Visit, about: Partial<Observation>): Observation {
  const flag: Flag = flagOf(test, value);
  const range = referenceRange(test);
  return {
    resourceType: 'Observation',
    ...visit.label,
    ...about,
    status: 'final',
    category: [{ coding: [{ system: CATEGORY, code: 'laboratory' }] }],
    code: { coding: [{ system: cs.loinc, code: test.loinc }], text: test.name },
    ...(typeof value === 'number'
      ? { valueQuantity: { value, unit: test.unit, system: cs.ucum, code: test.unit } }
      : { valueString: value }),
    ...(flag
      ? { interpretation: [{ coding: [{ system: INTERPRETATION, code: flag }], text: FLAG_WORDS[flag] }] }
      : {}),
    ...(range ? { referenceRange: range } : {}),
  };
}
