/** The failures of a search request: always named, in both languages. */
import { Failure } from '../../failure.ts';
import { type Unready, unreadyOf } from './own-parameters.ts';

/** The type has no such parameter, or not yet. */
export function unknownParameter(type: string, name: string): Failure {
  const unready = unreadyOf(type).get(name);
  if (unready) return notYet(type, name, unready);
  return new Failure(
    'unknown-parameter',
    `${type} không có tham số tìm kiếm "${name}". Xem danh sách ở /fhir/metadata.`,
    {
      textEn: `${type} has no search parameter "${name}". See /fhir/metadata for those it has.`,
      expression: name,
    },
  );
}

/**
 * Answered now it would leave out what was written before. One of our own is refused like one that does not exist; one of
 * R4, whose index is made anew after an update of the program, is told as something that passes.
 */
export function notYet(type: string, name: string, { own, done, left }: Unready): Failure {
  const percent = Math.min(99, Math.floor(done * 100));
  return new Failure(
    own ? 'unknown-parameter' : 'index-incomplete',
    `Chưa tìm được theo "${name}" của ${type}: đang lập chỉ mục các bản ghi cũ (${percent} %, còn chừng ${left} giây). Hãy thử lại sau.`,
    {
      textEn: `${type} cannot be searched by "${name}" yet: older records are being indexed (${percent} %, about ${left} seconds left). Try again later.`,
      expression: name,
      details: { retryAfter: left },
    },
  );
}

/** The parameter is known, the modifier is not one it takes. */
export function unknownModifier(name: string, modifier: string, allowed: readonly string[]): Failure {
  const list = allowed.length > 0 ? allowed.map((m) => `:${m}`).join(', ') : '–';
  return new Failure(
    'invalid-parameter',
    `Tham số "${name}" không nhận bổ từ ":${modifier}". Dùng được: ${list}.`,
    {
      textEn: `Parameter "${name}" does not take the modifier ":${modifier}". It takes: ${list}.`,
      expression: name,
    },
  );
}

/** The value does not have the form that the parameter takes. */
export function invalidValue(name: string, value: string, wanted: string, wantedEn: string): Failure {
  const shown = value.slice(0, 100).replace(/\p{Cc}/gu, '\ufffd');
  return new Failure('invalid-parameter', `Giá trị "${shown}" của "${name}" không hợp lệ: cần ${wanted}.`, {
    textEn: `Value "${shown}" of "${name}" is not valid: ${wantedEn} is needed.`,
    expression: name,
  });
}

/** Understood, but not something this server answers. */
export function unsupported(name: string, what: string, whatEn: string): Failure {
  return new Failure('invalid-parameter', `"${name}": ${what}`, {
    textEn: `"${name}": ${whatEn}`,
    expression: name,
  });
}
