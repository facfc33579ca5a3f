/** The body of a recorded allergy, read and checked. */
import type { Content } from '../../../kernel/content/content.ts';
import { firstDayOf, isDay } from '../../../kernel/text/vietnam-time.ts';
import type { AllergyInput } from '../contract.ts';
import { type Fields, readFields } from '../fields.ts';
import { objectOf } from '../http.ts';
import { substanceOf } from './substances.ts';

const CATEGORIES = ['medication', 'food', 'environment', 'biologic'] as const;
const CRITICALITIES = ['low', 'high', 'unable-to-assess'] as const;
const LONGEST_NAME = 200;
const LONGEST_REACTION = 1000;

/**
 * @param context.day ISO day of the recording; @param context.born the person's birth date as far as it is known
 * Fails with `business-rule`, one issue a field.
 */
export function readAllergy(
  body: unknown,
  context: { content: Content; day: string; born: string | undefined },
): AllergyInput {
  const given = objectOf(body);
  const fields = readFields();
  const input: AllergyInput = {
    ...readSubstance(given, fields, context),
    category: readChoice(given, 'category', CATEGORIES, fields, {
      text: 'Chọn loại: thuốc, thức ăn, môi trường hoặc sinh phẩm.',
      textEn: `category must be one of ${CATEGORIES.join(', ')}.`,
    }),
    criticality: readChoice(given, 'criticality', CRITICALITIES, fields, {
      text: 'Chọn mức nguy hiểm: thấp, cao hoặc chưa đánh giá được.',
      textEn: `criticality must be one of ${CRITICALITIES.join(', ')}.`,
    }),
    reaction: shortText(given, 'reaction', LONGEST_REACTION, fields),
    onset: readOnset(given, fields, context),
  };
  fields.done();
  return input;
}

/** A coded substance goes by the name of the list, whatever words came with it. */
function readSubstance(
  given: Record<string, unknown>,
  fields: Fields,
  { content, day }: { content: Content; day: string },
): Pick<AllergyInput, 'substance' | 'text'> {
  const substance = fields.text(given, 'substance');
  const text = shortText(given, 'text', LONGEST_NAME, fields);
  if (substance === '') {
    if (text === '') fields.fault('text', 'Ghi dị ứng với chất gì.', 'State the substance.');
    return { substance, text };
  }
  const found = substanceOf(content, substance, day);
  if (found) return { substance, text: found.name };
  fields.fault(
    'text',
    `Danh mục hoạt chất không có mã "${substance}". Gõ tên để chọn, hoặc ghi bằng chữ.`,
    `The list of ingredients has no code "${substance}".`,
  );
  return { substance, text };
}

function readChoice<T extends string>(
  given: Record<string, unknown>,
  name: string,
  choices: readonly T[],
  fields: Fields,
  words: { text: string; textEn: string },
): T | '' {
  const value = fields.text(given, name);
  const found = choices.find((one) => one === value);
  if (!found) fields.fault(name, words.text, words.textEn);
  return found ?? '';
}

function shortText(given: Record<string, unknown>, name: string, longest: number, fields: Fields): string {
  const text = fields.text(given, name);
  if (text.length > longest)
    fields.fault(name, `Quá dài: tối đa ${longest} ký tự.`, `Too long: at most ${longest} characters.`);
  return text;
}

function readOnset(
  given: Record<string, unknown>,
  fields: Fields,
  { day, born }: { day: string; born: string | undefined },
): string | null {
  const onset = fields.text(given, 'onset');
  if (onset === '') return null;
  const shape = /^\d{4}(-\d{2}(-\d{2})?)?$/.exec(onset);
  if (!shape || !isDay(`${onset}-01-01`.slice(0, 10))) {
    fields.fault('onset', `Ngày "${onset}" không có thật.`, `"${onset}" is not a date.`);
  } else if (onset > day.slice(0, onset.length)) {
    fields.fault('onset', 'Ngày này chưa tới.', 'This date lies in the future.');
  } else if (born && onset < firstDayOf(born).slice(0, onset.length)) {
    fields.fault('onset', 'Ngày này trước ngày sinh.', 'This date lies before the birth.');
  }
  return onset;
}
