/** What every route of this room asks first: who, of which unit; and fields of a body, refused by name. */
import type { FastifyRequest } from 'fastify';
import type { Role } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import type { FhirSession } from '../../kernel/fhir/session/session.ts';
import type { Actor, Kernel } from '../../kernel/kernel.ts';
import { isDay, vietnamDay } from '../../kernel/text/vietnam-time.ts';

export const READERS: Role[] = ['nurse', 'doctor', 'station-head'];
export const TOPIC = 'medicines';

const LONGEST_TEXT = 500;
/** More than any station keeps of one lot. */
const MOST = 1_000_000;

export type Body = Record<string, unknown>;

/** A request of this room, with what its address may say. */
export interface Ask {
  Params: { patient: string; dispense: string };
  Querystring: Record<string, string | undefined>;
  Body: Body | undefined;
}

export const todayOf = (kernel: Kernel) => vietnamDay(kernel.settings.now());

export function refusal(expression: string, vi: string, en: string): Failure {
  return new Failure('business-rule', vi, { textEn: en, expression });
}

export function memberOfUnit(kernel: Kernel, request: FastifyRequest): Actor & { unit: string } {
  const actor = kernel.gate.require(request, ...READERS);
  if (actor.unit === null)
    throw new Failure('forbidden', 'Tài khoản này không thuộc đơn vị nào.', {
      textEn: 'This account belongs to no unit.',
    });
  return { ...actor, unit: actor.unit };
}

export const fhirSession = (kernel: Kernel, request: FastifyRequest) =>
  kernel.gate.session(request) as FhirSession;

export function textOf(body: Body, name: string): string {
  const value = body[name] ?? '';
  if (typeof value === 'string' && value.length <= LONGEST_TEXT) return value.normalize('NFC').trim();
  throw refusal(
    name,
    `Ô này phải là chữ, tối đa ${LONGEST_TEXT} ký tự.`,
    `${name} must be text of at most ${LONGEST_TEXT} characters.`,
  );
}

export function dayOf(body: Body, name: string): string {
  const text = textOf(body, name);
  if (isDay(text)) return text;
  throw refusal(name, 'Ngày này không có thật. Hãy nhập lại ngày.', `${name} is not a day.`);
}

export function wholeOf(body: Body, name: string, least: number): number {
  const value = body[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= MOST)
    return value;
  throw refusal(
    name,
    `Số lượng phải là số nguyên từ ${least} đến 1.000.000.`,
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
