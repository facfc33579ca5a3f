/** Invariants of clinical, financial and administrative resources. */
import { intervalOf } from '../dates.ts';
import { cs } from '../systems.ts';
import type { Json } from './context.ts';
import { distinct, has, hasChoice, isCoded, list, oneOf, type RuleTable } from './rule-tools.ts';

const ALLERGY_VERIFICATION = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
const CONDITION_CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const CONDITION_VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';

const isMistaken = (x: Json, system: string) => isCoded(x.verificationStatus, system, 'entered-in-error');
const both = (x: Json, a: string, b: string) => has(x, a) && has(x, b);
const either = (x: Json, a: string, b: string) => has(x, a) || has(x, b);

/** Codings as `system|code`. */
const codings = (concept: unknown) =>
  list((concept ?? {}) as Json, 'coding').map((c) => `${c.system ?? ''}|${c.code ?? ''}`);

const isPercent = (quantity: unknown) => {
  const { code, system } = (quantity ?? {}) as Json;
  return quantity === undefined || (code === '%' && system === cs.ucum);
};

function isSurelyBefore(a: unknown, b: unknown): boolean {
  const first = typeof a === 'string' ? intervalOf(a) : null;
  const second = typeof b === 'string' ? intervalOf(b) : null;
  return first !== null && second !== null && first.high <= second.low;
}

