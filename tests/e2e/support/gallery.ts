/**
 * The kit's gallery, built as the product is and served by a small server whose answers a test decides. The server can
 * leave the network for a while: its port closes and every connection is cut.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';

const FOLDER = join(import.meta.dirname, '..', 'gallery');
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** What a request under /api gets: a status and a JSON body, or the raw response to write to. */
export type Answer = (
  request: { url: URL; method: string; headers: IncomingMessage['headers']; body: unknown },
  raw: ServerResponse,
) => { status?: number; body: unknown } | undefined | Promise<{ status?: number; body: unknown } | undefined>;

export interface Gallery extends AsyncDisposable {
  address: string;
  /** Answers by path; a test replaces what it needs. */
  answers: Map<string, Answer>;
  /** Cuts every connection and closes the port. */
  leave(): Promise<void>;
  /** Listens on the same port again. */
  comeBack(): Promise<void>;
}

export async function openGallery(): Promise<Gallery> {
  const out = mkdtempSync(join(tmpdir(), 'yba-gallery-'));
  await build({
    configFile: join(FOLDER, '..', '..', '..', 'web', 'vite.config.ts'),
    root: FOLDER,
    logLevel: 'error',
    build: { outDir: out, emptyOutDir: true, manifest: false },
  });
  const answers = new Map<string, Answer>([['/healthz', () => ({ body: { ok: true } })]]);
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    void serve(out, answers, request, response);
  let server = await listen(createServer(handle), 0);
  const { port } = server.address() as AddressInfo;
  const leave = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    address: `http://127.0.0.1:${port}`,
    answers,
    leave,
    comeBack: async () => {
      server = await listen(createServer(handle), port);
    },
    [Symbol.asyncDispose]: async () => {
      await leave();
      rmSync(out, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

async function serve(
  folder: string,
  answers: Map<string, Answer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://gallery');
  const answer = answers.get(url.pathname);
  if (answer) {
    const asked = {
      url,
      method: request.method ?? 'GET',
      headers: request.headers,
      body: await bodyOf(request),
    };
    const given = await answer(asked, response);
    if (!given) return;
    response.writeHead(given.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(given.body));
    return;
  }
  if (url.pathname.startsWith('/api/')) {
    response.writeHead(404).end();
    return;
  }
  const name = extname(url.pathname) === '' ? '/index.html' : url.pathname;
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-security-policy': "default-src 'self'; script-src 'self'; style-src 'self'",
  });
  response.end(readFileSync(join(folder, normalize(name))));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}
