/** The program as a process of its own with a lean HTTP client: what a bench over HTTP measures against. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunningProgram {
  address: string;
  pid: number;
  /** Sends JSON (a Buffer as it is), gives status and text; connections are kept. */
  send(
    method: string,
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string }>;
  /** Cookie header of a signed-in demo account. */
  signIn(username: string): Promise<string>;
  /** Authorization header of the system client. */
  token(): Promise<string>;
  stop(): Promise<void>;
}

const CLIENT = { id: 'bench', secret: 'a secret that lives as long as the bench' };

/** @param environment settings of the program; `YBA_DATA` is a folder that is removed afterwards unless given */
export async function runProgram(environment: Record<string, string>): Promise<RunningProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'yba-bench-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../main/yba.ts'), 'start'], {
    env: {
      ...process.env,
      YBA_DATA: folder,
      PORT: '0',
      YBA_CLIENT: `${CLIENT.id}:${CLIENT.secret}`,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = await addressOf(child.stdout);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const send = sender(address, agent);
  return {
    address,
    pid: child.pid!,
    send,
    async signIn(username) {
      const answer = await fetch(`${address}/api/access/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password: 'demo' }),
      });
      if (!answer.ok) throw new Error(`sign-in of ${username}: ${answer.status} ${await answer.text()}`);
      return answer.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ');
    },
    token: () => systemToken(address, CLIENT),
    async stop() {
      agent.destroy();
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Authorization header of a system client. */
export async function systemToken(address: string, client: { id: string; secret: string }): Promise<string> {
  const basic = Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString('base64');
  const answer = await fetch(`${address}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
}

function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    output.on('data', (chunk) => {
      text += chunk;
      const found = /http:\/\/[\w.:[\]]+/.exec(text);
      if (found) resolve(found[0]);
    });
    output.on('end', () => reject(new Error(`the program ended before it served:\n${text}`)));
  });
}

function sender(address: string, agent: Agent): RunningProgram['send'] {
  return (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      const call = request(
        `${address}${path}`,
        {
          method,
          agent,
          headers: {
            ...(bytes ? { 'content-type': 'application/json', 'content-length': bytes.length } : {}),
            ...headers,
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
          );
          answer.on('error', reject);
        },
      );
      call.on('error', reject);
      call.end(bytes);
    });
}
