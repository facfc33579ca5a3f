/**
 * Personal identification number (số định danh cá nhân): 3 digits place of birth registration + 1 century and sex +
 * 2 birth year + 6 random; no check digit (citizen-identity-and-payment.md section 1). Used to warn, never to block:
 * numbers are cancelled and re-issued, and old province digits stay valid after the mergers of 2025.
 */
import type { Content } from '../../kernel/content/content.ts';
import type { Remark } from '../../kernel/text/remark.ts';

export interface CheckedCitizenNumber {
  /** False only for a wrong length or for characters that are no digits. */
  ok: boolean;
  /** Digits without spaces and dots. */
  number: string;
  place: { digits: string; name: string | null } | null;
  sex: 'male' | 'female' | null;
  birthYear: number | null;
  /** 099…: the range that no real person has (docs/model.md). */
  demo: boolean;
  errors: Remark[];
  warnings: Remark[];
}

/** Facts to compare with; null = not known. `birthDate` of any precision, `today` an ISO day. */
export interface NumberFacts {
  sex: string | null;
  birthDate: string | null;
  today: string;
}

const DEMO_PLACE = '099';

/** Spaces, dots and dashes are ignored. Never throws. Reads `content/people/cccd-provinces.csv`. */
export function checkCitizenNumber(text: string, facts: NumberFacts, content: Content): CheckedCitizenNumber {
  const number = text.replace(/[\s.-]/g, '');
  if (!/^\d{12}$/.test(number)) return refused(number);
  const digits = number.slice(0, 3);
  const demo = digits === DEMO_PLACE;
  const name = content.table('people/cccd-provinces').find((row) => row.code === digits)?.display ?? null;
  const century = Number(number[3]);
  const sex = century % 2 === 0 ? 'male' : 'female';
  const birthYear = 1900 + 100 * Math.floor(century / 2) + Number(number.slice(4, 6));
  const decoded = { ok: true, number, place: { digits, name }, sex, birthYear, demo } as const;
  return { ...decoded, errors: [], warnings: compare(decoded, facts) };
}

function compare(
  decoded: { place: { digits: string; name: string | null }; sex: string; birthYear: number; demo: boolean },
  facts: NumberFacts,
): Remark[] {
  const warnings: Remark[] = [];
  const { place, sex, birthYear, demo } = decoded;
  if (!demo && place.name === null) {
    warnings.push({
      code: 'citizen-number-place',
      vi: `Ba số đầu ${place.digits} không phải mã tỉnh nào trong danh mục: xem lại số (người khai sinh ở nước ngoài có mã riêng).`,
      en: `${place.digits} is no province code of the list; people registered abroad have other codes.`,
    });
  }
  const isKnownSex = facts.sex === 'male' || facts.sex === 'female';
  if (isKnownSex && facts.sex !== sex) {
    warnings.push({
      code: 'citizen-number-sex',
      vi: `Số căn cước là của người giới tính ${sex === 'male' ? 'nam' : 'nữ'}, khác giới tính đã ghi: xem lại.`,
      en: `The number is a ${sex} person's; the sex given differs.`,
    });
  }
  const year = facts.birthDate?.slice(0, 4);
  if (year && Number(year) !== birthYear) {
    warnings.push({
      code: 'citizen-number-year',
      vi: `Số căn cước là của người sinh năm ${birthYear}, khác năm sinh đã ghi (${year}): xem lại.`,
      en: `The number is of someone born in ${birthYear}; the birth year given is ${year}.`,
    });
  }
  if (birthYear > Number(facts.today.slice(0, 4))) {
    warnings.push({
      code: 'citizen-number-future',
      vi: `Số căn cước cho năm sinh ${birthYear}, ở tương lai: xem lại chữ số thứ 4 đến thứ 6.`,
      en: `The number says birth year ${birthYear}, in the future.`,
    });
  }
  return warnings;
}

function refused(number: string): CheckedCitizenNumber {
  const error: Remark = /^\d*$/.test(number)
    ? {
        code: 'citizen-number-length',
        vi: `Số căn cước phải đủ 12 chữ số, đang có ${number.length}: kiểm tra lại.`,
        en: `A citizen number has 12 digits; this has ${number.length}.`,
      }
    : {
        code: 'citizen-number-letters',
        vi: 'Số căn cước chỉ gồm chữ số: bỏ các ký tự khác.',
        en: 'A citizen number has digits only.',
      };
  return {
    ok: false,
    number,
    place: null,
    sex: null,
    birthYear: null,
    demo: false,
    errors: [error],
    warnings: [],
  };
}
