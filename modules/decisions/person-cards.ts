/**
 * Cards of a person for our own screens: when her record is opened, when vital signs or results were saved, when medicines of her
 * prescriptions are handed out. Asked, taken up or set aside in the caller's name.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Card, evaluateRules, readFacts, uncheckedCards } from '../../engines/rules/index.ts';
import { Failure } from '../../kernel/failure.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type {
  DetectedIssue,
  Encounter,
  MedicationRequest,
  Patient,
  Resource,
} from '../../kernel/fhir/types.ts';
import type { Actor, Kernel, RecordSession } from '../../kernel/kernel.ts';
import type { PersonCard } from '../../kernel/person-card.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { cardId, keepOutcomes, keepShown, type Outcome, outcomesOf, showingTo } from './cards.ts';
import { overrideReasons } from './hooks/cards.ts';
import { coveredOrders } from './hooks/dispenses.ts';
import { placeOf } from './place.ts';
import { speakingRules } from './switches.ts';

const READERS = ['doctor', 'nurse', 'station-head'] as const;
const DECIDERS = ['doctor', 'station-head'] as const;
const ID = /^[A-Za-z0-9.-]{1,64}$/;
const LONGEST_TEXT = 500;
/** Lines of prescriptions that are handed out at once, at most. */
const MOST_LINES = 50;

/** `dispensing`: ids of MedicationRequests, with commas, that are about to be handed out. */
interface Query {
  encounter?: string;
  dispensing?: string;
}
interface AtPerson {
  Params: { patient: string };
  Querystring: Query;
}
interface AtCard {
  Params: { patient: string; card: string };
  Querystring: Query;
}

/** A card with the id under which it is counted. */
interface Shown {
  id: string;
  card: Card;
}

export function personCardRoutes(app: FastifyInstance, kernel: Kernel): void {
  const at = '/api/decisions/people/:patient/cards';

  app.get<AtPerson>(at, async (request): Promise<{ cards: PersonCard[] }> => {
    const actor = kernel.gate.require(request, ...READERS);
    const asked = askedOf(request);
    const { content, pool, settings } = kernel;
    const now = settings.now();
    const { shown } = await cardsOf(kernel, kernel.gate.session(request), asked);
    const outcomes = await outcomesOf(
      pool,
      shown.map(({ id }) => id),
    );
    keepShown(pool, shown, showingTo(actor, asked.hook, now)).catch(notice);
    const day = vietnamDay(now);
    return {
      cards: shown
        .filter(({ id }) => !outcomes.has(id))
        .map(({ id, card }) => ({
          id,
          rule: card.rule,
          severity: card.severity,
          title: card.summary,
          detail: card.detail,
          management: card.management,
          source: card.source,
          links: card.links.flatMap(({ type, label, url }) => (type === 'absolute' ? [{ label, url }] : [])),
          suggestions: card.suggestions.map(({ label }) => label),
          reasons: overrideReasons(card, content, day, false) as PersonCard['reasons'],
          reasonsEn: overrideReasons(card, content, day, true) as PersonCard['reasons'],
        })),
    };
  });

  app.post<AtCard>(`${at}/:card/accept`, async (request) => {
    const actor = kernel.gate.require(request, ...DECIDERS);
    const session = kernel.gate.session(request);
    const shown = await shownAt(kernel, session, request);
    const { suggestion } = (request.body ?? {}) as { suggestion?: unknown };
    const chosen = typeof suggestion === 'number' ? shown.card.suggestions[suggestion] : undefined;
    if (!chosen) throw wrong('suggestion', 'Thẻ này không có gợi ý đó.', 'suggestion is none of the card.');
    if (chosen.type === 'delete')
      throw wrong(
        'suggestion',
        'Gợi ý bỏ một thuốc thì làm ở đơn thuốc.',
        'What is to be removed is removed in the prescription.',
      );
    const made =
      chosen.type === 'create'
        ? await session.create(askedBy(actor, chosen.resource!, vietnamInstant(kernel.settings.now())))
        : await session.update(chosen.resource!);
    await keepOutcome(kernel, actor, shown, { outcome: 'accepted', reason: null }, askedOf(request));
    return { reference: `${made.resourceType}/${made.id}` };
  });

  app.post<AtCard>(`${at}/:card/override`, async (request) => {
    const actor = kernel.gate.require(request, ...DECIDERS);
    const session = kernel.gate.session(request);
    const shown = await shownAt(kernel, session, request);
    const now = kernel.settings.now();
    const { reason, text } = readReason(kernel, shown.card, request.body);
    const issue = overridden(shown, askedOf(request), {
      reason,
      text,
      at: vietnamInstant(now),
      by: actor.practitioner
        ? { reference: `Practitioner/${actor.practitioner}`, display: actor.name }
        : null,
    });
    const made = await session.create(issue);
    await keepOutcome(kernel, actor, shown, { outcome: 'overridden', reason: reason.code }, askedOf(request));
    return { reference: `DetectedIssue/${made.id}` };
  });
}

