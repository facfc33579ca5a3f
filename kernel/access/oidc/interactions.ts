/**
 * Between an application's request and its answer: the person signs in, and consents. An interaction belongs to the browser that began
 * it (a signed cookie) and, for consent, to the person who is signed in there.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Client, Grant, Interaction } from 'oidc-provider';
import { Failure } from '../../failure.ts';
import type { BrowserSession, Browsers } from './browser.ts';
import { addScopes, asksContext } from './granted-scopes.ts';
import { HEADERS } from './headers.ts';
import { page } from './pages.ts';
import { isTrusted } from './policy.ts';
import { isIdentityScope } from './scopes.ts';
import { acrOf, strongEnough } from './strength.ts';
import { AUDIENCE } from './tokens.ts';

/** Who asks, as the server knows it. */
export interface Asker {
  ip: string;
  /** Value of the session cookie. */
  token: string | undefined;
}

/** What the consent page shows. */
export interface ConsentQuestion {
  client: { id: string; name: string };
  account: { id: string; name: string };
  /** What the application asks for. */
  scopes: string[];
  /** Parameters of the request, `launch` and `aud` of SMART among them. */
  params: Record<string, unknown>;
}

export interface ConsentAnswer {
  grant: boolean;
  /** What of the asked scopes is given, narrower ones included; all of them when it is left out. */
  scopes?: string[];
  /** What the tokens of this grant say beside (SMART: `patient`, `encounter`, `need_patient_banner` …). */
  context?: Record<string, unknown>;
}

export interface Interactions {
  /** `GET /oauth2/interaction/<uid>`: goes on when the browser's session is enough, else to sign-in or consent. */
  step(request: IncomingMessage, response: ServerResponse, uid: string, from: Asker): Promise<void>;
  /** Fails with `not-found`, `sign-in-required`. */
  question(
    request: IncomingMessage,
    response: ServerResponse,
    uid: string,
    from: Asker,
  ): Promise<ConsentQuestion>;
  /** @returns the local address where the browser goes on. Fails with `not-found`, `sign-in-required`, `invalid-request`. */
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    uid: string,
    from: Asker,
    answer: ConsentAnswer,
  ): Promise<string>;
}

interface Parts {
  provider: Provider;
  browsers: Browsers;
  /** Ends a Session of oidc-provider, when another person signs in in the same browser. */
  endSession(uid: string): Promise<void>;
  onDenied(client: string, account: string, ip: string): void;
}

/** Cookie of the consent page: sent by its own calls only. */
const CONSENT_COOKIE = 'yba_consent';

export function openInteractions(parts: Parts): Interactions {
  const { provider, browsers } = parts;
  const cookies = (request: IncomingMessage, response: ServerResponse) =>
    provider.createContext(request, response).cookies;

  async function consentOf(request: IncomingMessage, response: ServerResponse, uid: string, from: Asker) {
    const interaction =
      cookies(request, response).get(CONSENT_COOKIE, { signed: true }) === uid
        ? await provider.Interaction.find(uid)
        : undefined;
    const client = interaction && (await provider.Client.find(interaction.params.client_id));
    if (!interaction || !client || interaction.prompt.name !== 'consent') throw noInteraction();
    const session = await browsers.read(from.token);
    if (!session || session.account !== interaction.session?.accountId) throw signInFirst();
    return { interaction, client, session };
  }

  return {
    async step(request, response, uid, from) {
      const ours = cookies(request, response).get('yba_interaction', { signed: true }) === uid;
      const interaction = ours ? await provider.Interaction.find(uid) : undefined;
      const client = interaction && (await provider.Client.find(interaction.params.client_id));
      if (!interaction || !client) return tooLate(response);
      if (interaction.prompt.name === 'consent') {
        const scopes = scopesAsked(interaction);
        // Whose record it is, only a person can say.
        if (isTrusted(client) && !asksContext(scopes)) {
          await finishConsent(provider, interaction, { grant: true, scopes });
          return redirect(response, localPart(interaction.returnTo));
        }
        const path = `/api/access/interaction/${uid}`;
        const options = { path, httpOnly: true, sameSite: 'strict', signed: true };
        cookies(request, response).set(CONSENT_COOKIE, uid, options);
        return redirect(response, `/dong-y/${uid}`);
      }
      const { token } = from;
      // A cookie that is SameSite=Strict does not come with the first request from another site: our own page asks again.
      if (token === undefined && request.headers['sec-fetch-site'] === 'cross-site') return again(response);
      const session = await browsers.read(token);
      const need = session ? missingProof(interaction, session) : {};
      if (!session || need !== null) return redirect(response, signInAddress(interaction, need ?? {}));
      await finishLogin(parts, interaction, session);
      redirect(response, localPart(interaction.returnTo));
    },

    async question(request, response, uid, from) {
      const { interaction, client, session } = await consentOf(request, response, uid, from);
      return {
        client: { id: client.clientId, name: client.clientName ?? client.clientId },
        account: { id: session.account, name: session.name },
        scopes: scopesAsked(interaction),
        params: interaction.params,
      };
    },

    async answer(request, response, uid, from, answer) {
      const { interaction, client } = await consentOf(request, response, uid, from);
      checkAnswer(answer, client);
      if (!answer.grant) parts.onDenied(client.clientId, interaction.session!.accountId, from.ip);
      await finishConsent(provider, interaction, answer);
      return localPart(interaction.returnTo);
    },
  };
}

