/** What a form says and nobody here carries out, or what has no effect where it stands: told before anybody counts on it. Pure. */
import { isSameValue, optionValue } from '../answer.ts';
import { EXT, extensionsOf, numberOf, partOf } from '../extension.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../form/types.ts';
import type { Question } from '../question.ts';

export function unservedFaults(question: Question): Fault[] {
  const own = [...unserved(question), ...withoutEffect(question)];
  if (!question.parent) return own;
  return [...own, ...linkFaults(question), ...toggleFaults(question), ...unsaid(question)];
}

type Sentence = readonly [url: string, severity: Fault['severity'], vi: string, en: string];

const UNSERVED: readonly Sentence[] = [
  [
    EXT.adaptive,
    'error',
    'là biểu mẫu thích ứng, máy chủ chọn câu hỏi kế tiếp: việc ấy không làm ở đây. Hãy ghi đủ các câu hỏi, và dùng enableWhen để hỏi theo câu trả lời',
    'is adaptive, which needs a server that chooses the next question: that is not carried out here. Write all questions, and let enableWhen ask by the answers',
  ],
  [
    EXT.signatureRequired,
    'warning',
    'đòi chữ ký, thứ không hỏi và không kiểm ở đây: phiếu hoàn thành không có chữ ký vẫn được nhận',
    'asks for a signature, which is neither asked for nor checked here: a completed response without one is taken',
  ],
  [
    EXT.preferredTerminologyServer,
    'warning',
    'nêu một máy chủ danh mục, nơi không được hỏi ở đây: bộ mã được đọc ở máy chủ này',
    'names a terminology server, which is not asked here: value sets are those of this server',
  ],
  [
    EXT.endpoint,
    'warning',
    'nêu nơi gửi phiếu, nơi không có gì được gửi tới từ đây',
    'names where responses are to be sent: nothing is sent there from here',
  ],
];

const at = ({ place }: Question, url: string, index = 0) =>
  `${place}.extension.where(url = '${url}')[${index}]`;

const unserved = (question: Question): Fault[] =>
  UNSERVED.flatMap(([url, severity, vi, en]) => {
    const [first] = extensionsOf(question.item, url);
    return first && first.valueBoolean !== false
      ? [fault(at(question, url), 'language', vi, en, severity)]
      : [];
  });

const TEXTS = ['string', 'text', 'url', 'open-choice'];
const NUMBERS = ['integer', 'decimal'];
const CHOICES = ['choice', 'open-choice'];

/** Types of questions on which an extension has an effect. */
const EFFECTIVE: readonly (readonly [string, readonly string[]])[] = [
  [EXT.maxSize, ['attachment']],
  [EXT.mimeType, ['attachment']],
  [EXT.maxDecimalPlaces, ['decimal', 'quantity']],
  [EXT.minLength, TEXTS],
  [EXT.sliderStepValue, [...NUMBERS, 'quantity']],
  [EXT.unit, [...NUMBERS, 'quantity']],
  [EXT.unitOption, ['quantity']],
  [EXT.unitValueSet, ['quantity']],
  [EXT.referenceResource, ['reference']],
  [EXT.isSubject, ['reference']],
  [EXT.openLabel, ['open-choice']],
  [EXT.choiceOrientation, [...CHOICES, 'boolean', ...NUMBERS, 'date', 'time', 'string']],
];

function withoutEffect(question: Question): Fault[] {
  const { item, type } = question;
  if (!item.extension || !question.parent) return [];
  return EFFECTIVE.flatMap(([url, types]) =>
    extensionsOf(item, url).length === 0 || types.includes(type)
      ? []
      : [
          fault(
            at(question, url),
            'type',
            `không có tác dụng ở câu kiểu ${type} (chỉ ${types.join(', ')})`,
            `has no effect on an item of type ${type} (only ${types.join(', ')})`,
            'warning',
          ),
        ],
  );
}

/** Observations are found by a code. */
function linkFaults({ item, place, isGroup }: Question): Fault[] {
  if (isGroup || extensionsOf(item, EXT.observationLinkPeriod).length === 0 || item.code?.length) return [];
  return [
    fault(
      `${place}.code`,
      'no-code',
      'thiếu mã, mà câu trả lời được điền trước từ Observation (observationLinkPeriod)',
      'is missing, and the answer is filled in from Observations (observationLinkPeriod)',
    ),
  ];
}

/** An option that is switched and not there: nothing would ever be switched. */
function toggleFaults(question: Question): Fault[] {
  const { item } = question;
  const listed = item.answerOption?.map(optionValue);
  if (!listed) return [];
  return extensionsOf(item, EXT.optionsToggle).flatMap((toggle, index) =>
    (toggle.extension ?? []).flatMap((part) => {
      if (part.url !== 'option') return [];
      const option = partOf({ ...toggle, extension: [part] }, 'option');
      if (listed.some((one) => isSameValue(one, option))) return [];
      return [
        fault(
          at(question, EXT.optionsToggle, index),
          'not-an-option',
          'bật tắt một lựa chọn không có trong answerOption',
          'switches an option that is not among answerOption',
        ),
      ];
    }),
  );
}

/** What R4 leaves open, and is read in one way here. */
function unsaid(question: Question): Fault[] {
  const { item, place, repeats } = question;
  const found: Fault[] = [];
  // R4, enableBehavior: "must be specified if more than one enableWhen value is provided"; its own rule que-12 begins with three.
  if ((item.enableWhen?.length ?? 0) > 1 && item.enableBehavior === undefined)
    found.push(
      fault(
        `${place}.enableBehavior`,
        'required',
        'chưa nói cần mọi điều kiện (all) hay một điều kiện (any): được hiểu là any',
        'does not say whether all conditions are needed or any: it is read as any',
        'warning',
      ),
    );
  const most = numberOf(item, EXT.maxOccurs);
  if (!repeats && most !== null && most > 1)
    found.push(
      fault(
        `${place}.extension.where(url = '${EXT.maxOccurs}').value`,
        'range',
        `cho ${most} lần ở mục không lặp lại (repeats), nên chỉ nhận một`,
        `allows ${most} of what does not repeat: one is taken`,
        'warning',
      ),
    );
  return found;
}
