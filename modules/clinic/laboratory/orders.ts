/** Laboratory orders: placed, revoked, and shown with their tests and results. */

import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Observation, Patient, ServiceRequest } from '../../../kernel/fhir/types.ts';
import { firstDayOf } from '../../../kernel/text/vietnam-time.ts';
import type { OrderView, ResultView } from '../contract.ts';
import { codeOf, idOf, nameOf, versionOf } from '../text.ts';
import type { Visit } from '../visit/visit.ts';
import { FLAG_WORDS, type Flag, type LabService, labServices, rangeText, testsFor } from './tests.ts';

export const LABORATORY = { system: cs.snomed, code: '108252007', display: 'Laboratory procedure' };

/** Fails with `unknown-code` when the service is not on the list, with `conflict` when it is already ordered. */
export function newOrder(
  visit: Visit,
  serviceCode: string,
  by: { id: string; name: string },
  now: string,
  content: Content,
): ServiceRequest {
  const service = labServices(content, now.slice(0, 10)).find((one) => one.code === serviceCode);
  if (!service) {
    throw new Failure(
      'unknown-code',
      `Danh mục không có xét nghiệm mã "${serviceCode}". Chọn lại trong danh mục.`,
      {
        textEn: `There is no laboratory service "${serviceCode}".`,
        expression: 'service',
      },
    );
  }
  const open = visit.orders.find(
    (one) => codeOf(one.code, cs.service) === serviceCode && one.status === 'active',
  );
  if (open) throw alreadyOrdered(service.name);
  return {
    resourceType: 'ServiceRequest',
    ...visit.label,
    status: 'active',
    intent: 'order',
    category: [{ coding: [LABORATORY] }],
    code: {
      coding: [
        {
          system: cs.loinc,
          code: service.loinc,
          ...(service.loincName ? { display: service.loincName } : {}),
        },
        { system: cs.service, code: service.code, display: service.name },
      ],
      text: service.name,
    },
    subject: visit.encounter.subject!,
    encounter: { reference: `Encounter/${visit.encounter.id}` },
    authoredOn: now,
    requester: { reference: `Practitioner/${by.id}`, display: by.name },
  };
}

/** One open order of a service in a visit. */
export function openOrder(order: ServiceRequest): Record<string, string> {
  return {
    encounter: order.encounter?.reference ?? '',
    status: 'active',
    code: `${cs.service}|${codeOf(order.code, cs.service)}`,
  };
}

export function alreadyOrdered(name: string): Failure {
  return new Failure('conflict', `${name} đã được chỉ định và chưa có kết quả.`, {
    textEn: `${name} is already ordered and has no result yet.`,
    expression: 'service',
  });
}

/** The order of a visit by its id; fails with `not-found`. */
export function orderOf(visit: Visit, id: string): ServiceRequest {
  const order = visit.orders.find((one) => one.id === id);
  if (order) return order;
  throw new Failure('not-found', 'Lượt khám này không có chỉ định đó.', {
    textEn: 'No such order in this visit.',
  });
}

/** The day of an order; a partner's order may not say, then the day it was written. */
export function dayOfOrder(order: ServiceRequest): string {
  return firstDayOf(order.authoredOn ?? order.meta?.lastUpdated ?? '');
}

/** Fails with `business-rule` for an order outside the laboratory list. */
export function serviceOf(order: ServiceRequest, content: Content): LabService {
  const code = codeOf(order.code, cs.service);
  const day = dayOfOrder(order);
  const service = labServices(content, day).find((one) => one.code === code);
  if (service) return service;
  throw new Failure(
    'business-rule',
    'Chỉ định này không thuộc danh mục xét nghiệm của cơ sở nên chưa nhập được kết quả.',
    {
      textEn: 'This order is not on the laboratory list of the facility.',
    },
  );
}

export function orderViews(visit: Visit, content: Content, day: string): OrderView[] {
  return visit.orders
    .filter((order) => codeOf(order.category?.[0], cs.snomed) === LABORATORY.code)
    .sort((a, b) => sortKey(a).localeCompare(sortKey(b)))
    .map((order) => orderView(order, visit.observations, visit.patient, content, day));
}

/** As ordered; those of one moment by their code, so that the list never jumps. */
function sortKey(order: ServiceRequest): string {
  return `${order.authoredOn}|${codeOf(order.code, cs.service)}|${order.id}`;
}

/** @param day used only when the order carries no time */
export function orderView(
  order: ServiceRequest,
  observations: Observation[],
  patient: Patient,
  content: Content,
  day: string,
): OrderView {
  const results = observations.filter((one) => one.basedOn?.some((basis) => idOf(basis) === order.id));
  const ordered = order.authoredOn ? firstDayOf(order.authoredOn) : day;
  const service = labServices(content, ordered).find((one) => one.code === codeOf(order.code, cs.service));
  const tests = service ? testsFor(service, content, patient, ordered) : [];
  return {
    id: order.id!,
    version: versionOf(order),
    service: codeOf(order.code, cs.service),
    name: nameOf(order.code),
    status: order.status ?? '',
    orderedAt: order.authoredOn ?? '',
    resultAt: results[0]?.issued ?? results[0]?.effectiveDateTime ?? null,
    tests: tests.map((test) => {
      const found = results.find((one) => codeOf(one.code, cs.loinc) === test.loinc);
      return {
        key: test.key,
        name: test.name,
        kind: test.kind,
        unit: test.unit,
        options: test.options,
        range: rangeText(test),
        result: found ? resultView(found) : null,
      };
    }),
  };
}

function resultView(observation: Observation): ResultView {
  const flag = (observation.interpretation?.[0]?.coding?.[0]?.code ?? '') as Flag;
  const value = observation.valueQuantity?.value;
  return {
    value: value === undefined ? (observation.valueString ?? '') : String(value).replace('.', ','),
    flag,
    words: FLAG_WORDS[flag] ?? '',
  };
}