/** What a suggestion asks for is asked by who took it up; a diagnosis is theirs, from now on. */
function askedBy({ practitioner, name }: Actor, resource: Resource, now: string): Resource {
  const by = practitioner === null ? null : { reference: `Practitioner/${practitioner}`, display: name };
  if (resource.resourceType === 'Condition')
    return { ...resource, recordedDate: now, ...(by ? { recorder: by, asserter: by } : {}) } as Resource;
  if (!ASKING.has(resource.resourceType) || by === null) return resource;
  return { ...resource, requester: by } as Resource;
}

const ASKING = new Set(['Task', 'ServiceRequest', 'MedicationRequest', 'CommunicationRequest']);

/** What somebody decides about was shown to her, too. */
async function keepOutcome(
  { pool, settings }: Kernel,
  actor: Actor,
  shown: Shown,
  outcome: Pick<Outcome, 'outcome' | 'reason'>,
  { hook }: Asked,
): Promise<void> {
  const at = settings.now();
  await keepShown(pool, [shown], showingTo(actor, hook, at));
  await keepOutcomes(pool, [{ id: shown.id, at, ...outcome }]);
}

interface Asked {
  patient: string;
  encounter: string | null;
  hook: 'patient-view' | 'order-dispense';
  /** MedicationRequests that are handed out, in the order of their ids. */
  lines: string[];
}

function askedOf(request: FastifyRequest<AtPerson>): Asked {
  const { patient } = request.params;
  const { encounter = '', dispensing = '' } = request.query;
  const lines = [...new Set(dispensing === '' ? [] : dispensing.split(','))].sort();
  if (!ID.test(patient) || (encounter !== '' && !ID.test(encounter)))
    throw new Failure('invalid-parameter', 'Mã người bệnh hoặc lượt khám không đúng.', {
      textEn: 'The id of the person or the visit is not valid.',
      expression: 'encounter',
    });
  if (lines.length > MOST_LINES || !lines.every((one) => ID.test(one)))
    throw new Failure(
      'invalid-parameter',
      `Thuốc được phát: từ 1 đến ${MOST_LINES} mã dòng đơn, cách nhau dấu phẩy.`,
      {
        textEn: `dispensing: 1 to ${MOST_LINES} ids of MedicationRequests with commas.`,
        expression: 'dispensing',
      },
    );
  const hook = lines.length > 0 ? 'order-dispense' : 'patient-view';
  return { patient, encounter: encounter === '' ? null : encounter, hook, lines };
}

/** The cards that stand now; the same facts of a visit (or of a day) give the same ids. */
async function cardsOf(
  kernel: Kernel,
  session: RecordSession,
  { patient, encounter, hook, lines }: Asked,
): Promise<{ shown: Shown[] }> {
  const { content, settings } = kernel;
  const now = settings.now();
  const day = vietnamDay(now);
  const { rules, memberOf } = await speakingRules(kernel, day);
  const own = rules.filter(({ actions }) => actions.some(({ triggers }) => triggers.includes(hook)));
  const facts = await readFacts(session, patient, own);
  const person = facts.patient ?? ((await session.read('Patient', patient)) as Patient);
  const drafts = await linesOf(session, patient, lines);
  const covered = coveredOrders(drafts);
  const place = await placeOf(session, own);
  const visit = encounter === null ? null : ({ resourceType: 'Encounter', id: encounter } as Encounter);
  const answer = evaluateRules(
    own,
    {
      hook,
      day,
      now,
      patient: person,
      resources: facts.resources.filter(({ resourceType, id }) => !covered.has(`${resourceType}/${id}`)),
      queried: facts.queried,
      memberOf,
      drafts,
      encounter: visit,
      roles: session.actor.roles,
      place,
    },
    content,
  );
  const scope = [encounter ?? `${patient} ${day}`, ...lines].join(' ');
  return {
    shown: [...answer.cards, ...uncheckedCards(answer)].map((card) => ({
      id: cardId(scope, card.rule, card.key, card.summary),
      card: hook === 'patient-view' ? card : withoutRemovals(card),
    })),
  };
}

