/** Invariants of the data types. http://hl7.org/fhir/R4/datatypes.html */
import { intervalOf } from '../dates.ts';
import { cs } from '../systems.ts';
import type { Json } from './context.ts';
import { distinct, has, hasChoice, list, oneOf, type RuleTable } from './rule-tools.ts';
import { isAllowedHtml } from './xhtml.ts';

const isUcum = (x: Json) => !has(x, 'system') || x.system === cs.ucum;
const codeWithValue = (x: Json) => has(x, 'code') || !has(x, 'value');

/** False only when the start is surely after the end; dates of different precision may overlap. */
function inOrder(start: unknown, end: unknown): boolean {
  if (typeof start !== 'string' || typeof end !== 'string') return true;
  const from = intervalOf(start);
  const to = intervalOf(end);
  return !from || !to || from.low < to.high;
}

function lowFirst({ low, high }: Json): boolean {
  const [a, b] = [low as Json | undefined, high as Json | undefined];
  if (typeof a?.value !== 'number' || typeof b?.value !== 'number') return true;
  return a.code !== b.code || a.unit !== b.unit || a.value <= b.value;
}

export const TYPE_RULES: RuleTable = {
  'ext-1': [
    'phần mở rộng có hoặc value[x] hoặc extension, không cả hai.',
    (x) => has(x, 'extension') !== hasChoice(x, 'value'),
    ['Extension'],
  ],
  'age-1': [
    'tuổi có giá trị phải có mã đơn vị UCUM và lớn hơn 0.',
    (x) => codeWithValue(x) && isUcum(x) && (typeof x.value !== 'number' || x.value > 0),
  ],
  'qty-3': ['có mã đơn vị (code) thì phải có system.', (x) => !has(x, 'code') || has(x, 'system')],
  'att-1': ['có data thì phải có contentType.', (x) => !has(x, 'data') || has(x, 'contentType')],
  'cpt-2': ['có value thì phải có system (phone, email …).', (x) => !has(x, 'value') || has(x, 'system')],
  'cnt-3': [
    'số đếm là số nguyên, đơn vị UCUM "1".',
    (x) =>
      codeWithValue(x) &&
      isUcum(x) &&
      (!has(x, 'code') || x.code === '1') &&
      (typeof x.value !== 'number' || Number.isInteger(x.value)),
  ],
  'drq-1': ['cần path hoặc searchParam, không cả hai.', (x) => has(x, 'path') !== has(x, 'searchParam')],
  'drq-2': ['cần path hoặc searchParam, không cả hai.', (x) => has(x, 'path') !== has(x, 'searchParam')],
  'dis-1': ['khoảng cách có giá trị phải có mã đơn vị UCUM.', (x) => codeWithValue(x) && isUcum(x)],
  'drt-1': [
    'thời lượng có mã đơn vị thì phải có giá trị và system UCUM.',
    (x) => !has(x, 'code') || (x.system === cs.ucum && has(x, 'value')),
  ],
  'exp-1': ['cần expression hoặc reference.', (x) => has(x, 'expression') || has(x, 'reference')],
  'txt-1': [
    'text.div là XHTML: một thẻ <div> đóng đủ, chỉ thẻ trình bày, không script, form hay xử lý sự kiện.',
    (x) => typeof x.div !== 'string' || isAllowedHtml(x.div),
    ['Narrative'],
  ],
  'txt-2': [
    'text.div phải có nội dung.',
    (x) => typeof x.div !== 'string' || /<img/i.test(x.div) || x.div.replace(/<[^>]*>/g, '').trim() !== '',
    ['Narrative'],
  ],
  'per-1': ['start phải trước hoặc bằng end.', (x) => inOrder(x.start, x.end)],
  'rng-2': ['low phải nhỏ hơn hoặc bằng high.', lowFirst],
  'rat-1': [
    'numerator và denominator phải cùng có; nếu cùng không có thì phải có extension.',
    (x) => has(x, 'numerator') === has(x, 'denominator') && (has(x, 'numerator') || has(x, 'extension')),
  ],
  'mqty-1': [
    'tiền có giá trị phải có mã ISO 4217.',
    (x) => codeWithValue(x) && (!has(x, 'system') || x.system === 'urn:iso:std:iso:4217'),
  ],
  'tim-1': ['có duration thì phải có durationUnit.', (x) => !has(x, 'duration') || has(x, 'durationUnit')],
  'tim-2': ['có period thì phải có periodUnit.', (x) => !has(x, 'period') || has(x, 'periodUnit')],
  'tim-4': ['duration không được âm.', (x) => typeof x.duration !== 'number' || x.duration >= 0],
  'tim-5': ['period không được âm.', (x) => typeof x.period !== 'number' || x.period >= 0],
  'tim-6': ['có periodMax thì phải có period.', (x) => !has(x, 'periodMax') || has(x, 'period')],
  'tim-7': ['có durationMax thì phải có duration.', (x) => !has(x, 'durationMax') || has(x, 'duration')],
  'tim-8': ['có countMax thì phải có count.', (x) => !has(x, 'countMax') || has(x, 'count')],
  'tim-9': [
    'có offset thì phải có when, và when không phải là C, CM, CD, CV.',
    (x) =>
      !has(x, 'offset') || (has(x, 'when') && !list(x, 'when').some((w) => oneOf(w, 'C', 'CM', 'CD', 'CV'))),
  ],
  'tim-10': ['timeOfDay và when không đi cùng nhau.', (x) => !has(x, 'timeOfDay') || !has(x, 'when')],
  'trd-1': ['data và timing không đi cùng nhau.', (x) => !has(x, 'data') || !hasChoice(x, 'timing')],
  'trd-2': ['có condition thì phải có data.', (x) => !has(x, 'condition') || has(x, 'data')],
  'trd-3': [
    'named-event cần name, periodic cần timing, data-… cần data.',
    (x) =>
      (x.type !== 'named-event' || has(x, 'name')) &&
      (x.type !== 'periodic' || hasChoice(x, 'timing')) &&
      (typeof x.type !== 'string' || !x.type.startsWith('data-') || has(x, 'data')),
  ],
  'eld-1': [
    'slicing cần discriminator hoặc description.',
    (x) => has(x, 'discriminator') || has(x, 'description'),
  ],
  'eld-2': [
    'min không được lớn hơn max.',
    (x) => typeof x.min !== 'number' || typeof x.max !== 'string' || x.max === '*' || x.min <= Number(x.max),
  ],
  'eld-3': [
    'max là số hoặc "*".',
    (x) => typeof x.max !== 'string' || /^(\*|\d+)$/.test(x.max),
    ['ElementDefinition'],
  ],
  'eld-4': [
    'aggregation chỉ dùng với Reference, canonical.',
    (x) => !has(x, 'aggregation') || oneOf(x.code, 'Reference', 'canonical'),
  ],
  'eld-6': [
    'fixed[x] chỉ dùng khi có một kiểu.',
    (x) => !hasChoice(x, 'fixed') || list(x, 'type').length <= 1,
  ],
  'eld-7': [
    'pattern[x] chỉ dùng khi có một kiểu.',
    (x) => !hasChoice(x, 'pattern') || list(x, 'type').length <= 1,
  ],
  'eld-8': [
    'pattern[x] và fixed[x] không đi cùng nhau.',
    (x) => !hasChoice(x, 'pattern') || !hasChoice(x, 'fixed'),
  ],
  'eld-12': [
    'valueSet bắt đầu bằng http:, https: hoặc urn:.',
    (x) => typeof x.valueSet !== 'string' || /^(https?:|urn:)/.test(x.valueSet),
  ],
  'eld-13': ['các kiểu không được trùng mã.', (x) => distinct(list(x, 'type').map((t) => t.code))],
  'eld-14': [
    'các ràng buộc không được trùng khóa.',
    (x) => distinct(list(x, 'constraint').map((c) => c.key)),
  ],
  'eld-15': [
    'defaultValue[x] và meaningWhenMissing không đi cùng nhau.',
    (x) => !hasChoice(x, 'defaultValue') || !has(x, 'meaningWhenMissing'),
  ],
  'eld-16': [
    'sliceName chỉ có chữ, số và / - _ [ ] @.',
    (x) => typeof x.sliceName !== 'string' || /^[a-zA-Z0-9/\-_[\]@]+$/.test(x.sliceName),
  ],
  'eld-17': [
    'targetProfile chỉ dùng với Reference, canonical.',
    (x) => !has(x, 'targetProfile') || oneOf(x.code, 'Reference', 'canonical'),
  ],
  'eld-18': [
    'isModifier = true cần isModifierReason.',
    (x) => x.isModifier !== true || has(x, 'isModifierReason'),
  ],
  'eld-22': [
    'sliceIsConstraining cần sliceName.',
    (x) => !has(x, 'sliceIsConstraining') || has(x, 'sliceName'),
  ],
};
