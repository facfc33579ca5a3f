/** A browser and an application, as far as OAuth goes: cookies, redirects, PKCE. For the tests of the provider and of what stands on it. */
import { createHash, randomBytes } from 'node:crypto';

export interface Page {
  status: number;
  location: string | null;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  body: any;
}

/** Keeps cookies with their paths, and follows redirects within the program. */
export class Browser {
  readonly address: string;
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>();

  constructor(address: string) {
    this.address = address;
  }

  cookie(name: string): string | undefined {
    return [...this.#cookies.values()].find((one) => one.name === name)?.value;
  }

  setCookie(name: string, value: string, path = '/'): void {
    this.#cookies.set(`${name} ${path}`, { name, value, path });
  }

  dropCookie(name: string): void {
    for (const [key, one] of this.#cookies) if (one.name === name) this.#cookies.delete(key);
  }

  /** One request, nothing followed. A form is sent as one; anything else as JSON. */
  async open(
    path: string,
    options: { form?: Record<string, string>; json?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Page> {
    const url = new URL(path, this.address);
    const cookie = [...this.#cookies.values()]
      .filter((one) => url.pathname.startsWith(one.path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const body =
      options.form !== undefined
        ? new URLSearchParams(options.form)
        : options.json === undefined
          ? null
          : JSON.stringify(options.json);
    const answer = await fetch(url, {
      method: body === null ? 'GET' : 'POST',
      redirect: 'manual',
      body,
      headers: {
        ...(cookie !== '' && { cookie }),
        ...(options.json !== undefined && { 'content-type': 'application/json' }),
        accept: 'text/html,application/json',
        ...options.headers,
      },
    });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    const text = await answer.text();
    return {
      status: answer.status,
      location: answer.headers.get('location'),
      headers: answer.headers,
      text,
      body: parsed(text),
    };
  }

  /** Follows redirects until they leave the program, or a page of another room stands there. */
  async follow(path: string): Promise<Page & { at: string }> {
    let at = path;
    for (let steps = 0; steps < 12; steps += 1) {
      const page = await this.open(at);
      if (page.location === null) return { ...page, at };
      const next = new URL(page.location, this.address);
      const isOurs = next.origin === this.address && next.pathname.startsWith('/oauth2/');
      at = isOurs ? `${next.pathname}${next.search}` : page.location;
      if (!isOurs) return { ...page, at };
    }
    throw new Error(`redirects without end: ${at}`);
  }

  async signIn(username: string, password: string): Promise<void> {
    const { status, text } = await this.open('/api/access/sign-in', { json: { username, password } });
    if (status !== 200) throw new Error(`sign-in of ${username}: ${status} ${text}`);
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
    const key = `${name} ${path}`;
    const over = value === '' || attributes.some((one) => /^expires=Thu, 01 Jan 1970/i.test(one));
    if (over) this.#cookies.delete(key);
    else this.#cookies.set(key, { name, value, path });
  }
}

export interface Pkce {
  verifier: string;
  challenge: string;
}

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export interface Asked {
  client_id: string;
  redirect_uri: string;
  scope: string;
  [parameter: string]: string;
}

/** Address of an authorization request; parameters that are '' are left out. */
export function authorizeAddress(asked: Asked, { challenge }: Pkce): string {
  const parameters = {
    response_type: 'code',
    state: 'trạng thái',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...asked,
  };
  return `/oauth2/authorize?${new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''))}`;
}

/** Redeems a code. @param more secret or assertion of the client; `code_verifier` and others may be replaced */
export async function redeem(
  address: string,
  code: string,
  { client_id, redirect_uri }: Pick<Asked, 'client_id' | 'redirect_uri'>,
  { verifier }: Pkce,
  more: Record<string, string> = {},
): Promise<Page> {
  const form = {
    grant_type: 'authorization_code',
    code,
    client_id,
    redirect_uri,
    code_verifier: verifier,
    ...more,
  };
  return new Browser(address).open('/oauth2/token', {
    form: Object.fromEntries(Object.entries(form).filter(([, value]) => value !== '')),
    headers: { accept: 'application/json' },
  });
}

/** Parameters of a redirect to an application. */
export function parametersOf(location: string): URLSearchParams {
  return new URL(location).searchParams;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
