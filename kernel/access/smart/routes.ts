/** Launches, consent and given applications: `/api/access/…` and the style for apps. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { auditLine } from '../audit.ts';
import { proofOf, refuseForeignOrigin } from '../authenticate.ts';
import type { Clients } from '../clients.ts';
import type { Actor, Role } from '../contract.ts';
import type { Oidc } from '../oidc/index.ts';
import { askerOf } from '../oidc/routes.ts';
import type { Apps } from './apps.ts';
import { type ConsentForm, type ConsentParts, decideConsent, describeConsent } from './consent.ts';
import { checkEncounter, readPerson } from './launch-context.ts';
import { STYLE_ADDRESS, STYLE_BODY } from './style.ts';

export interface SmartRouteParts extends ConsentParts {
  oidc: Oidc;
  clients: Clients;
  apps: Apps;
  /** Tokens were taken back. */
  onRevoked(): void;
  /** FHIR base URL as the browser of the request knows it. */
  baseOf(request: FastifyRequest): string;
}

/** Who launches apps from a record: staff that see patients. */
const LAUNCHERS: readonly Role[] = ['doctor', 'nurse', 'laboratory', 'station-head', 'reception'];

export function smartRoutes(app: FastifyInstance, parts: SmartRouteParts): void {
  const { oidc, clients, apps, launches, store } = parts;

  app.get(STYLE_ADDRESS, async (_request, reply) =>
    reply
      .type('application/json')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('access-control-allow-origin', '*')
      .send(STYLE_BODY),
  );

  app.get('/api/access/interaction/:uid', async (request, reply) => {
    const actor = person(request);
    const { uid } = request.params as { uid: string };
    const question = await (await oidc.interactions()).question(
      request.raw,
      reply.raw,
      uid,
      askerOf(request),
    );
    return describeConsent(parts, actor, question);
  });

  app.post('/api/access/interaction/:uid', async (request, reply) => {
    refuseForeignOrigin(request);
    const actor = person(request);
    const { uid } = request.params as { uid: string };
    const interactions = await oidc.interactions();
    const question = await interactions.question(request.raw, reply.raw, uid, askerOf(request));
    const answer = await decideConsent(parts, actor, question, (request.body ?? {}) as ConsentForm);
    const outcome = answer.grant ? 'ok' : 'refused';
    const patient = (answer.context?.patient as string | undefined) ?? null;
    const what = `consent client/${question.client.id} ${(answer.scopes ?? []).join(' ')}`.trim();
    await store.audit([auditLine(actor, 'consent', what.slice(0, 1000), patient, outcome)]);
    return { next: await interactions.answer(request.raw, reply.raw, uid, askerOf(request), answer) };
  });

  app.get('/api/access/launch', async (request) => {
    launcher(request);
    const rows = (await clients.list()).filter(({ active, launchUrl }) => active && launchUrl !== null);
    return { rows: rows.map(({ id, name }) => ({ id, name })) };
  });

  app.post('/api/access/launch', async (request) => {
    const actor = launcher(request);
    const { client: id, patient = null, encounter = null, intent = null } = launchAsked(request.body);
    const client = await clients.read(id);
    if (!client?.launchUrl) throw noSuchApp(id);
    if (patient !== null) await readPerson(parts, actor, patient);
    if (encounter !== null) await checkEncounter(parts, encounter, patient);
    const launch = await launches.begin(client.id, actor.id, { patient, encounter, intent });
    await store.audit([auditLine(actor, 'launch', `client/${client.id}`, patient)]);
    const url = new URL(client.launchUrl);
    url.searchParams.set('iss', parts.baseOf(request));
    url.searchParams.set('launch', launch);
    return { launch, url: url.href };
  });

  app.get('/api/access/apps', async (request) => ({ rows: await apps.list(person(request).id) }));

  app.delete('/api/access/apps/:client', async (request, reply) => {
    refuseForeignOrigin(request);
    const actor = person(request);
    const { client } = request.params as { client: string };
    if ((await apps.revoke(actor.id, client)) === 0) throw noSuchApp(client);
    parts.onRevoked();
    await store.audit([
      auditLine(actor, 'consent', `consent client/${client} revoked`, actor.persons?.[0] ?? null),
    ]);
    return reply.code(204).send();
  });
}

/** Who is signed in with a browser: an application decides nothing in a person's name here. */
function person(request: FastifyRequest): Actor {
  const proof = proofOf(request);
  if (proof.kind === 'actor' && proof.actor.client === undefined && proof.actor.scopes === undefined)
    return proof.actor;
  throw new Failure('sign-in-required', 'Bạn cần đăng nhập.', { textEn: 'Sign in with a browser first.' });
}

function launcher(request: FastifyRequest): Actor {
  const actor = person(request);
  if (actor.roles.some((role) => LAUNCHERS.includes(role))) return actor;
  throw new Failure('forbidden', 'Vai trò của bạn không mở ứng dụng từ hồ sơ.', {
    textEn: 'Your role launches no apps from a record.',
  });
}

interface LaunchAsked {
  client: string;
  patient?: string | null;
  encounter?: string | null;
  intent?: string | null;
}

function launchAsked(body: unknown): LaunchAsked {
  const asked = (body ?? {}) as Record<string, unknown>;
  const isText = (value: unknown) => typeof value === 'string' && value !== '' && value.length <= 200;
  const wrong = ['client', 'patient', 'encounter', 'intent'].find((name) => {
    const value = asked[name];
    return name === 'client' ? !isText(value) : value !== undefined && value !== null && !isText(value);
  });
  if (wrong === undefined) return asked as unknown as LaunchAsked;
  throw new Failure('invalid-request', `Thiếu hoặc sai ${wrong}.`, {
    textEn: `${wrong} is missing or wrong: {client, patient?, encounter?, intent?}.`,
    expression: wrong,
  });
}

function noSuchApp(id: string): Failure {
  return new Failure('not-found', `Không có ứng dụng "${id.slice(0, 100)}".`, {
    textEn: `There is no such application: "${id.slice(0, 100)}".`,
    expression: 'client',
  });
}
