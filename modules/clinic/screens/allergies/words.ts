/** Words for what an allergy says in codes. */
import { type ConflictField, formatDate, t } from '../../../../web/ui/index.ts';
import type { AllergyCategory, AllergyInput } from '../../contract.ts';

export const CATEGORIES: readonly AllergyCategory[] = ['medication', 'food', 'environment', 'biologic'];
export const CRITICALITIES = ['high', 'low', 'unable-to-assess'] as const;

export function categoryWord(category: AllergyInput['category']): string {
  const words: Record<string, string> = {
    medication: t('clinic.allergies.medication', 'Thuốc'),
    food: t('clinic.allergies.food', 'Thức ăn'),
    environment: t('clinic.allergies.environment', 'Môi trường, khác'),
    biologic: t('clinic.allergies.biologic', 'Vắc xin, sinh phẩm'),
  };
  return words[category] ?? '';
}

export function criticalityWord(criticality: AllergyInput['criticality']): string {
  const words: Record<string, string> = {
    high: t('clinic.allergies.high', 'Nguy hiểm cao'),
    low: t('clinic.allergies.low', 'Nguy hiểm thấp'),
    'unable-to-assess': t('clinic.allergies.unable', 'Chưa đánh giá được'),
  };
  return words[criticality] ?? '';
}

/** The parts that two people may have written, one line each. */
export function comparedFields(): ConflictField<AllergyInput>[] {
  return [
    { key: 'text', label: t('clinic.allergies.substance', 'Dị ứng với') },
    {
      key: 'category',
      label: t('clinic.allergies.category', 'Loại'),
      draw: ({ category }) => categoryWord(category) || '–',
    },
    {
      key: 'criticality',
      label: t('clinic.allergies.criticality', 'Mức nguy hiểm'),
      draw: ({ criticality }) => criticalityWord(criticality) || '–',
    },
    {
      key: 'reaction',
      label: t('clinic.allergies.reaction', 'Biểu hiện'),
      draw: ({ reaction }) => reaction || '–',
    },
    {
      key: 'onset',
      label: t('clinic.allergies.onset', 'Từ khi nào'),
      draw: ({ onset }) => formatDate(onset) || '–',
    },
  ];
}