/** What must be proved anew: null when the session is enough. */
function missingProof(interaction: Interaction, session: BrowserSession): Record<string, string> | null {
  const { prompt, params, iat } = interaction;
  const again = { lai: '1' };
  if (prompt.reasons.includes('login_prompt') && session.at < iat) return again;
  if (params.max_age !== undefined && interaction.iat - session.at > Number(params.max_age)) return again;
  const hinted = prompt.reasons.some((reason) => reason === 'id_token_hint' || reason.startsWith('claims_'));
  if (hinted && session.at < iat) return again;
  const asked = typeof params.acr_values === 'string' ? params.acr_values.split(' ') : [];
  return strongEnough(acrOf(session.methods), asked) ? null : { acr: asked.join(' ') };
}

/** The screen of sign-in, with the way back; `lai=1` asks for a new proof, `acr` for a stronger one. */
function signInAddress({ uid, params }: Interaction, more: Record<string, string>): string {
  const query = new URLSearchParams({ next: `/oauth2/interaction/${uid}`, ...more });
  if (typeof params.login_hint === 'string') query.set('username', params.login_hint.slice(0, 100));
  return `/dang-nhap?${query}`;
}

async function finishLogin(parts: Parts, interaction: Interaction, session: BrowserSession): Promise<void> {
  const before = interaction.session;
  if (before && before.accountId !== session.account) {
    if (before.uid !== undefined) await parts.endSession(before.uid);
    delete interaction.session;
  }
  const login = {
    accountId: session.account,
    ts: session.at,
    amr: session.methods,
    acr: acrOf(session.methods),
    remember: true,
    browser: session.browser,
  };
  await finish(interaction, { ...interaction.lastSubmission, login });
}

async function finishConsent(
  provider: Provider,
  interaction: Interaction,
  answer: ConsentAnswer,
): Promise<void> {
  const asked = scopesAsked(interaction);
  const given = answer.scopes ?? asked;
  if (!answer.grant || given.length === 0) {
    const result = { error: 'access_denied', error_description: 'the person did not consent' };
    return finish(interaction, result);
  }
  const grant = await grantFor(provider, interaction, given, answer.context);
  addScopes(grant, given);
  const kept = asked.filter((scope) => !given.includes(scope));
  for (const scope of kept) {
    if (isIdentityScope(scope)) grant.rejectOIDCScope(scope);
    grant.rejectResourceScope(AUDIENCE, scope);
  }
  // Narrower scopes than the asked ones were given: the request goes on with these.
  const more = given.filter((scope) => !asked.includes(scope));
  if (more.length > 0) interaction.params.scope = [...asked, ...more].join(' ');
  const grantId = await grant.save();
  await finish(interaction, { ...interaction.lastSubmission, consent: { grantId } });
}

/** A grant of its own for each consent: what was said before to another question does not add to it. */
async function grantFor(
  provider: Provider,
  interaction: Interaction,
  given: readonly string[],
  context: Record<string, unknown> | undefined,
): Promise<Grant> {
  const { accountId, uid } = interaction.session!;
  return new provider.Grant({
    accountId,
    clientId: interaction.params.client_id,
    ...(!given.includes('offline_access') && { sessionUid: uid }),
    ...(context !== undefined && { context }),
  });
}

async function finish(interaction: Interaction, result: Record<string, unknown>): Promise<void> {
  interaction.result = result;
  await interaction.save(Math.max(1, interaction.exp - Math.floor(Date.now() / 1000)));
}

function scopesAsked({ params }: Interaction): string[] {
  return typeof params.scope === 'string' && params.scope !== '' ? params.scope.split(' ') : [];
}

function checkAnswer({ grant, scopes, context }: ConsentAnswer, client: Client): void {
  const texts =
    scopes === undefined || (Array.isArray(scopes) && scopes.every((one) => typeof one === 'string'));
  const known = context === undefined || (context !== null && typeof context === 'object');
  if (typeof grant === 'boolean' && texts && known) return;
  throw new Failure('invalid-request', 'Câu trả lời đồng ý không đúng.', {
    textEn: `The consent for ${client.clientId} needs grant: true or false, and scopes as a list of texts.`,
  });
}

/** oidc-provider gives whole addresses by what it takes for its own: only the path is followed, in the same place. */
function localPart(address: string): string {
  const { pathname, search } = new URL(address, 'http://localhost');
  return `${pathname}${search}`;
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(303, { ...HEADERS, Location: to, 'Cache-Control': 'no-store' }).end();
}

function again(response: ServerResponse): void {
  const html = page(
    'Đang mở…',
    '<p>Đang chuyển đến trang đăng nhập.</p>',
    '<meta http-equiv="refresh" content="0">',
  );
  answerPage(response, 200, html);
}

function tooLate(response: ServerResponse): void {
  const body =
    '<p>Yêu cầu đăng nhập này đã hết hạn, hoặc được bắt đầu ở trình duyệt khác. Hãy quay lại ứng dụng và bắt đầu lại.</p>';
  answerPage(response, 400, page('Không đăng nhập được', body));
}

export function answerPage(response: ServerResponse, status: number, html: string): void {
  response
    .writeHead(status, {
      ...HEADERS,
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
    })
    .end(html);
}

function noInteraction(): Failure {
  return new Failure('not-found', 'Yêu cầu này đã hết hạn hoặc được bắt đầu ở trình duyệt khác.', {
    textEn: 'No such interaction in this browser, or it is over.',
  });
}

function signInFirst(): Failure {
  return new Failure('sign-in-required', 'Bạn cần đăng nhập lại bằng đúng tài khoản đã bắt đầu.', {
    textEn: 'Sign in with the account that began this.',
  });
}
