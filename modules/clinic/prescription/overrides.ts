/** Warnings against which a prescriber signs: each needs a coded reason and stays in the record as DetectedIssue. */
import type { Card } from '../../../engines/rules/index.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { DetectedIssue } from '../../../kernel/fhir/types.ts';
import type { OverrideInput } from '../contract.ts';
import type { Fields } from '../fields.ts';
import { patientReference } from '../text.ts';
import type { Visit } from '../visit/visit.ts';
import { alertViews, fitsCard, overrideReasons } from './check.ts';

export interface Override {
  alert: Card;
  reason: { code: string; name: string };
  text: string;
}

export function readOverrides(body: Record<string, unknown>, fields: Fields): OverrideInput[] {
  return fields.list(body, 'overrides').map((one, index) => ({
    alert: fields.text(one, 'alert', `overrides[${index}].alert`),
    reason: fields.text(one, 'reason', `overrides[${index}].reason`),
    text: fields.text(one, 'text', `overrides[${index}].text`),
  }));
}

/**
 * Pairs every alert that needs a reason with the one given. Fails with `business-rule` and all unresolved alerts in
 * `details.alerts` when one is missing, unknown, unfit for the kind, or lacks the words it must have.
 */
export function resolveAlerts(
  alerts: Card[],
  given: OverrideInput[],
  content: Content,
  day: string,
): Override[] {
  const { reasons, kinds } = overrideReasons(content, day);
  const resolved: Override[] = [];
  const unresolved: Card[] = [];
  for (const alert of alerts.filter((one) => one.needsReason)) {
    const override = given.find((one) => one.alert === alert.key);
    const reason = reasons.find((one) => one.code === override?.reason);
    const fits = reason && fitsCard(reason.code, alert, kinds);
    if (!override || !reason || !fits || (reason.textRequired && override.text === ''))
      unresolved.push(alert);
    else resolved.push({ alert, reason: { code: reason.code, name: reason.name }, text: override.text });
  }
  if (unresolved.length === 0) return resolved;
  throw new Failure(
    'business-rule',
    `Chưa ký được: còn ${unresolved.length} cảnh báo chưa xử lý. Sửa đơn, hoặc chọn lý do cho từng cảnh báo.`,
    {
      textEn: `Not signed: ${unresolved.length} alerts are unresolved. Change the prescription or give a reason for each.`,
      issues: unresolved.map((alert) => ({
        severity: 'error' as const,
        code: 'business-rule',
        text: `${alert.summary}. ${alert.detail}`,
        expression: 'overrides',
      })),
      details: { alerts: alertViews(alerts, content, day), unresolved: unresolved.map((alert) => alert.key) },
    },
  );
}

/** @param references of the new lines, in their order */
export function detectedIssue(
  { alert, reason, text }: Override,
  visit: Visit,
  references: string[],
  by: { id: string; name: string },
  now: string,
): DetectedIssue {
  const implicated = alert.implicated.flatMap((one) => {
    const reference = one.line === null ? one.reference : references[one.line];
    return reference ? [{ reference, display: one.name }] : [];
  });
  return {
    resourceType: 'DetectedIssue',
    ...visit.label,
    status: 'final',
    code: { coding: [{ system: cs.alertKind, code: alert.kind }], text: alert.summary },
    severity: alert.severity,
    patient: patientReference(visit.encounter),
    identifiedDateTime: now,
    author: { reference: `Practitioner/${by.id}`, display: by.name },
    ...(implicated.length === 0 ? {} : { implicated }),
    detail: [alert.summary, alert.detail, alert.management, `Nguồn: ${alert.source.label}`]
      .filter((part) => part !== '')
      .join('\n'),
    mitigation: [
      {
        action: {
          coding: [{ system: cs.overrideReason, code: reason.code, display: reason.name }],
          text: text === '' ? reason.name : `${reason.name}: ${text}`,
        },
        date: now,
        author: { reference: `Practitioner/${by.id}`, display: by.name },
      },
    ],
  };
}
