/** A SMART app as far as tests need one: discovery, authorize, consent as the page does it, token, reads, refresh. */
import assert from 'node:assert/strict';
import type { HttpAnswer } from '../../fhir/testing.ts';
import { type Browser, parametersOf, pkce } from '../oidc/flow.testing.ts';

export const CALLBACK = 'https://app.example/cb';

export interface AppAsk {
  client: string;
  scope: string;
  launch?: string;
  aud?: string;
  redirect?: string;
}

export interface TokenAnswer {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  scope: string;
  expires_in: number;
  patient?: string;
  encounter?: string;
  need_patient_banner?: boolean;
  smart_style_url?: string;
  intent?: string;
}

export interface SmartConfiguration {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  introspection_endpoint: string;
  revocation_endpoint: string;
  code_challenge_methods_supported: string[];
  capabilities: string[];
}

export class SmartApp {
  readonly base: string;
  readonly browser: Browser;

  /** @param address of the program @param browser where the person is signed in */
  constructor(address: string, browser: Browser) {
    this.base = `${address}/fhir`;
    this.browser = browser;
  }

  async discover(): Promise<SmartConfiguration> {
    const answer = await fetch(`${this.base}/.well-known/smart-configuration`);
    return (await answer.json()) as SmartConfiguration;
  }

  /** Asks; answers where the browser stands then: the consent page, the app's callback, or an error page. */
  async authorize({ client, scope, launch, aud = this.base, redirect = CALLBACK }: AppAsk, keys = pkce()) {
    const { authorization_endpoint } = await this.discover();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client,
      redirect_uri: redirect,
      scope,
      state: 'a state',
      code_challenge: keys.challenge,
      code_challenge_method: 'S256',
      ...(aud !== '' && { aud }),
      ...(launch !== undefined && { launch }),
    });
    const page = await this.browser.follow(
      `${authorization_endpoint.replace(this.browser.address, '')}?${query}`,
    );
    return {
      ...page,
      keys,
      uid: /^\/dong-y\/([\w-]+)$/.exec(new URL(page.at, this.browser.address).pathname)?.[1],
    };
  }

  /** What the consent page shows. */
  question(uid: string) {
    return this.browser.open(`/api/access/interaction/${uid}`);
  }

  /** Answers as the page does, and goes on until the browser is back at the app. */
  async answer(uid: string, form: object): Promise<string> {
    const page = await this.browser.open(`/api/access/interaction/${uid}`, { json: form });
    assert.equal(page.status, 200, page.text);
    return (await this.browser.follow(page.body.next)).at;
  }

  /** Up to the token. @param form what the person answers */
  async enter(ask: AppAsk, form: object, secret?: string): Promise<TokenAnswer> {
    const { uid, keys, at } = await this.authorize(ask);
    assert.ok(uid, at);
    const back = await this.answer(uid, { grant: true, ...form });
    const code = parametersOf(back).get('code');
    assert.ok(code, back);
    const answer = await this.token(
      ask.client,
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: ask.redirect ?? CALLBACK,
        code_verifier: keys.verifier,
      },
      secret,
    );
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body as unknown as TokenAnswer;
  }

  async token(client: string, form: Record<string, string>, secret?: string) {
    const { token_endpoint } = await this.discover();
    const answer = await fetch(token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({ ...form, ...(secret === undefined && { client_id: client }) }),
      headers: secret === undefined ? {} : { authorization: basic(client, secret) },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  /** A request to the record with a token. */
  async call(
    token: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer> {
    const answer = await fetch(path.startsWith('http') ? path : `${this.base}${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/fhir+json' }),
        ...headers,
      },
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
  }
}

export function basic(client: string, secret: string): string {
  return `Basic ${Buffer.from(`${client}:${encodeURIComponent(secret)}`).toString('base64')}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
