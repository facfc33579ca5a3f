/** A call that failed, as a sentence a person can act on. Decodes `{error}` of our own routes and OperationOutcome. Pure. */
import { language, t } from '../i18n/language.ts';

/** A fault with its place, as the server names it. `expression` is a form field's name or a FHIRPath. */
export interface ShownIssue {
  severity: string;
  text: string;
  expression?: string;
}

export class ApiFailure extends Error {
  /** Stable code (`kernel/failure.ts`), or `network` when the server could not be reached. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly issues: readonly ShownIssue[];
  /** Machine-readable extra, for example both versions of a conflicting record. */
  readonly details: unknown;

  constructor(
    code: string,
    status: number,
    text: string,
    issues: readonly ShownIssue[] = [],
    details?: unknown,
  ) {
    super(text);
    this.name = 'ApiFailure';
    this.code = code;
    this.status = status;
    this.issues = issues;
    this.details = details;
  }

  /** True when trying again later may succeed without the person changing anything. */
  get passing(): boolean {
    return this.code === 'network' || [429, 502, 503, 504].includes(this.status);
  }

  /** Two people wrote the same record; `details` holds both versions for `ConflictView`. */
  get conflict(): boolean {
    return this.code === 'version-conflict';
  }
}

/** No answer came: the request may or may not have arrived, so the same idempotency key is used again. */
export function networkFailure(): ApiFailure {
  return new ApiFailure(
    'network',
    0,
    t('ui.failure.network', 'Mất kết nối với máy chủ. Những gì đã gõ vẫn còn; máy sẽ tự thử lại.'),
  );
}

/** @param body parsed JSON of the answer, or null when it was none */
export function decodeFailure(status: number, body: unknown): ApiFailure {
  const own = readOwn(body);
  if (own) return new ApiFailure(own.code, status, own.text, own.issues, own.details);
  const outcome = readOutcome(body);
  if (outcome.length > 0) return new ApiFailure(outcome[0]!.code, status, outcome[0]!.text, outcome);
  return new ApiFailure(`http-${status}`, status, sentenceOf(status));
}

interface OwnError {
  code: string;
  text: string;
  issues: ShownIssue[];
  details: unknown;
}

function readOwn(body: unknown): OwnError | null {
  const error = member(body, 'error');
  const code = member(error, 'code');
  if (typeof code !== 'string') return null;
  const issues = list(member(error, 'issues')).map((issue) => ({
    severity: word(member(issue, 'severity')) ?? 'error',
    text: inLanguage(word(member(issue, 'text')), word(member(issue, 'textEn'))) ?? code,
    expression: word(member(issue, 'expression')),
  }));
  const text =
    inLanguage(word(member(error, 'text')), word(member(error, 'textEn'))) ?? issues[0]?.text ?? code;
  return { code, text, issues, details: member(error, 'details') };
}

function readOutcome(body: unknown): (ShownIssue & { code: string })[] {
  if (member(body, 'resourceType') !== 'OperationOutcome') return [];
  return list(member(body, 'issue')).map((issue) => {
    const code = word(member(issue, 'code')) ?? 'invalid';
    const text = word(member(issue, 'diagnostics')) ?? word(member(member(issue, 'details'), 'text')) ?? code;
    return {
      severity: word(member(issue, 'severity')) ?? 'error',
      code,
      text,
      expression: word(list(member(issue, 'expression'))[0]),
    };
  });
}

function sentenceOf(status: number): string {
  if (status === 403) return t('ui.failure.403', 'Tài khoản này không được phép làm việc đó.');
  if (status === 404)
    return t('ui.failure.404', 'Không tìm thấy. Có thể đã được chuyển hoặc gộp; hãy tìm lại.');
  if (status === 413) return t('ui.failure.413', 'Nội dung gửi lên quá lớn. Hãy chia nhỏ.');
  if (status >= 500)
    return t(
      'ui.failure.500',
      'Máy chủ gặp lỗi. Những gì đã gõ vẫn còn; thử lại, nếu vẫn lỗi hãy báo người quản trị.',
    );
  return t('ui.failure.other', 'Không thực hiện được (mã {status}). Những gì đã gõ vẫn còn.', { status });
}

function inLanguage(vietnamese: string | undefined, english: string | undefined): string | undefined {
  return language() === 'en' ? (english ?? vietnamese) : (vietnamese ?? english);
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
