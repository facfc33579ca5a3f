/** What the insurance pays today, why, and what is not sure. */

import type { Remark } from '../../../../kernel/text/remark.ts';
import { Badge, language, Notice, Panel, Row, Stack, Text, t } from '../../../../web/ui/index.ts';
import type { Entitlement } from '../../../insurance/index.ts';

export function EntitlementPanel({ entitlement }: { entitlement: Entitlement }) {
  const { insured, effective, card } = entitlement;
  return (
    <Panel title={t('reception.entitlement', 'Quyền lợi BHYT hôm nay')} level={3}>
      <Stack gap={8}>
        <Row gap={12} wrap>
          {insured ? (
            <Badge tone={effective > 0 ? 'done' : 'look'}>
              {t('reception.entitlement.pays', 'Quỹ trả {n} %', { n: percent(effective) })}
            </Badge>
          ) : (
            <Badge tone="look">{t('reception.entitlement.none', 'Không hưởng BHYT, tự trả')}</Badge>
          )}
          {card?.number && <Text strong>{card.number}</Text>}
          <Text tone="soft">
            {t('reception.entitlement.category', 'Mã đối tượng {code}', { code: entitlement.category })}
          </Text>
        </Row>
        <Text as="p" size={13}>
          {entitlement.reasons.map(words).join(' ')}
        </Text>
        <Remarks remarks={entitlement.warnings} />
      </Stack>
    </Panel>
  );
}

/** Things to look at; nothing when there are none. */
export function Remarks({ remarks }: { remarks: readonly Remark[] }) {
  if (remarks.length === 0) return null;
  return (
    <Notice tone="look">
      {remarks.map((remark) => (
        <div key={remark.code}>{words(remark)}</div>
      ))}
    </Notice>
  );
}

export function words(remark: { vi: string; en: string }): string {
  return language() === 'en' ? remark.en : remark.vi;
}

/** 47.5 → `47,5` in Vietnamese. */
function percent(value: number): string {
  return language() === 'en' ? String(value) : String(value).replace('.', ',');
}
