/** CDS Hooks 2.0 at `/cds-services`: discovery, services, feedback. A service that cannot judge shows no card and says so in the log. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Card, evaluateRules, medicationsOf, readFacts } from '../../../engines/rules/index.ts';
import type { HookClient } from '../../../kernel/access/hook-clients.ts';
import { Failure } from '../../../kernel/failure.ts';
import { baseOf } from '../../../kernel/fhir/http/request.ts';
import type { Encounter, Resource } from '../../../kernel/fhir/types.ts';
import type { Actor, Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { vietnamDay, vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { cardId, keepOutcomes, keepShown, showingTo } from '../cards.ts';
import { placeOf } from '../place.ts';
import { speakingRules } from '../switches.ts';
import { hookCard, overrideReasons, systemActions } from './cards.ts';
import { asOrders, asSent, coveredOrders } from './dispenses.ts';
import { readFeedback } from './feedback.ts';
import { missingPrefetch, type Prefetched, readPrefetch } from './prefetch.ts';
import { type HookRequest, readHookRequest } from './request.ts';
import { discovery, type Service, servicesOf } from './services.ts';

/** Who calls, as the composition root proves it. */
export interface HookAccess {
  /** Somebody signed in here, or with a token of ours; null for nobody. */
  actorOf(request: FastifyRequest): Actor | null;
  /** For whom a token of ours speaks; null when it is none. */
  tokenActor(request: FastifyRequest, token: string): Promise<Actor | null>;
  /** The client that signed a token for one of the addresses. Fails with `sign-in-required`. */
  clientOf(
    token: string,
    audiences: string[],
    once: (client: string, jti: string, ends: Date) => Promise<boolean>,
  ): Promise<HookClient>;
}

interface AtService {
  Params: { id: string };
}

type Caller = { actor: Actor; client: null } | { actor: null; client: HookClient };

export function hookRoutes(app: FastifyInstance, kernel: Kernel, access: HookAccess): void {
  const today = () => vietnamDay(kernel.settings.now());
  const services = async () => {
    const { rules, memberOf } = await speakingRules(kernel, today());
    return servicesOf(rules, memberOf);
  };
  const serviceAt = async ({ params }: { params: AtService['Params'] }) => {
    const found = (await services()).find(({ id }) => id === params.id);
    if (found) return found;
    throw new Failure('not-found', `Không có dịch vụ "${params.id}". Xem danh sách ở /cds-services.`, {
      textEn: `No service "${params.id}"; see /cds-services.`,
    });
  };

  app.get('/cds-services', async (request) => discovery(await services(), wantsEnglish(request)));

  app.post<AtService>('/cds-services/:id', async (request) => {
    const caller = await callerOf(kernel, access, request);
    const service = await serviceAt(request);
    const asked = readHookRequest(request.body, service.hook);
    const facts = await factsFor(kernel, access, request, { caller, service, asked });
    return answerFor(kernel, request, { caller, service, asked, facts });
  });

  app.post<AtService>('/cds-services/:id/feedback', async (request) => {
    await callerOf(kernel, access, request);
    await serviceAt(request);
    const outcomes = readFeedback(request.body);
    const known = new Set(await keepOutcomes(kernel.pool, outcomes));
    const unknown = outcomes.filter(({ id }) => !known.has(id)).map(({ id }) => id);
    if (unknown.length === 0) return {};
    throw new Failure('not-found', `Không biết thẻ ${unknown.join(', ')}; các thẻ khác đã ghi.`, {
      textEn: `Unknown cards: ${unknown.join(', ')}; the others were kept.`,
    });
  });
}

