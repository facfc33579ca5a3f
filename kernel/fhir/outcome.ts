/** Failures as OperationOutcomes: Vietnamese in `details.text`, English in `diagnostics`, the place in `expression`. */
import { Failure, type FailureCode, type Issue } from '../failure.ts';
import { faultOf } from '../store/faults.ts';
import type { OperationOutcome, OperationOutcomeIssue } from './types.ts';

/** Of a failure, or of what is told beside an answer. */
export function outcomeOf({ issues }: { issues: readonly Issue[] }): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: issues.map(issueOf) };
}

/** An OperationOutcome of a deed that went well. @param notes what is told besides */
export function goodOutcome(text: string, textEn: string, notes: readonly Issue[] = []): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: [
      { severity: 'information', code: 'informational', details: { text }, diagnostics: textEn },
      ...notes.map(issueOf),
    ],
  };
}

function issueOf(issue: Issue): OperationOutcomeIssue {
  return {
    severity: issue.severity,
    code: issue.code as OperationOutcomeIssue['code'],
    details: { text: issue.text },
    ...(issue.textEn === undefined ? {} : { diagnostics: issue.textEn }),
    ...(issue.expression === undefined ? {} : { expression: [issue.expression] }),
  };
}

/** Errors of the HTTP layer by their code or status, of the database by `faultOf`; null for a defect of ours. */
export function asFailure(error: unknown): Failure | null {
  const told = faultOf(error);
  if (told instanceof Failure) return told;
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known =
    (typeof code === 'string' && BY_CODE[code]) || (typeof statusCode === 'number' && BY_STATUS[statusCode]);
  if (!known) return null;
  const [failure, text, textEn] = known;
  return new Failure(failure, text, { textEn, cause: error });
}

type Known = [FailureCode, string, string];

const TOO_LARGE: Known = [
  'too-large',
  'Nội dung gửi lên quá lớn. Hãy chia thành nhiều yêu cầu.',
  'The body is too large for this address: split it into several requests.',
];
const MEDIA_TYPE: Known = [
  'unsupported-media-type',
  'Chỉ nhận nội dung kiểu application/fhir+json.',
  'Unsupported media type: send application/fhir+json.',
];
const BY_STATUS: Record<number, Known> = {
  400: ['invalid-request', 'Yêu cầu không hợp lệ.', 'The request is not valid.'],
  403: ['not-found', 'Không có địa chỉ này.', 'There is nothing at this address.'],
  404: ['not-found', 'Không có địa chỉ này.', 'There is nothing at this address.'],
  413: TOO_LARGE,
  414: ['invalid-request', 'Địa chỉ quá dài.', 'The address is too long.'],
  415: MEDIA_TYPE,
};
const NO_JSON: Known = [
  'invalid-request',
  'Nội dung gửi lên không đọc được như JSON (bị cắt ngang hoặc sai dấu). Hãy kiểm tra rồi gửi lại.',
  'The body cannot be read as JSON.',
];
const UNWRITABLE: Known = [
  'invalid-request',
  'Nội dung có ký tự không ghi lại được (mã 0). Hãy bỏ ký tự đó rồi gửi lại.',
  'A text holds the character U+0000, which cannot be kept.',
];
const BY_CODE: Record<string, Known> = {
  // PostgreSQL: character_not_in_repertoire, untranslatable_character.
  '22021': UNWRITABLE,
  '22P05': UNWRITABLE,
  FST_ERR_CTP_INVALID_JSON_BODY: NO_JSON,
  FST_ERR_CTP_EMPTY_JSON_BODY: NO_JSON,
  FST_ERR_CTP_BODY_TOO_LARGE: TOO_LARGE,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: MEDIA_TYPE,
};
