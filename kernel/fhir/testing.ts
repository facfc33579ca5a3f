/** The whole program on a database of its own, with a system client's token: for tests over HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Program, type ProgramOptions, startProgram } from '../../main/program.ts';
import type { ProgramSettings } from '../../main/settings.ts';
import { withDatabase } from '../store/testing.ts';
import type { OperationOutcome } from './types.ts';

export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed body, null when it is empty or no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  body: any;
}

export interface FhirWorld {
  program: Program;
  /** Sends as the client that may do everything. A string or Buffer body goes as it is, anything else as JSON. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>;
  /** Sends without a token unless `headers` bring one. */
  bare(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer>;
  /** Token of client credentials; `scope` narrows it. */
  token(scope?: string): Promise<string>;
  stop(): Promise<void>;
}

export const CLIENT = { id: 'tester', secret: 'a secret of the tests' };

export async function openFhirWorld(
  settings: Partial<ProgramSettings> = {},
  options: ProgramOptions = {},
): Promise<FhirWorld> {
  const database = await withDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'yba-fhir-'));
  const program = await startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: false, client: CLIENT, ...settings },
    { generate: false, ...options },
  );
  const bare: FhirWorld['bare'] = (method, path, body, headers = {}) =>
    call(program.address, method, path, body, headers);
  const token = async (scope?: string) => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
    });
    const basic = Buffer.from(`${CLIENT.id}:${encodeURIComponent(CLIENT.secret)}`).toString('base64');
    const answer = await fetch(`${program.address}/oauth2/token`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Basic ${basic}` },
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const authorization = `Bearer ${await token()}`;
  return {
    program,
    bare,
    token,
    send: (method, path, body, headers = {}) => bare(method, path, body, { authorization, ...headers }),
    stop: async () => {
      await program.stop();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function call(
  address: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<HttpAnswer> {
  const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const answer = await fetch(path.startsWith('http') ? path : `${address}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }), ...headers },
    ...(body === undefined ? {} : { body: (raw ? body : JSON.stringify(body)) as string }),
    redirect: 'manual',
  });
  const text = await answer.text();
  let parsed = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    // not JSON: `text` has it
  }
  return { status: answer.status, headers: answer.headers, text, body: parsed };
}

/** The first issue of an OperationOutcome; fails the test when the answer is none. */
export function issueOf(answer: HttpAnswer): NonNullable<OperationOutcome['issue']>[number] {
  if (answer.body?.resourceType !== 'OperationOutcome')
    throw new Error(`no OperationOutcome: ${answer.status} ${answer.text}`);
  return answer.body.issue[0];
}
