/** A program of its own (`yba start` on an embedded database), written to over HTTP until something dies. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const YBA = join(import.meta.dirname, '../../main/bin/yba');
const CLIENT = { id: 'may', secret: 'mot bi mat that dai' };

// biome-ignore lint/suspicious/noExplicitAny: resources of any type
type Any = any;

export interface Answer {
  status: number;
  body: Any;
}

export class Running {
  readonly folder: string;
  #process: ChildProcess | undefined;
  #address = '';
  #token = '';

  /** @param folder of its data; made by the program */
  constructor(folder: string) {
    this.folder = folder;
  }

  async start(): Promise<void> {
    let said = '';
    this.#process = spawn(YBA, ['start', '--no-web'], {
      env: {
        PATH: process.env.PATH ?? '',
        YBA_DATA: this.folder,
        PORT: '0',
        YBA_DEMO: 'off',
        YBA_CLIENT: `${CLIENT.id}:${CLIENT.secret}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const output of [this.#process.stdout!, this.#process.stderr!])
      output.on('data', (chunk) => (said += chunk));
    for (let waited = 0; !/http:\/\/[\d.:]+/.test(said); waited++) {
      assert.ok(this.#process.exitCode === null && waited < 1200, said);
      await pause(50);
    }
    this.#address = /http:\/\/[\d.:]+/.exec(said)![0];
    const basic = Buffer.from(`${CLIENT.id}:${encodeURIComponent(CLIENT.secret)}`).toString('base64');
    const answer = await fetch(`${this.#address}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { authorization: `Basic ${basic}` },
    });
    this.#token = ((await answer.json()) as { access_token: string }).access_token;
  }

  /** @param path below `/fhir`, or a link of an answer */
  async send(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(path.startsWith('http') ? path : `${this.#address}/fhir${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/fhir+json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** Pid of the database's first process. */
  databasePid(): number {
    return Number(readFileSync(join(this.folder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Waits for the end. */
  async end(signal: 'SIGKILL' | 'SIGTERM', withDatabase = false): Promise<void> {
    const ended = this.#process;
    if (!ended || ended.exitCode !== null || ended.signalCode !== null) return;
    const exited = new Promise((resolve) => ended.once('exit', resolve));
    const database = withDatabase ? this.databasePid() : undefined;
    ended.kill(signal);
    if (database !== undefined) process.kill(database, 'SIGKILL');
    await exited;
    // A database that outlives the program holds the other end.
    ended.stdout!.destroy();
    ended.stderr!.destroy();
  }

  /** `yba …` on the same folder. @returns its exit status */
  async command(...words: string[]): Promise<number> {
    const child = spawn(YBA, words, {
      env: { PATH: process.env.PATH ?? '', YBA_DATA: this.folder },
      stdio: 'ignore',
    });
    return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  }
}

/** Two people, something of each, and what belongs to nobody: resources that a transaction writes or leaves alone together. */
export function family(name: string, padding = ''): Any[] {
  const person = (id: string) => [
    { resourceType: 'Patient', id },
    {
      resourceType: 'Observation',
      id: `${id}-o`,
      status: 'final',
      code: { text: 'Mạch' },
      subject: { reference: `Patient/${id}` },
      valueQuantity: { value: 70 },
      ...(padding === '' ? {} : { note: [{ text: padding }] }),
    },
  ];
  return [...person(`${name}-a`), ...person(`${name}-b`), { resourceType: 'Organization', id: name, name }];
}

/** The transaction that writes a family. */
export function transactionOf(resources: readonly Any[]): object {
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

/** The audit is asked about every third person only: that takes longer than the rest. */
const SOME = 3;

/** A person who was made has a line that says so; one who was not has none. */
async function auditTells(running: Running, id: string, made: boolean): Promise<void> {
  const { status, body } = await running.send('GET', `/AuditEvent?patient=Patient/${id}&action=C,U`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal((body.entry ?? []).length > 0, made, `${id}: made ${made}, the audit says otherwise`);
}

/** Every family that was tried is there as a whole or not at all; those acknowledged are. @returns how many are there */
export async function nothingIsHalf(
  running: Running,
  tried: readonly string[],
  acknowledged: ReadonlySet<string>,
): Promise<number> {
  let there = 0;
  for (const [at, name] of tried.entries()) {
    const entry = family(name).map(({ resourceType, id }) => ({
      request: { method: 'GET', url: `${resourceType}/${id}` },
    }));
    const { body } = await running.send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    const statuses = new Set(body.entry.map((one: Any) => one.response.status.slice(0, 3)));
    assert.equal(statuses.size, 1, `${name}: ${[...statuses]}`);
    const isThere = statuses.has('200');
    if (at % SOME === 0) await auditTells(running, `${name}-a`, isThere);
    if (isThere) there += 1;
    else assert.equal(acknowledged.has(name), false, `${name} was acknowledged and is lost`);
  }
  return there;
}

/** The feed, the audit and the rows tell of the same families. */
export async function allAgree(running: Running, families: number): Promise<void> {
  const seen: string[] = [];
  let next: string | undefined = '/_history?_count=500';
  while (next !== undefined) {
    const { status, body }: Answer = await running.send('GET', next);
    assert.equal(status, 200);
    seen.push(...(body.entry ?? []).map((one: Any) => `${one.resource?.resourceType}/${one.resource?.id}`));
    next = body.link.find((one: Any) => one.relation === 'next')?.url;
  }
  const ours = seen.filter((one) => /\/nha-/.test(one));
  assert.equal(new Set(ours).size, ours.length, 'a change stands twice in the history');
  assert.equal(ours.length, families * family('').length);
  for (const type of ['Patient', 'Observation']) {
    const { body } = await running.send('GET', `/${type}?_summary=count`);
    assert.equal(body.total, families * 2, type);
  }
  assert.equal(await running.command('audit', 'verify'), 0, 'the audit is whole');
}
