/** A rule that could not be asked of a person: on our own screens that is said, never passed over. */
import type { Card } from './card.ts';
import type { RuleAnswer } from './evaluate.ts';

export function uncheckedCards({ faults }: Pick<RuleAnswer, 'faults'>): Card[] {
  return faults.map(({ rule, failure }) => ({
    rule: rule.key,
    version: rule.version,
    ruleTitle: rule.title,
    key: `khong-kiem-tra-duoc:quy-tac:${rule.key}`,
    kind: 'khong-kiem-tra-duoc',
    indicator: 'info',
    severity: 'low',
    summary: `Chưa kiểm tra được: ${rule.title}`,
    detail: failure.issues[0]?.text ?? failure.message,
    management: 'Bác sĩ tự đối chiếu.',
    source: { label: rule.title, url: null },
    needsReason: false,
    hardStop: false,
    approval: null,
    implicated: [],
    suggestions: [],
    systemActions: [],
    links: [],
    reasons: [],
  }));
}
