/** Invariants of Bundle. http://hl7.org/fhir/R4/bundle.html#invs */
import type { Json } from './context.ts';
import { distinct, has, list, oneOf, type RuleTable } from './rule-tools.ts';

const entries = (x: Json) => list(x, 'entry');
const firstType = (x: Json) => (entries(x)[0]?.resource as Json | undefined)?.resourceType;

export const BUNDLE_RULES: RuleTable = {
  'bdl-1': [
    'total chỉ dùng với searchset, history.',
    (x) => !has(x, 'total') || oneOf(x.type, 'searchset', 'history'),
  ],
  'bdl-2': [
    'entry.search chỉ dùng với searchset.',
    (x) => x.type === 'searchset' || !entries(x).some((e) => has(e, 'search')),
  ],
  'bdl-3': [
    'entry.request bắt buộc với batch, transaction, history, và chỉ ở đó.',
    (x) => entries(x).every((e) => has(e, 'request') === oneOf(x.type, 'batch', 'transaction', 'history')),
  ],
  'bdl-4': [
    'entry.response bắt buộc với batch-response, transaction-response, history, và chỉ ở đó.',
    (x) =>
      entries(x).every(
        (e) => has(e, 'response') === oneOf(x.type, 'batch-response', 'transaction-response', 'history'),
      ),
  ],
  'bdl-5': [
    'entry cần resource, request hoặc response.',
    (x) => has(x, 'resource') || has(x, 'request') || has(x, 'response'),
  ],
  'bdl-7': [
    'fullUrl phải khác nhau, hoặc khác meta.versionId.',
    (x) =>
      x.type === 'history' ||
      distinct(
        entries(x).flatMap((e) => {
          const meta = (e.resource as Json | undefined)?.meta as Json | undefined;
          return typeof e.fullUrl === 'string' ? [`${e.fullUrl}|${meta?.versionId ?? ''}`] : [];
        }),
      ),
  ],
  'bdl-8': [
    'fullUrl không được trỏ đến một phiên bản.',
    (x) => typeof x.fullUrl !== 'string' || !x.fullUrl.includes('/_history/'),
  ],
  'bdl-9': [
    'document cần identifier có system và value.',
    (x) => {
      const identifier = (x.identifier ?? {}) as Json;
      return x.type !== 'document' || (has(identifier, 'system') && has(identifier, 'value'));
    },
  ],
  'bdl-10': ['document cần timestamp.', (x) => x.type !== 'document' || typeof x.timestamp === 'string'],
  'bdl-11': [
    'document bắt đầu bằng Composition.',
    (x) => x.type !== 'document' || firstType(x) === 'Composition',
  ],
  'bdl-12': [
    'message bắt đầu bằng MessageHeader.',
    (x) => x.type !== 'message' || firstType(x) === 'MessageHeader',
  ],
};
