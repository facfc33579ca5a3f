import type { Issue } from '../../failure.ts';

/** What is carried out instead of what cannot be: never less than a denial means, never more than a permission does. */
const INSTEAD = {
  deny: {
    text: 'Hệ thống hạn chế rộng hơn, như thể không có điều kiện này.',
    textEn: 'The denial is carried out without this condition, so that it hides more.',
  },
  permit: {
    text: 'Phần này không mở thêm gì.',
    textEn: 'This part permits nothing.',
  },
  bound: {
    text: 'Các từ chối bên trong được hiểu rộng hơn, các cho phép bên trong không mở thêm gì.',
    textEn: 'Denials within it hide more; permissions within it open nothing.',
  },
};

export type Effect = keyof typeof INSTEAD;

/** A place of a Consent that is not carried out as it says, with what is done instead. */
export function fault(expression: string, text: string, textEn: string, effect?: Effect): Issue {
  const instead = effect === undefined ? { text: '', textEn: '' } : INSTEAD[effect];
  return {
    severity: 'warning',
    code: 'not-supported',
    text: `${text} ${instead.text}`.trim(),
    textEn: `${textEn} ${instead.textEn}`.trim(),
    expression,
  };
}