/** What is signed is not taken out of its prescription where it is handed out. */
const withoutRemovals = (card: Card): Card => ({
  ...card,
  suggestions: card.suggestions.filter(({ type }) => type !== 'delete'),
});

/** Lines of the person's prescriptions, read in the name of who hands them out. */
async function linesOf(
  session: RecordSession,
  patient: string,
  lines: readonly string[],
): Promise<MedicationRequest[]> {
  const found = await Promise.all(lines.map((id) => session.read('MedicationRequest', id)));
  const stray = found.find(({ subject }) => subject?.reference !== `Patient/${patient}`);
  if (!stray) return found;
  throw new Failure('invalid-parameter', 'Một dòng đơn là của người khác.', {
    textEn: `MedicationRequest/${stray.id} is about somebody else.`,
    expression: 'dispensing',
  });
}

async function shownAt(
  kernel: Kernel,
  session: RecordSession,
  request: FastifyRequest<AtCard>,
): Promise<Shown> {
  const { shown } = await cardsOf(kernel, session, askedOf(request));
  const found = shown.find(({ id }) => id === request.params.card);
  if (found) return found;
  throw new Failure('not-found', 'Cảnh báo này không còn. Mở lại màn hình để xem.', {
    textEn: 'This card stands no more.',
  });
}

interface Reason {
  code: string;
  display: string;
}

function readReason(
  { content, settings }: Kernel,
  card: Card,
  body: unknown,
): { reason: Reason; text: string } {
  const given = (body ?? {}) as { reason?: unknown; text?: unknown };
  const day = vietnamDay(settings.now());
  const fitting = overrideReasons(card, content, day, false) as Reason[];
  const reason = fitting.find(({ code }) => code === given.reason);
  if (!reason)
    throw wrong('reason', 'Chọn một lý do trong danh sách.', 'reason is none of those that fit the card.');
  const text = typeof given.text === 'string' ? given.text.trim().slice(0, LONGEST_TEXT) : '';
  const row = content.inForce('clinic/override-reasons', day).find(({ code }) => code === reason.code);
  if (row?.text_required === '1' && text === '')
    throw wrong('text', 'Lý do này cần ghi rõ.', 'This reason needs words.');
  return { reason, text };
}

function overridden(
  { id, card }: Shown,
  { patient, encounter }: Asked,
  signed: { reason: Reason; text: string; at: string; by: { reference: string; display: string } | null },
): DetectedIssue {
  const { reason, text, at, by } = signed;
  const author = by ? { author: by } : {};
  return {
    resourceType: 'DetectedIssue',
    identifier: [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${id}` }],
    status: 'final',
    code: { coding: [{ system: cs.alertKind, code: card.kind }], text: card.summary },
    severity: card.severity,
    patient: { reference: `Patient/${patient}` },
    identifiedDateTime: at,
    ...author,
    ...(encounter === null ? {} : { evidence: [{ detail: [{ reference: `Encounter/${encounter}` }] }] }),
    detail: [card.summary, card.detail, card.management, `Nguồn: ${card.source.label}`]
      .filter((part) => part !== '')
      .join('\n'),
    mitigation: [
      {
        action: {
          coding: [{ system: cs.overrideReason, code: reason.code, display: reason.display }],
          text: text === '' ? reason.display : `${reason.display}: ${text}`,
        },
        date: at,
        ...author,
      },
    ],
  };
}

function wrong(place: string, text: string, textEn: string): Failure {
  return new Failure('business-rule', text, { textEn, expression: place });
}

const notice = (error: unknown) =>
  process.stderr.write(
    `${vietnamInstant(new Date())} cards of a person were not counted: ${String(error)}\n`,
  );
