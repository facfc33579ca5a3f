/** What a card says and the record does not: shown at the desk, never written silently (EHR-04). Pure. */
import { foldText } from '../../kernel/text/fold.ts';
import { showDate } from './card-dates.ts';
import { markedKey } from './closeness.ts';
import type { PersonFacts } from './person-facts.ts';

export interface Difference {
  field: 'name' | 'birthDate' | 'sex' | 'citizenNumber' | 'oldNumber' | 'insuranceNumber' | 'address';
  label: { vi: string; en: string };
  /** As a person reads it; '' when the record has nothing. */
  card: string;
  record: string;
  kind: 'missing' | 'different' | 'less-exact';
  /** True when the record may be brought to what the card says with one key. */
  applicable: boolean;
}

const LABELS: Record<Difference['field'], { vi: string; en: string }> = {
  name: { vi: 'Họ tên', en: 'Name' },
  birthDate: { vi: 'Ngày sinh', en: 'Birth date' },
  sex: { vi: 'Giới tính', en: 'Sex' },
  citizenNumber: { vi: 'Số căn cước', en: 'Citizen number' },
  oldNumber: { vi: 'Số CMND cũ', en: 'Old card number' },
  insuranceNumber: { vi: 'Số BHXH', en: 'Insurance number' },
  address: { vi: 'Địa chỉ', en: 'Address' },
};

const SEX: Record<string, string> = { male: 'Nam', female: 'Nữ', other: 'Khác', unknown: 'Chưa rõ' };

/** @param card facts of the card; null = the card does not say */
export function differencesOf(card: PersonFacts, record: PersonFacts): Difference[] {
  const pairs: [Difference['field'], string, string, boolean][] = [
    ['name', card.name, record.name, markedKey(card.name) === markedKey(record.name)],
    ['birthDate', show(card.birthDate), show(record.birthDate), agreesWith(card.birthDate, record.birthDate)],
    ['sex', SEX[card.sex ?? ''] ?? '', SEX[record.sex ?? ''] ?? '', card.sex === record.sex],
    [
      'citizenNumber',
      card.citizenNumber ?? '',
      record.citizenNumber ?? '',
      card.citizenNumber === record.citizenNumber,
    ],
    ['oldNumber', card.oldNumber ?? '', record.oldNumber ?? '', card.oldNumber === record.oldNumber],
    [
      'insuranceNumber',
      card.insuranceNumber ?? '',
      record.insuranceNumber ?? '',
      card.insuranceNumber === record.insuranceNumber,
    ],
    ['address', card.address ?? '', record.address ?? '', sameAddress(card, record)],
  ];
  return pairs
    .filter(([, said, , same]) => said !== '' && !same)
    .map(([field, said, known]) => ({
      field,
      label: LABELS[field],
      card: said,
      record: known,
      kind: kindOf(field, said, known, card, record),
      applicable: field !== 'address',
    }));
}

/** A card that shows less than the record (year only) is no difference. */
function agreesWith(card: string | null, record: string | null): boolean {
  if (card === null || record === null) return card === record;
  return record.startsWith(card);
}

/** A card of before the mergers of 2025 names old units; the same commune of today is no difference. */
function sameAddress(card: PersonFacts, record: PersonFacts): boolean {
  if (card.commune !== null && card.commune === record.commune) return true;
  return foldText(card.address ?? '') === foldText(record.address ?? '');
}

function kindOf(
  field: Difference['field'],
  said: string,
  known: string,
  card: PersonFacts,
  record: PersonFacts,
): Difference['kind'] {
  if (known === '') return 'missing';
  const isFiner = field === 'birthDate' && card.birthDate?.startsWith(record.birthDate ?? '');
  return isFiner && said !== known ? 'less-exact' : 'different';
}

function show(date: string | null): string {
  return date ? showDate(date) : '';
}
