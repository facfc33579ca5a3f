/** The acts on a visit. Each reads the visit, decides by pure functions, writes one transaction and answers the visit. */
import { rulesInForce } from '../../engines/rules/index.ts';
import { Failure } from '../../kernel/failure.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Practitioner, ServiceRequest } from '../../kernel/fhir/types.ts';
import { shelvedBy } from '../medicines/index.ts';
import { draftBundle } from './bundle.ts';
import { consultationBundle } from './consultation/bundle.ts';
import { readConsultation } from './consultation/input.ts';
import { vitalLimits } from './consultation/vitals.ts';
import type { ChargesView, CheckView, OrderView, VisitView } from './contract.ts';
import {
  commit,
  type Desk,
  isVersionConflict,
  load,
  now,
  requireVersion,
  today,
  view,
  writerOf,
} from './desk.ts';
import { readFields } from './fields.ts';
import { billOf, chargesView } from './finish/charges.ts';
import {
  finishBundle,
  finishedEncounter,
  isFinishedSo,
  readFinish,
  requireSameFinish,
} from './finish/finish.ts';
import { objectOf } from './http.ts';
import { alreadyOrdered, newOrder, openOrder, orderOf, orderViews } from './laboratory/orders.ts';
import { readResults, resultBundle } from './laboratory/results.ts';
import { alertViews, cardsFor, dayLimit } from './prescription/check.ts';
import { loadToCheck, noteOverrides, noteShown } from './prescription/checking.ts';
import { lineView, readLines } from './prescription/lines.ts';
import { prescriptionNumber } from './prescription/number.ts';
import {
  overridesOf,
  readSigning,
  requireUnsigned,
  signedNumber,
  signingBundle,
} from './prescription/sign.ts';
import { dayOfVisit, identifierOf, idOf, nameOf, versionOf } from './text.ts';
import { isAlreadyMine, startBundle } from './visit/start.ts';
import { readLaboratory, requireOpen, type Visit } from './visit/visit.ts';
import { written } from './visit/written.ts';

export async function show(desk: Desk): Promise<VisitView> {
  return view(desk, await load(desk));
}

/** Starting one's own visit again answers the visit; another doctor's is a `conflict`. */
export async function start(desk: Desk, seen: number, body: unknown): Promise<VisitView> {
  const { practitioner } = writerOf(desk);
  const fields = readFields();
  const reason = fields.text(objectOf(body ?? {}), 'takeOverReason');
  fields.done();
  const visit = await load(desk);
  if (isAlreadyMine(visit, practitioner.id)) return view(desk, visit);
  const bundle = startBundle(visit, practitioner, now(desk), reason);
  requireVersion(desk, visit, seen);
  return commit(desk, visit, bundle);
}

/** Nurses write vital signs while the patient waits; diagnoses wait for the doctor. */
export async function consult(desk: Desk, seen: number, body: unknown): Promise<VisitView> {
  const writer = writerOf(desk);
  const visit = await load(desk);
  const day = dayOfVisit(visit.encounter) || today(desk);
  const limits = vitalLimits(desk.kernel.content, visit.patient.birthDate, day);
  const input = readConsultation(body, {
    limits,
    content: desk.kernel.content,
    terminology: desk.terminology,
    day,
  });
  requireOpen(visit, ...(input.diagnoses.length > 0 ? [] : (['arrived', 'triaged'] as const)), 'in-progress');
  requireVersion(desk, visit, seen);
  return commit(desk, visit, consultationBundle(visit, input, writer));
}

/** A writing of the same visit that came in between costs an order one more try; so many in a row never happen. */
const ORDER_TRIES = 8;

/**
 * Orders a laboratory service. The order is a version of the visit, so that the database decides between it and the end of
 * the visit, whichever program they come through. What others write meanwhile does not concern it: it is tried again.
 */
export async function order(desk: Desk, body: unknown): Promise<VisitView> {
  const writer = writerOf(desk);
  const fields = readFields();
  const service = fields.text(objectOf(body), 'service');
  fields.done();
  for (let left = ORDER_TRIES; ; left -= 1) {
    const visit = await load(desk);
    requireOpen(visit, 'in-progress');
    const draft = draftBundle();
    const placed = newOrder(visit, service, writer.practitioner, writer.now, writer.content);
    draft.create(placed, openOrder(placed));
    draft.update(written(visit.encounter, writer.now));
    try {
      const answer = await desk.session.transaction(draft.bundle());
      if (!answer.entry?.[0]?.response?.status?.startsWith('201')) throw alreadyOrdered(nameOf(placed.code));
      return view(desk, await load(desk));
    } catch (error) {
      if (left <= 1 || !isVersionConflict(error)) throw error;
    }
  }
}

/** @param seen version of the order */
export async function revoke(desk: Desk, orderId: string, seen: number): Promise<VisitView> {
  writerOf(desk);
  const visit = await load(desk);
  const found = orderOf(visit, orderId);
  if (found.status !== 'active') {
    throw new Failure('conflict', 'Chỉ định đã có kết quả hoặc đã hủy.', {
      textEn: `The order is ${found.status}.`,
    });
  }
  requireOrderVersion(found, seen);
  const draft = draftBundle();
  draft.update({ ...found, status: 'revoked' });
  return commit(desk, visit, draft.bundle());
}

