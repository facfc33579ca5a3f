/** What looks wrong about a card and its holder: said at the desk, never a refusal. Pure. */
import { ageInMonths } from '../../engines/rules/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import type { Remark } from '../../kernel/text/remark.ts';
import type { CoverageFacts } from './entitlement-facts.ts';

/** Letters of a card for children under 6; it holds until 30 September after the 72nd month at the latest. */
const CHILD_GROUP = 'TE';
const CHILD_MONTHS = 84;

/**
 * @param birthDate of the holder, any precision
 * @returns a child's card of somebody who is no child; a group that has another level in the list in force
 */
export function cardRemarks(
  card: CoverageFacts,
  birthDate: string | undefined,
  date: string,
  content: Content,
): Remark[] {
  const [, group, level] = /^([A-Z]{2})(\d)\d{12}$/.exec(card.cardNumber ?? '') ?? [];
  if (!group || !level) return [];
  const months = ageInMonths(birthDate, date);
  if (group === CHILD_GROUP && months !== null && months >= CHILD_MONTHS) {
    const years = Math.floor(months / 12);
    return [
      {
        code: 'child-card',
        vi: `Thẻ ${group} là thẻ trẻ em dưới 6 tuổi, người này ${years} tuổi: xem lại thẻ hoặc ngày sinh.`,
        en: `${group} is a card for children under 6; this person is ${years}.`,
      },
    ];
  }
  const usual = content
    .inForce('catalog/the-bhyt-quyen-loi', date)
    .find((row) => row.groups?.split(/,\s*/).includes(group))?.code;
  if (!usual || usual === level) return [];
  return [
    {
      code: 'card-group-level',
      vi: `Thẻ nhóm ${group} thường có mức ${usual}, số thẻ ghi mức ${level}: xem lại số thẻ hoặc tra thẻ trên cổng.`,
      en: `Cards of group ${group} usually have level ${usual}; this number says ${level}.`,
    },
  ];
}
