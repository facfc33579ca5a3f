/** `/api/access/citizen/…`: a citizen signs in by a code sent to the phone that the record knows. */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../failure.ts';
import { sid } from '../../fhir/systems.ts';
import type { ContactPoint, Patient } from '../../fhir/types.ts';
import type { Store } from '../../store/contract.ts';
import { auditLine } from '../audit.ts';
import { refuseForeignOrigin } from '../authenticate.ts';
import { beginCeremony, ceremonyOf } from '../sessions/cookie.ts';
import { letIn } from '../sign-in/letting-in.ts';
import type { SignInParts } from '../sign-in/parts.ts';
import { actorLine, textOf } from '../sign-in/routes.ts';
import type { Throttle } from '../throttle.ts';
import type { Codes } from './codes.ts';
import type { Messenger } from './messenger.ts';
import { citizenNumberOf, mobileOf } from './phone.ts';

export interface CitizenParts extends SignInParts {
  codes: Codes;
  /** Null when the province has none: nobody is sent a code. */
  messenger: Messenger | null;
  find: Store['search'];
  /** Codes asked for: in ten minutes and in a day for one phone, in ten minutes from one address. */
  asked: { byPhone: Throttle; byPhoneInADay: Throttle; byAddress: Throttle };
  log(sentence: string, error?: unknown): void;
}

export function citizenRoutes(app: FastifyInstance, parts: CitizenParts): void {
  const { limits, codes } = parts;

  app.post('/api/access/citizen/code', async (request, reply) => {
    refuseForeignOrigin(request);
    const { messenger } = parts;
    if (!messenger) throw noMessenger();
    const { number, phone } = numbersOf(request.body);
    for (const [throttle, key] of [
      [parts.asked.byAddress, request.ip],
      [parts.asked.byPhone, phone],
      [parts.asked.byPhoneInADay, phone],
    ] as const) {
      throttle.check(key);
      throttle.count(key);
    }
    const browser = beginCeremony(request, reply, limits.oneTimeCodeMinutes * 60);
    const person = await personOf(parts, number, phone);
    const code = await codes.make(browser, person?.id ?? null);
    // After the answer, which says and takes the same whoever was meant.
    if (person) setImmediate(() => void deliver(parts, messenger, phone, code));
    return reply.code(202).send({ minutes: limits.oneTimeCodeMinutes });
  });

  app.post('/api/access/citizen/sign-in', async (request, reply) => {
    refuseForeignOrigin(request);
    const code = textOf(request.body, 'code', 20);
    parts.tries.byAddress.check(request.ip);
    const browser = ceremonyOf(request);
    const person = browser && (await codes.take(browser, code));
    const patient = person ? await readPatient(parts, person) : null;
    if (!patient) {
      parts.tries.byAddress.count(request.ip);
      await parts.store.audit([
        auditLine(actorLine('citizen', request.ip), 'sign-in', 'session', null, 'failed'),
      ]);
      throw wrong(limits.oneTimeCodeTries);
    }
    const account = await parts.accounts.ofCitizen(patient.id!, nameOf(patient));
    if (!account.active) throw wrong(limits.oneTimeCodeTries);
    return letIn(parts, request, reply, account, ['otp', 'sms']);
  });
}

async function deliver(
  parts: CitizenParts,
  messenger: Messenger,
  phone: string,
  code: string,
): Promise<void> {
  // Without marks: they would make it two messages.
  const text = `Y Ba: ma dang nhap cua ban la ${code}, dung trong ${parts.limits.oneTimeCodeMinutes} phut. Khong dua ma nay cho bat ky ai.`;
  await messenger.send(phone, text).catch((error) => parts.log('a one-time code was not sent', error));
}

/** The one living person who has both the number and the phone; null otherwise. */
async function personOf(parts: CitizenParts, number: string, phone: string): Promise<Patient | null> {
  const { matches } = await parts.find({
    type: 'Patient',
    params: [
      ['identifier', `${sid.cccd}|${number}`],
      ['_count', '3'],
    ],
  });
  const found = matches.map(({ body }) => JSON.parse(body.toString('utf8')) as Patient).filter(isHere);
  const [person] = found;
  if (found.length !== 1 || !person) return null;
  return (person.telecom ?? []).some((contact) => isPhone(contact, phone)) ? person : null;
}

/** Since the code was sent the record may have been closed or merged. */
async function readPatient(parts: CitizenParts, id: string): Promise<Patient | null> {
  const stored = await parts.store.read('Patient', id);
  if (!stored || stored.deleted) return null;
  const patient = JSON.parse(stored.body.toString('utf8')) as Patient;
  return isHere(patient) ? patient : null;
}

function isHere(patient: Patient): boolean {
  const gone = patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined;
  return patient.active !== false && !gone && !patient.link?.some(({ type }) => type === 'replaced-by');
}

function isPhone({ system, value, use }: ContactPoint, phone: string): boolean {
  return (system === 'phone' || system === 'sms') && use !== 'old' && mobileOf(value ?? '') === phone;
}

function nameOf({ name }: Patient): string {
  const [first] = name ?? [];
  return first?.text ?? ([first?.family, ...(first?.given ?? [])].filter(Boolean).join(' ') || 'Người dân');
}

function numbersOf(body: unknown): { number: string; phone: string } {
  const number = citizenNumberOf(textOf(body, 'number', 40));
  const phone = mobileOf(textOf(body, 'phone', 40));
  if (number === null)
    throw new Failure('invalid-parameter', 'Số định danh cá nhân gồm 12 chữ số, ghi trên thẻ căn cước.', {
      textEn: 'A citizen number has 12 digits.',
      expression: 'number',
    });
  if (phone === null)
    throw new Failure('invalid-parameter', 'Số điện thoại di động gồm 10 chữ số, bắt đầu bằng 0.', {
      textEn: 'A mobile number of Viet Nam has 10 digits and begins with 0.',
      expression: 'phone',
    });
  return { number, phone };
}

function wrong(tries: number): Failure {
  return new Failure(
    'sign-in-required',
    `Mã không đúng hoặc đã quá giờ. Sai ${tries} lần thì phải xin mã mới.`,
    {
      textEn: 'The code is wrong or too old.',
      expression: 'code',
      details: { locked: false },
    },
  );
}

function noMessenger(): Failure {
  return new Failure(
    'not-supported',
    'Tỉnh chưa nối cổng nhắn tin. Hãy dùng khóa truy cập hoặc hỏi trạm y tế.',
    {
      textEn: 'No messenger is configured (YBA_MESSENGER): codes cannot be sent.',
    },
  );
}