/** Fails with `sign-in-required`. */
async function callerOf(kernel: Kernel, access: HookAccess, request: FastifyRequest): Promise<Caller> {
  const actor = access.actorOf(request);
  if (actor) return { actor, client: null };
  const [kind, token] = (request.headers.authorization ?? '').split(' ');
  if (kind?.toLowerCase() !== 'bearer' || !token)
    throw new Failure(
      'sign-in-required',
      'Cần mã truy cập của máy chủ này, hoặc mã do máy khách đã đăng ký ký (JWT).',
      { textEn: 'Send an access token of this server, or a JWT signed by a registered client.' },
    );
  const path = request.url.split('?', 1)[0]!;
  const paths = [path, path.replace(/\/feedback$/, '')];
  const audiences = [...new Set([kernel.issuer(), originOf(request)])].flatMap((base) =>
    paths.map((one) => `${base}${one}`),
  );
  const client = await access.clientOf(token, audiences, (id, jti, ends) => isFirst(kernel, id, jti, ends));
  return { actor: null, client };
}

const originOf = (request: FastifyRequest): string => baseOf(request).replace(/\/fhir$/, '');

/** A token is good once; those that are over are forgotten on the way. */
async function isFirst(
  { pool, settings }: Kernel,
  client: string,
  jti: string,
  ends: Date,
): Promise<boolean> {
  await pool.query('delete from decisions.shown_token where client = $1 and ends < $2', [
    client,
    settings.now(),
  ]);
  const { rowCount } = await pool.query(
    'insert into decisions.shown_token (client, jti, ends) values ($1, $2, $3) on conflict do nothing',
    [client, jti, ends],
  );
  return rowCount === 1;
}

interface Call {
  caller: Caller;
  service: Service;
  asked: HookRequest;
}

/** What was sent, and the rest from the record with the sight of who calls. Fails with `precondition-failed` for what nobody gives. */
async function factsFor(
  kernel: Kernel,
  access: HookAccess,
  request: FastifyRequest,
  { caller, service, asked }: Call,
): Promise<Prefetched> {
  const sent = readPrefetch(asked.prefetch, service.sources, asked.patient);
  const reader = await readerOf(access, request, caller, asked);
  const session = reader && kernel.gate.as(reader);
  const facts = { ...sent, resources: [...sent.resources, ...(await namedIn(asked, session))] };
  const missing = [
    ...(facts.given.has('Patient') ? [] : ['patient']),
    ...[...service.sources].filter(([, { key }]) => !facts.given.has(key)).map(([key]) => key),
  ];
  if (missing.length === 0) {
    await noteCall(kernel, request, { caller, service, asked });
    return facts;
  }
  if (!session) throw missingPrefetch(missing);
  const closed = [...service.sources]
    .filter(([key, { type }]) => missing.includes(key) && session.reach('search', type) === 'none')
    .map(([key]) => key);
  if (closed.length > 0) throw missingPrefetch(closed);
  const read = await readFacts(session, asked.patient, service.rules, facts.given);
  const patient = facts.patient ?? read.patient;
  if (!patient) throw missingPrefetch(['patient']);
  return {
    ...facts,
    patient,
    resources: [...facts.resources, ...read.resources],
    queried: new Map([...facts.queried, ...read.queried]),
  };
}

/** Medications by which the orders name what they are about: sent along with them, or of the record. */
async function namedIn(
  { drafts, medications }: HookRequest,
  session: RecordSession | null,
): Promise<Resource[]> {
  const sent = new Set(medications.map(({ id }) => `Medication/${id}`));
  const others = asOrders(drafts).filter(
    (one) => one.resourceType === 'MedicationRequest' && !sent.has(one.medicationReference?.reference ?? ''),
  );
  return [...medications, ...(session ? await medicationsOf(session, others) : [])];
}

/** Nothing was read here, yet somebody was told of a person: that is a line of the audit, as a reading is. */
async function noteCall(kernel: Kernel, request: FastifyRequest, { caller, service, asked }: Call) {
  const isHere = asked.fhirServer === null || isOwnServer(request, asked.fhirServer);
  const where = isHere ? '' : ` at ${asked.fhirServer}`;
  const actor = caller.actor ?? clientActor(caller.client, request);
  const person = `Patient/${asked.patient}${where}`;
  await kernel.gate.as(actor).note('decide', `${service.id} ${person}`, isHere ? asked.patient : null);
}

