/** The failures of a search request: always named, in both languages. */
import { Failure } from '../../failure.ts';

/** The type has no such parameter. */
export function unknownParameter(type: string, name: string): Failure {
  return new Failure(
    'unknown-parameter',
    `${type} không có tham số tìm kiếm "${name}". Xem danh sách ở /fhir/metadata.`,
    {
      textEn: `${type} has no search parameter "${name}". See /fhir/metadata for those it has.`,
      expression: name,
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
