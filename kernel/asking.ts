/** What a route asks first: who, of which unit; and fields of a body, refused by name with a sentence. */
import type { FastifyRequest } from 'fastify';
import type { Role } from './access/contract.ts';
import { Failure } from './failure.ts';
import type { Actor, Kernel } from './kernel.ts';
import { isDay, vietnamDay } from './text/vietnam-time.ts';

const LONGEST_TEXT = 2_000;
/** More than any unit keeps of one thing. */
const MOST = 1_000_000;

export type Body = Record<string, unknown>;

export const todayOf = (kernel: Kernel) => vietnamDay(kernel.settings.now());

/** `business-rule`, said of a field. */
export function refusal(expression: string, vi: string, en: string): Failure {
  return new Failure('business-rule', vi, { textEn: en, expression });
}

/** @throws Failure `forbidden` for whoever belongs to no unit */
export function memberOfUnit(
  kernel: Kernel,
  request: FastifyRequest,
  ...roles: Role[]
): Actor & { unit: string } {
  const actor = kernel.gate.require(request, ...roles);
  if (actor.unit === null)
    throw new Failure('forbidden', 'Tài khoản này không thuộc đơn vị nào.', {
      textEn: 'This account belongs to no unit.',
    });
  return { ...actor, unit: actor.unit };
}

export function textOf(body: Body, name: string): string {
  const value = body[name] ?? '';
  if (typeof value === 'string' && value.length <= LONGEST_TEXT) return value.normalize('NFC').trim();
  throw refusal(
    name,
    `Ô này phải là chữ, tối đa ${LONGEST_TEXT.toLocaleString('vi-VN')} ký tự.`,
    `${name} must be text of at most ${LONGEST_TEXT} characters.`,
  );
}

export function dayIn(text: string, name: string): string {
  if (isDay(text)) return text;
  throw refusal(name, 'Ngày này không có thật. Hãy nhập lại ngày.', `${name} is not a day.`);
}

export function wholeOf(body: Body, name: string, least: number): number {
  const value = body[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= MOST)
    return value;
  throw refusal(
    name,
    `Số lượng phải là số nguyên từ ${least} đến ${MOST.toLocaleString('vi-VN')}.`,
    `${name} is a whole number from ${least} to ${MOST}.`,
  );
}

export function reasonOf(body: Body): string {
  const why = textOf(body, 'why');
  if (why === '') throw refusal('why', 'Hãy ghi lý do.', 'The reason is missing.');
  return why;
}

/** Pages of a list are numbered from 0. */
export function pageOf(text = '0'): number {
  const page = Number(text);
  if (Number.isSafeInteger(page) && page >= 0 && page < 100_000) return page;
  throw new Failure('invalid-parameter', 'Số trang không hợp lệ. Hãy mở lại từ trang đầu.', {
    textEn: 'This page does not exist.',
    expression: 'cursor',
  });
}
