/** Invariants of terminology, questionnaires, conformance and test resources. */
import type { Json } from './context.ts';
import { countOf, distinct, has, list, oneOf, type RuleTable } from './rule-tools.ts';

const xor = (x: Json, a: string, b: string) => has(x, a) !== has(x, b);

/** Every item of a tree of `item` or `concept`. */
function tree(x: Json, name: string): Json[] {
  return list(x, name).flatMap((item) => [item, ...tree(item, name)]);
}

const TEST_ASSERTS = [
  'contentType',
  'expression',
  'headerField',
  'minimumId',
  'navigationLinks',
  'path',
  'requestMethod',
  'resource',
  'responseCode',
  'response',
  'validateProfileId',
];

const oneAssert = (x: Json) => has(x, 'extension') || countOf(x, ...TEST_ASSERTS) <= 1;
const operationSource = (x: Json) =>
  has(x, 'sourceId') ||
  countOf(x, 'targetId', 'url', 'params') === 1 ||
  oneOf((x.type as Json | undefined)?.code, 'capabilities', 'search', 'transaction', 'history');
const compareSource = (x: Json) =>
  !has(x, 'compareToSourceId') !== (has(x, 'compareToSourceExpression') || has(x, 'compareToSourcePath'));
const assertDirection = (x: Json) =>
  !has(x, 'direction') ||
  x.direction === 'response' ||
  (!has(x, 'response') && !has(x, 'responseCode') && x.direction === 'request');
const described = (x: Json) => countOf(x, 'description', 'software', 'implementation') > 0;
const instance = (x: Json) => x.kind !== 'instance' || has(x, 'implementation');
const capability = (x: Json) => x.kind !== 'capability' || (!has(x, 'implementation') && has(x, 'software'));
const requirements = (x: Json) =>
  x.kind !== 'requirements' || (!has(x, 'implementation') && !has(x, 'software'));

const LIMITED = ['boolean', 'decimal', 'integer', 'string', 'text', 'url', 'open-choice'];
const ANSWERED = [
  'choice',
  'open-choice',
  'decimal',
  'integer',
  'date',
  'dateTime',
  'time',
  'string',
  'quantity',
];