const clientActor = ({ id, name }: HookClient, request: FastifyRequest): Actor => ({
  id,
  name,
  roles: ['system-client'],
  unit: null,
  practitioner: null,
  ip: request.ip,
  request: request.id,
  purpose: { code: 'TREAT' },
});

const isOwnServer = (request: FastifyRequest, address: string): boolean =>
  address.replace(/\/+$/, '') === baseOf(request);

/** The token that the client hands on speaks for its user; else who calls. The record of another server is not ours to read. */
async function readerOf(
  access: HookAccess,
  request: FastifyRequest,
  { actor }: Caller,
  { fhirServer, token }: HookRequest,
): Promise<Actor | null> {
  if (fhirServer !== null && !isOwnServer(request, fhirServer)) return null;
  return token === null ? actor : access.tokenActor(request, token);
}

interface Answer {
  cards: object[];
  systemActions?: object[];
}

async function answerFor(
  kernel: Kernel,
  request: FastifyRequest,
  { caller, service, asked, facts }: Call & { facts: Prefetched },
): Promise<Answer> {
  const { content, pool, settings } = kernel;
  const now = settings.now();
  const day = vietnamDay(now);
  const isEnglish = wantsEnglish(request);
  const session = caller.actor ? kernel.gate.as(caller.actor) : null;
  const roles = caller.actor && !caller.actor.roles.includes('system-client') ? caller.actor.roles : null;
  try {
    const place = session ? await placeOf(session, service.rules) : null;
    const encounter: Encounter | null =
      asked.encounter === null ? null : ({ resourceType: 'Encounter', id: asked.encounter } as Encounter);
    const { cards, faults } = evaluateRules(
      service.rules,
      {
        hook: service.hook,
        day,
        now,
        patient: facts.patient!,
        ...besides(facts, coveredOrders(asked.drafts)),
        memberOf: service.memberOf,
        drafts: asOrders(asked.drafts),
        selections: asked.selections,
        appointments: asked.appointments,
        encounter,
        roles,
        place,
        language: isEnglish ? 'en' : 'vi',
      },
      content,
    );
    for (const { rule, failure } of faults)
      notice(`rule ${rule.key} ${rule.version} was not asked: ${failure.message}${traceOf(failure)}`);
    const shown = cards.map((card) => ({
      id: cardId(asked.instance, service.id, card.rule, card.key),
      card: { ...card, suggestions: card.suggestions.map((one) => asSent(one, asked.drafts)) },
    }));
    const { unit = null, practitioner = null } = caller.actor ?? {};
    const showing = showingTo({ roles: [...(roles ?? [])], unit, practitioner }, service.hook, now);
    await keepShown(pool, shown, showing).catch((error: unknown) =>
      notice(`cards were not counted: ${String(error)}`),
    );
    const reasons = (card: Card) => overrideReasons(card, content, day, isEnglish);
    const actions = systemActions(shown.map(({ card }) => card));
    return {
      cards: shown.map(({ id, card }) => hookCard(card, id, reasons(card), originOf(request))),
      ...(actions.length === 0 ? {} : { systemActions: actions }),
    };
  } catch (error) {
    notice(
      `${service.id} shows no card: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return { cards: [] };
  }
}

/** What is known of the person beside the orders that are asked about. */
function besides({ resources, queried }: Prefetched, covered: ReadonlySet<string>) {
  const isOther = ({ resourceType, id }: Resource) => !covered.has(`${resourceType}/${id}`);
  return {
    resources: resources.filter(isOther),
    queried: new Map([...queried].map(([key, found]) => [key, found.filter(isOther)])),
  };
}

function wantsEnglish({ headers }: FastifyRequest): boolean {
  return /^\s*en\b/i.test(headers['accept-language'] ?? '');
}

/** Where a defect lies; nothing for what a person's facts explain. */
const traceOf = ({ cause }: Failure): string =>
  cause instanceof Error ? `\n${cause.stack ?? cause.message}` : '';

function notice(sentence: string): void {
  process.stderr.write(`${vietnamInstant(new Date())} decision support: ${sentence}\n`);
}