/** @param seen version of the order. Answers the order alone, since laboratory staff see nothing else of the visit. */
export async function enterResults(desk: Desk, seen: number, body: unknown): Promise<{ order: OrderView }> {
  const { practitioner, now: at, content } = writerOf(desk);
  const visit = await readLaboratory(desk.session, desk.encounter);
  requireOpen(visit, 'in-progress', 'onleave');
  const found = orderOf(visit, String(objectOf(body).order ?? ''));
  const results = readResults(body, found, visit, content);
  const bundle = resultBundle(visit, found, results, practitioner, at);
  requireOrderVersion(found, seen);
  await desk.session.transaction(bundle);
  const after = await readLaboratory(desk.session, desk.encounter);
  return { order: orderViews(after, content, today(desk)).find((one) => one.id === found.id)! };
}

function requireOrderVersion(found: ServiceRequest, seen: number): void {
  if (versionOf(found) === seen) return;
  throw new Failure('version-conflict', 'Người khác vừa ghi vào chỉ định này. Mở lại lượt khám để xem.', {
    textEn: 'Someone else has just written in this order.',
    details: { current: found },
  });
}

/** What the lines mean and which rules speak; nothing is written. */
export async function checkLines(desk: Desk, body: unknown): Promise<CheckView> {
  const { content } = desk.kernel;
  const day = today(desk);
  const { visit, checking } = await loadToCheck(desk, day);
  const given = objectOf(body);
  const fields = readFields();
  const limit = dayLimit(visit, rulesInForce(content, day));
  const lines = readLines(given, fields, { content, day, limit });
  const replaces = fields.text(given, 'replaces') || null;
  fields.done();
  const cards = cardsFor(visit, lines, checking, content, day, [replaces]);
  noteShown(desk, cards);
  return { lines: lines.map(lineView), alerts: alertViews(cards, content, day), warnings: [] };
}

/**
 * Signs the prescription. The same act sent again (same Idempotency-Key) answers the visit and signs nothing twice.
 * @param key Idempotency-Key; fails with `invalid-request` when there is none
 */
export async function sign(desk: Desk, seen: number, key: string, body: unknown): Promise<VisitView> {
  const { practitioner, now: at, content } = writerOf(desk);
  if (key === '') {
    throw new Failure('invalid-request', 'Thiếu khóa của lần ký (Idempotency-Key). Hãy tải lại trang.', {
      textEn: 'Idempotency-Key is required.',
    });
  }
  const day = at.slice(0, 10);
  const [{ visit, checking }, prescriber] = await Promise.all([
    loadToCheck(desk, day),
    desk.session.read('Practitioner', practitioner.id),
  ]);
  const unit = idOf(visit.encounter.serviceProvider);
  const facility = await facilityCode(desk, unit);
  const number = prescriptionNumber(facility, `${visit.encounter.id}|${practitioner.id}|${key}`);
  const isDone = ({ encounter }: Visit) => signedNumber(encounter) === number;
  if (isDone(visit)) return view(desk, visit);
  requireOpen(visit, 'in-progress');
  requireLicence(prescriber);
  const signing = readSigning(body, visit, content, day);
  requireUnsigned(visit, signing.replaces);
  requireVersion(desk, visit, seen);
  const overrides = overridesOf(visit, signing, checking, content, { day, number });
  const signed = await commit(
    desk,
    visit,
    signingBundle(visit, signing, { number, at, by: practitioner }, overrides, {
      unit,
      medicines: await shelvedBy(desk.kernel.pool, unit),
    }),
    isDone,
  );
  noteOverrides(desk, overrides);
  return signed;
}

async function facilityCode(desk: Desk, organization: string): Promise<string> {
  const found = await desk.session.read('Organization', organization);
  const code = identifierOf(found, sid.cskcb);
  if (code.length === 5) return code;
  throw new Failure('business-rule', 'Đơn vị chưa có mã cơ sở 5 ký tự nên chưa cấp được mã đơn thuốc.', {
    textEn: 'The unit has no facility code of five characters.',
  });
}

/** Only a practitioner with a practice licence prescribes (Circular 26/2025, article 2). */
function requireLicence(practitioner: Practitioner): void {
  if (identifierOf(practitioner, sid.gphn) !== '') return;
  throw new Failure(
    'forbidden',
    'Người kê đơn chưa có giấy phép hành nghề trong hệ thống (TT 26/2025 Điều 2).',
    {
      textEn: 'The prescriber has no practice licence on record.',
    },
  );
}

/** The bill as it would be if the visit ended now; nothing is written. */
export async function previewCharges(desk: Desk): Promise<ChargesView> {
  const visit = await load(desk);
  const ended = {
    ...visit.encounter,
    period: { ...visit.encounter.period, end: visit.encounter.period?.end ?? now(desk) },
  };
  const doctor = desk.session.actor.practitioner ?? '';
  return chargesView(await billOf(desk.session, visit, ended, desk.kernel.content, doctor));
}

/** Ends the visit. The same act sent again answers the finished visit. */
export async function finish(desk: Desk, seen: number, body: unknown): Promise<VisitView> {
  const { practitioner, now: at, content } = writerOf(desk);
  const visit = await load(desk);
  if (visit.encounter.status === 'finished') {
    const given = objectOf(body);
    requireSameFinish(visit, { outcome: String(given.outcome), dischargeType: String(given.dischargeType) });
    return view(desk, visit);
  }
  requireOpen(visit, 'in-progress');
  const input = readFinish(body, visit, desk.terminology, at.slice(0, 10));
  requireVersion(desk, visit, seen);
  const finished = finishedEncounter(visit, input, at, desk.terminology);
  const billed = await billOf(desk.session, visit, finished, content, practitioner.id);
  const done = await commit(desk, visit, finishBundle(visit, finished, input, billed.bill), (now) =>
    isFinishedSo(now, input),
  );
  return { ...done, charges: chargesView(billed) };
}