export const CLINICAL_RULES: RuleTable = {
  'ait-1': [
    'clinicalStatus phải có khi verificationStatus không phải entered-in-error.',
    (x) => isMistaken(x, ALLERGY_VERIFICATION) || has(x, 'clinicalStatus'),
  ],
  'ait-2': [
    'clinicalStatus không được có khi verificationStatus là entered-in-error.',
    (x) => !isMistaken(x, ALLERGY_VERIFICATION) || !has(x, 'clinicalStatus'),
  ],
  'app-1': ['người tham dự cần type hoặc actor.', (x) => either(x, 'type', 'actor')],
  'app-2': ['start và end phải cùng có hoặc cùng không.', (x) => has(x, 'start') === has(x, 'end')],
  'app-3': [
    'chỉ lịch proposed, cancelled, waitlist mới được thiếu start, end.',
    (x) => both(x, 'start', 'end') || oneOf(x.status, 'proposed', 'cancelled', 'waitlist'),
  ],
  'app-4': [
    'cancelationReason chỉ dùng khi cancelled hoặc noshow.',
    (x) => !has(x, 'cancelationReason') || oneOf(x.status, 'noshow', 'cancelled'),
  ],
  'apr-1': ['cần participantType hoặc actor.', (x) => either(x, 'participantType', 'actor')],
  'sev-1': ['entity có name hoặc query, không cả hai.', (x) => !both(x, 'name', 'query')],
  'cpl-3': ['hoạt động có detail hoặc reference, không cả hai.', (x) => !both(x, 'detail', 'reference')],
  'ctm-1': [
    'onBehalfOf chỉ dùng khi member là Practitioner.',
    (x) => {
      const reference = (x.member as Json | undefined)?.reference;
      return (
        !has(x, 'onBehalfOf') ||
        typeof reference !== 'string' ||
        !/(^|\/)(?!Practitioner\/)[A-Z]\w+\/[^/]+$/.test(reference)
      );
    },
  ],
  'cmp-1': [
    'phần văn bản cần text, entry hoặc section.',
    (x) => either(x, 'text', 'entry') || has(x, 'section'),
  ],
  'cmp-2': ['emptyReason chỉ dùng khi phần rỗng.', (x) => !both(x, 'emptyReason', 'entry')],
  'con-1': ['stage cần summary hoặc assessment.', (x) => either(x, 'summary', 'assessment')],
  'con-2': ['evidence cần code hoặc detail.', (x) => either(x, 'code', 'detail')],
  'con-4': [
    'bệnh đã hết (abatement) thì clinicalStatus phải là inactive, resolved hoặc remission.',
    (x) =>
      !hasChoice(x, 'abatement') ||
      isCoded(x.clinicalStatus, CONDITION_CLINICAL, 'resolved', 'remission', 'inactive'),
  ],
  'con-5': [
    'clinicalStatus không được có khi verificationStatus là entered-in-error.',
    (x) => !isMistaken(x, CONDITION_VERIFICATION) || !has(x, 'clinicalStatus'),
  ],
  'ppc-1': ['cần policy hoặc policyRule.', (x) => either(x, 'policy', 'policyRule')],
  'ces-1': [
    'cần category hoặc productOrService, không cả hai.',
    (x) => has(x, 'category') !== has(x, 'productOrService'),
  ],
  'fhs-1': ['có age[x] hoặc born[x], không cả hai.', (x) => !hasChoice(x, 'age') || !hasChoice(x, 'born')],
  'fhs-2': ['estimatedAge chỉ dùng khi có age[x].', (x) => hasChoice(x, 'age') || !has(x, 'estimatedAge')],
  'gol-1': ['có detail[x] thì phải có measure.', (x) => !hasChoice(x, 'detail') || has(x, 'measure')],
  'grp-1': ['chỉ nhóm actual = true mới có member.', (x) => !has(x, 'member') || x.actual === true],
  'imm-1': ['cần documentType hoặc reference.', (x) => either(x, 'documentType', 'reference')],
  'imr-1': ['cần vaccineCode hoặc targetDisease.', (x) => either(x, 'vaccineCode', 'targetDisease')],
  'ipn-1': ['cần identifier hoặc name.', (x) => either(x, 'identifier', 'name')],
  'lnk-1': ['cần ít nhất hai item.', (x) => list(x, 'item').length > 1],
  'lst-1': ['emptyReason chỉ dùng khi danh sách rỗng.', (x) => !both(x, 'emptyReason', 'entry')],
  'lst-2': [
    'deleted chỉ dùng khi mode = changes.',
    (x) => x.mode === 'changes' || !list(x, 'entry').some((e) => has(e, 'deleted')),
  ],
  'lst-3': [
    'entry.date chỉ dùng khi mode = working.',
    (x) => x.mode === 'working' || !list(x, 'entry').some((e) => has(e, 'date')),
  ],
  'mrp-1': [
    'báo cáo data-collection không có group.',
    (x) => x.type !== 'data-collection' || !has(x, 'group'),
  ],
  'mrp-2': [
    'stratum có value hoặc component, không cả hai.',
    (x) =>
      list(x, 'group').every((g) =>
        list(g, 'stratifier').every((s) =>
          list(s, 'stratum').every((t) => has(t, 'value') !== has(t, 'component')),
        ),
      ),
  ],
  'mad-1': ['dosage cần dose hoặc rate[x].', (x) => has(x, 'dose') || hasChoice(x, 'rate')],
  'mdd-1': [
    'whenHandedOver không được trước whenPrepared.',
    (x) => !isSurelyBefore(x.whenHandedOver, x.whenPrepared),
  ],
  'msq-3': ['coordinateSystem là 0 hoặc 1.', (x) => x.coordinateSystem === 0 || x.coordinateSystem === 1],
  'msq-5': ['chromosome và genomeBuild phải cùng có.', (x) => has(x, 'chromosome') === has(x, 'genomeBuild')],
  'msq-6': [
    'cần đúng một trong genomeBuild, referenceSeqId, referenceSeqPointer, referenceSeqString.',
    (x) =>
      ['genomeBuild', 'referenceSeqId', 'referenceSeqPointer', 'referenceSeqString'].filter((n) => has(x, n))
        .length === 1,
  ],
  'obs-3': ['khoảng tham chiếu cần low, high hoặc text.', (x) => either(x, 'low', 'high') || has(x, 'text')],
  'obs-6': [
    'dataAbsentReason chỉ có khi không có value[x].',
    (x) => !has(x, 'dataAbsentReason') || !hasChoice(x, 'value'),
  ],
  'obs-7': [
    'component có cùng mã với Observation.code thì Observation không được có value[x].',
    (x) => {
      if (!has(x, 'component') || !hasChoice(x, 'value')) return true;
      const own = new Set(codings(x.code));
      return !list(x, 'component').some((c) => codings(c.code).some((coding) => own.has(coding)));
    },
  ],
  'org-1': ['tổ chức cần identifier hoặc name.', (x) => either(x, 'identifier', 'name')],
  'org-2': [
    'địa chỉ của tổ chức không dùng use = home.',
    (x) => !list(x, 'address').some((a) => a.use === 'home'),
    ['Organization'],
  ],
  'org-3': [
    'liên lạc của tổ chức không dùng use = home.',
    (x) => !list(x, 'telecom').some((t) => t.use === 'home'),
    ['Organization'],
  ],
  'pat-1': [
    'người liên hệ cần name, telecom, address hoặc organization.',
    (x) => either(x, 'name', 'telecom') || either(x, 'address', 'organization'),
  ],
  'qrs-1': ['không có cùng lúc item và answer.', (x) => !both(x, 'answer', 'item')],
  'rqg-1': ['cần resource hoặc action, không cả hai.', (x) => has(x, 'resource') !== has(x, 'action')],
  'ras-1': [
    'low và high của probabilityRange phải là %.',
    (x) => {
      const { low, high } = (x.probabilityRange ?? {}) as Json;
      return isPercent(low) && isPercent(high);
    },
    ['RiskAssessment.prediction'],
  ],
  'ras-2': [
    'xác suất không quá 100.',
    (x) => typeof x.probabilityDecimal !== 'number' || x.probabilityDecimal <= 100,
  ],
  'prr-1': ['orderDetail chỉ dùng khi có code.', (x) => !has(x, 'orderDetail') || has(x, 'code')],
  'inv-1': [
    'cần đúng một trong value[x], resource, part.',
    (x) => [hasChoice(x, 'value'), has(x, 'resource'), has(x, 'part')].filter(Boolean).length === 1,
    ['Parameters.parameter'],
  ],
  'inv-1 Task': [
    'lastModified không được trước authoredOn.',
    (x) => !isSurelyBefore(x.lastModified, x.authoredOn),
    ['Task'],
  ],
  'que-7': [
    'operator = exists thì answer là boolean.',
    (x) => x.operator !== 'exists' || has(x, 'answerBoolean'),
  ],
  'nsd-1': [
    'hệ gốc (root) không có uniqueId kiểu uuid.',
    (x) => x.kind !== 'root' || list(x, 'uniqueId').every((u) => u.type !== 'uuid'),
  ],
  'nsd-2': [
    'mỗi kiểu chỉ một uniqueId được ưu tiên.',
    (x) => distinct(list(x, 'uniqueId').flatMap((u) => (u.preferred === true ? [u.type] : []))),
  ],
};
