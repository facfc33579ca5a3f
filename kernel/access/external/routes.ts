/** `/api/access/external…`: signing in by a provider of others. The way there and the way back belong to one browser. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import { OutboundError } from '../../outbound/outbound.ts';
import { auditLine } from '../audit.ts';
import { HEADERS } from '../oidc/headers.ts';
import { page } from '../oidc/pages.ts';
import { newToken } from '../sessions/cookie.ts';
import { letIn } from '../sign-in/letting-in.ts';
import type { SignInParts } from '../sign-in/parts.ts';
import { actorLine } from '../sign-in/routes.ts';
import { PENDING_MINUTES, type Pending } from './pending.ts';
import { accountOf, type PersonParts } from './person.ts';
import type { ExternalProvider } from './providers.ts';
import type { RelyingParty } from './relying-party.ts';

export interface ExternalParts extends SignInParts {
  providers: readonly ExternalProvider[];
  relyingParty: RelyingParty;
  pending: Pending;
  find: PersonParts['find'];
  /** Address of the program without a path. */
  issuer(): string;
  log(sentence: string, error?: unknown): void;
}

const CALLBACK = '/api/access/external/callback';
const COOKIE = 'yba_external';

export function externalRoutes(app: FastifyInstance, parts: ExternalParts): void {
  app.get('/api/access/external', async () => ({
    providers: parts.providers.map(({ id, name, signsIn }) => ({ id, name, signsIn })),
  }));

  app.get(CALLBACK, async (request, reply) => comeBack(parts, request, reply));

  app.get('/api/access/external/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    const provider = parts.providers.find((one) => one.id === id);
    if (!provider) throw noProvider();
    const { next = '/' } = request.query as { next?: string };
    parts.tries.byAddress.check(request.ip);
    const begun = await parts.relyingParty.begin(provider, `${parts.issuer()}${CALLBACK}`).catch((error) => {
      parts.log(`provider ${id} does not answer as one`, error);
      return null;
    });
    if (begun === null) return refuse(reply, 503, NOT_THERE);
    const browser = newToken();
    await parts.pending.put(browser, { ...begun.expected, provider: id, next: localPath(next) });
    setCookie(request, reply, browser, PENDING_MINUTES * 60);
    return reply.header('Cache-Control', 'no-store').redirect(begun.address, 303);
  });
}

async function comeBack(parts: ExternalParts, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Record<string, unknown>;
  const browser = request.cookies[cookieName(request)];
  setCookie(request, reply, '', 0);
  const pending =
    browser !== undefined && typeof query.state === 'string'
      ? await parts.pending.take(browser, query.state)
      : null;
  const provider = pending && parts.providers.find(({ id }) => id === pending.provider);
  if (!pending || !provider) return refuse(reply, 400, TOO_LATE);
  if (query.error !== undefined) {
    await failedLine(parts, request, provider);
    return refuse(reply, 403, NOT_SIGNED_IN);
  }
  const back = new URL(request.url, parts.issuer());
  let claims: Record<string, unknown>;
  try {
    claims = await parts.relyingParty.finish(provider, back, pending);
  } catch (error) {
    parts.log(`sign-in by ${provider.id} was refused`, error);
    await failedLine(parts, request, provider);
    return refuse(reply, isAway(error) ? 503 : 403, isAway(error) ? NOT_THERE : NOT_PROVED);
  }
  const account = await accountOf(parts, provider, claims);
  if (!account) {
    await failedLine(parts, request, provider);
    return refuse(reply, 403, NOBODY);
  }
  const methods = provider.twoFactors ? ['external', 'mfa'] : ['external'];
  const answer = (await letIn(parts, request, reply, account, methods)) as { next?: string };
  const to =
    answer.next === undefined ? pending.next : `/dang-nhap?${new URLSearchParams({ next: pending.next })}`;
  return reply.header('Cache-Control', 'no-store').redirect(to, 303);
}

function failedLine(parts: ExternalParts, { ip }: FastifyRequest, { id }: ExternalProvider): Promise<void> {
  return parts.store.audit([
    auditLine(actorLine(`external/${id}`, ip), 'sign-in', 'session', null, 'failed'),
  ]);
}

const TOO_LATE = 'Lần đăng nhập này đã hết hạn, hoặc được bắt đầu ở trình duyệt khác. Hãy bắt đầu lại.';
const NOT_SIGNED_IN = 'Bạn chưa đăng nhập ở nơi đó, hoặc đã từ chối.';
const NOT_PROVED =
  'Không xác minh được trả lời của nơi đăng nhập. Hãy thử lại; nếu vẫn vậy, hãy báo cho trạm y tế.';
const NOT_THERE = 'Nơi đăng nhập không trả lời. Hãy thử lại sau ít phút.';
const NOBODY =
  'Không tìm thấy đúng một người khớp với thông tin này trong hồ sơ sức khỏe. Hãy mang căn cước đến trạm y tế để kiểm tra hồ sơ.';

function refuse(reply: FastifyReply, status: number, sentence: string) {
  return reply
    .code(status)
    .headers({ ...HEADERS, 'Cache-Control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(
      page('Không đăng nhập được', `<p>${sentence}</p><p><a href="/dang-nhap">Về trang đăng nhập</a></p>`),
    );
}

/** A path of this program and nothing that a browser takes for another place; else the first page. */
export function localPath(text: string): string {
  const url = URL.parse(text, 'http://local.invalid');
  const isLocal = text.startsWith('/') && url?.origin === 'http://local.invalid' && !/[\\\p{Cc}]/u.test(text);
  return isLocal ? `${url.pathname}${url.search}` : '/';
}

/** Comes back from another site by a plain link: Strict would not be sent then. */
function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
  reply.setCookie(cookieName(request), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge,
  });
}

function cookieName(request: FastifyRequest): string {
  return request.protocol === 'https' ? `__Host-${COOKIE}` : COOKIE;
}

function isAway(error: unknown): boolean {
  if (error instanceof OutboundError) return true;
  return error instanceof Error && error.cause !== undefined && isAway(error.cause);
}

function noProvider(): Failure {
  return new Failure('not-found', 'Không có nơi đăng nhập này.', { textEn: 'No such provider.' });
}