export const CONTENT_RULES: RuleTable = {
  'que-1': [
    'nhóm (group) phải có item; display không được có item.',
    (x) => (x.type !== 'group' || has(x, 'item')) && (x.type !== 'display' || !has(x, 'item')),
  ],
  'que-2': [
    'linkId không được trùng trong bộ câu hỏi.',
    (x) => distinct(tree(x, 'item').map((item) => item.linkId)),
  ],
  'que-3': ['display không có code.', (x) => x.type !== 'display' || !has(x, 'code')],
  'que-4': [
    'answerOption và answerValueSet không đi cùng nhau.',
    (x) => !has(x, 'answerOption') || !has(x, 'answerValueSet'),
  ],
  'que-5': [
    'kiểu câu hỏi này không có danh sách trả lời.',
    (x) => oneOf(x.type, ...ANSWERED) || (!has(x, 'answerValueSet') && !has(x, 'answerOption')),
  ],
  'que-6': [
    'display không có required, repeats.',
    (x) => x.type !== 'display' || (!has(x, 'required') && !has(x, 'repeats')),
  ],
  'que-8': [
    'group và display không có initial.',
    (x) => (x.type !== 'group' && x.type !== 'display') || !has(x, 'initial'),
  ],
  'que-9': ['display không có readOnly.', (x) => x.type !== 'display' || !has(x, 'readOnly')],
  'que-10': [
    'maxLength chỉ dùng với câu hỏi đơn giản.',
    (x) => oneOf(x.type, ...LIMITED) || !has(x, 'maxLength'),
  ],
  'que-11': [
    'answerOption và initial không đi cùng nhau.',
    (x) => !has(x, 'answerOption') || !has(x, 'initial'),
  ],
  'que-12': [
    'nhiều enableWhen cần enableBehavior.',
    (x) => list(x, 'enableWhen').length <= 2 || has(x, 'enableBehavior'),
  ],
  'que-13': [
    'nhiều initial chỉ khi repeats = true.',
    (x) => x.repeats === true || list(x, 'initial').length <= 1,
  ],
  'csd-1': [
    'mã trong CodeSystem không được trùng.',
    (x) => distinct(tree(x, 'concept').map((concept) => concept.code)),
  ],
  'cmd-1': [
    'narrower, inexact cần comment.',
    (x) => has(x, 'comment') || !oneOf(x.equivalence, 'narrower', 'inexact'),
  ],
  'cmd-2': ['mode = fixed cần code.', (x) => x.mode !== 'fixed' || has(x, 'code')],
  'cmd-3': ['mode = other-map cần url.', (x) => x.mode !== 'other-map' || has(x, 'url')],
  'vsd-1': ['include, exclude cần valueSet hoặc system.', (x) => has(x, 'valueSet') || has(x, 'system')],
  'vsd-2': [
    'concept, filter cần system.',
    (x) => (!has(x, 'concept') && !has(x, 'filter')) || has(x, 'system'),
  ],
  'vsd-3': ['concept và filter không đi cùng nhau.', (x) => !has(x, 'concept') || !has(x, 'filter')],
  'vsd-6': ['cần code hoặc display.', (x) => has(x, 'code') || has(x, 'display')],
  'vsd-9': ['không abstract thì phải có code.', (x) => has(x, 'code') || x.abstract === true],
  'vsd-10': ['có code thì phải có system.', (x) => !has(x, 'code') || has(x, 'system')],
  'mea-1': [
    'stratifier có một tiêu chí hoặc các component, không cả hai.',
    (x) =>
      list(x, 'group').every((g) =>
        list(g, 'stratifier').every(
          (s) => (has(s, 'code') || has(s, 'description') || has(s, 'criteria')) !== has(s, 'component'),
        ),
      ),
  ],
  'cpb-1': ['cần rest, messaging hoặc document.', (x) => countOf(x, 'rest', 'messaging', 'document') > 0],
  'cpb-2': ['cần description, software hoặc implementation.', described],
  'cpb-3': [
    'messaging.endpoint chỉ khi kind = instance.',
    (x) => x.kind === 'instance' || !list(x, 'messaging').some((m) => has(m, 'endpoint')),
  ],
  'cpb-7': [
    'document không được trùng profile và mode.',
    (x) => distinct(list(x, 'document').map((d) => `${d.profile}${d.mode}`)),
  ],
  'cpb-9': [
    'mỗi loại tài nguyên chỉ mô tả một lần.',
    (x) => distinct(list(x, 'resource').map((r) => r.type)),
  ],
  'cpb-12': ['tên searchParam không được trùng.', (x) => distinct(list(x, 'searchParam').map((p) => p.name))],
  'cpb-14': ['kind = instance cần implementation.', instance],
  'cpb-15': ['kind = capability cần software và không có implementation.', capability],
  'cpb-16': ['kind = requirements không có implementation, software.', requirements],
  'tcp-1': [
    'nhiều version thì mỗi version cần code.',
    (x) => list(x, 'version').length <= 1 || list(x, 'version').every((v) => has(v, 'code')),
  ],
  'tcp-2': ['cần description, software hoặc implementation.', described],
  'tcp-3': ['kind = instance cần implementation.', instance],
  'tcp-4': ['kind = capability cần software và không có implementation.', capability],
  'tcp-5': ['kind = requirements không có implementation, software.', requirements],
  'md-1': [
    'max là số dương hoặc "*".',
    (x) => typeof x.max !== 'string' || x.max === '*' || Number(x.max) > 0,
  ],
  'opd-1': ['cần type hoặc part.', (x) => has(x, 'type') || has(x, 'part')],
  'opd-2': ['searchType chỉ dùng với type = string.', (x) => !has(x, 'searchType') || x.type === 'string'],
  'opd-3': [
    'targetProfile chỉ dùng với Reference, canonical.',
    (x) => !has(x, 'targetProfile') || oneOf(x.type, 'Reference', 'canonical'),
  ],
  'spd-1': ['có xpath thì phải có xpathUsage.', (x) => !has(x, 'xpath') || has(x, 'xpathUsage')],
  'spd-2': ['chain chỉ dùng với type = reference.', (x) => !has(x, 'chain') || x.type === 'reference'],
  'smp-1': ['có element thì phải có context.', (x) => !has(x, 'element') || has(x, 'context')],
  'smp-2': ['có context thì phải có contextType.', (x) => !has(x, 'context') || has(x, 'contextType')],
  'sdf-2': ['cần name hoặc uri.', (x) => has(x, 'name') || has(x, 'uri')],
  'sdf-4': [
    'không abstract thì phải có baseDefinition.',
    (x) => x.abstract === true || has(x, 'baseDefinition'),
  ],
  'sdf-5': [
    'định nghĩa phần mở rộng cần context.',
    (x) => x.type !== 'Extension' || x.derivation === 'specialization' || has(x, 'context'),
  ],
  'sdf-6': ['cần snapshot hoặc differential.', (x) => has(x, 'snapshot') || has(x, 'differential')],
  'sdf-18': [
    'contextInvariant chỉ dùng với phần mở rộng.',
    (x) => !has(x, 'contextInvariant') || x.type === 'Extension',
  ],
  'inv-1 TestReport': [
    'cần operation hoặc assert, không cả hai.',
    (x) => xor(x, 'operation', 'assert'),
    ['TestReport.setup.action'],
  ],
  'inv-2': ['cần operation hoặc assert, không cả hai.', (x) => xor(x, 'operation', 'assert')],
  'tst-1': ['cần operation hoặc assert, không cả hai.', (x) => xor(x, 'operation', 'assert')],
  'tst-2': ['cần operation hoặc assert, không cả hai.', (x) => xor(x, 'operation', 'assert')],
  'tst-3': [
    'chỉ một trong expression, headerField, path.',
    (x) => !has(x, 'expression') || !has(x, 'headerField') || !has(x, 'path'),
  ],
  'tst-4': [
    'capability cần required hoặc validated.',
    (x) => list(x, 'capability').some((c) => has(c, 'required') || has(c, 'validated')),
  ],
  'tst-5': ['chỉ một phép kiểm trong assert.', oneAssert],
  'tst-7': ['operation cần sourceId, hoặc một trong targetId, url, params.', operationSource],
  'tst-10': ['compareToSourceId đi cùng compareToSourceExpression hoặc compareToSourcePath.', compareSource],
  'tst-12': ['direction = request không có response, responseCode.', assertDirection],
};
