/** Reading typed fields of a body: each fault is kept with its place and a sentence, all are thrown together. */
import { Failure, type Issue } from '../../kernel/failure.ts';

const LONGEST_TEXT = 8000;

export interface Fields {
  fault(field: string, text: string, textEn: string): void;
  text(body: Record<string, unknown>, name: string, field?: string): string;
  number(body: Record<string, unknown>, name: string, field?: string): number | null;
  list(body: Record<string, unknown>, name: string): Record<string, unknown>[];
  /** Throws `business-rule` with all faults, if there are any. */
  done(): void;
}

export function readFields(): Fields {
  const issues: Issue[] = [];
  const fault = (field: string, text: string, textEn: string) => {
    issues.push({ severity: 'error', code: 'business-rule', text, textEn, expression: field });
  };
  return {
    fault,
    text(body, name, field = name) {
      const value = body[name] ?? '';
      if (typeof value !== 'string') {
        fault(field, 'Ô này phải là chữ.', 'This field must be text.');
        return '';
      }
      if (value.length <= LONGEST_TEXT) return value.normalize('NFC').trim();
      fault(field, `Quá dài: tối đa ${LONGEST_TEXT} ký tự.`, `Too long: at most ${LONGEST_TEXT} characters.`);
      return '';
    },
    number(body, name, field = name) {
      const value = body[name] ?? null;
      if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value;
      fault(field, 'Ô này phải là số.', 'This field must be a number.');
      return null;
    },
    list(body, name) {
      const value = body[name] ?? [];
      if (Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null)) {
        return value as Record<string, unknown>[];
      }
      fault(name, 'Danh sách này không đọc được.', 'This list cannot be read.');
      return [];
    },
    done() {
      if (issues.length === 0) return;
      const first = issues[0]!;
      throw new Failure('business-rule', first.text, { textEn: first.textEn, issues });
    },
  };
}
