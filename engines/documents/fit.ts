/** Does a paper fit what it is printed on, and the form whose answers it shows? Pure but for reading content. */
import type { Content } from '../../kernel/content/content.ts';
import { type Dated, datedOn } from '../../kernel/content/dated.ts';
import type { Questionnaire, QuestionnaireItem } from '../../kernel/fhir/types.ts';
import { pageSizes } from './archive/index.ts';
import type { Fault, Field, PaperDefinition } from './definition.ts';

/** Millimetres; a sheet may lie across. */
const SHEETS: Partial<Record<PaperDefinition['size'], readonly [number, number]>> = {
  a4: [210, 297],
  a5: [148, 210],
};
/** Width of the roll that tickets are printed on. */
const ROLL_MM = 80;
const MM_OF_POINT = 25.4 / 72;
const isNear = (a: number, b: number) => Math.abs(a - b) < 1;

/** Pages of another size than the paper says, and text that runs over onto a second ticket or label. @param bytes the sample, set */
export function sizeFaults(bytes: Buffer, { size }: PaperDefinition, file: string): Fault[] {
  const pages = pageSizes(bytes).map(
    ({ width, height }) => [width * MM_OF_POINT, height * MM_OF_POINT] as const,
  );
  if ((size === 'roll' || size === 'label') && pages.length > 1)
    return [
      {
        place: file,
        text: `chữ không vừa: ra ${pages.length} trang thay vì một`,
        textEn: `the text does not fit: ${pages.length} pages in the place of one`,
      },
    ];
  const sheet = SHEETS[size];
  const isRight = ([width, height]: readonly [number, number]) => {
    if (size === 'roll') return isNear(width, ROLL_MM);
    if (!sheet) return true;
    const [narrow, long] = sheet;
    return (isNear(width, narrow) && isNear(height, long)) || (isNear(width, long) && isNear(height, narrow));
  };
  const other = pages.find((page) => !isRight(page));
  if (!other) return [];
  const [width, height] = other.map((each) => Math.round(each));
  return [
    {
      place: file,
      text: `trang ${width} × ${height} mm, không phải khổ ${size}`,
      textEn: `a page of ${width} × ${height} mm is not ${size}`,
    },
  ];
}

const ASKED = /linkId\s*=\s*'([^']+)'/g;

/** Questions that a paper `form-<key>` asks for and the form of that day has not; a form that the content has not says nothing. */
export function formFaults(content: Content, { key, from, value }: Dated<PaperDefinition>): Fault[] {
  const form = /^form-(.+)$/.exec(key)?.[1];
  const found = form === undefined ? null : datedOn<Questionnaire>(content, 'forms', form, from);
  if (!found) return [];
  const known = new Set(linkIdsIn(found.value.item ?? []));
  return askedIn(value.fields ?? {}, 'fields')
    .filter(({ linkId }) => !known.has(linkId))
    .map(({ place, linkId }) => ({
      place,
      text: `biểu mẫu “${form}” ngày ${found.from} không có câu hỏi “${linkId}”`,
      textEn: `the form "${form}" of ${found.from} has no question "${linkId}"`,
    }));
}

const linkIdsIn = (items: readonly QuestionnaireItem[]): string[] =>
  items.flatMap(({ linkId, item = [] }) => [linkId ?? '', ...linkIdsIn(item)]);

function askedIn(fields: Record<string, Field>, at: string): { place: string; linkId: string }[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const { path = '', answer, fields: rows = {} } = typeof field === 'string' ? { path: field } : field;
    const place = `${at}.${name}`;
    return [
      ...(answer === undefined ? [] : [{ place: `${place}.answer`, linkId: answer }]),
      ...[...path.matchAll(ASKED)].map(([, linkId]) => ({ place: `${place}.path`, linkId: linkId! })),
      ...askedIn(rows, `${place}.fields`),
    ];
  });
}
