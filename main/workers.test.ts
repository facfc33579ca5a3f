/** Several processes behind one port: what one of them knows or does holds for all. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type TestDatabase, withDatabase } from '../kernel/store/testing.ts';

const YBA = join(import.meta.dirname, 'bin', 'yba');
/** Connections are dealt in turn, so that so many reach every process several times. */
const CONNECTIONS = 6;
const PASSWORD = 'Mật khẩu thử 2026!';

/** A province's folder, and the form in it that is changed while the program runs. */
const folder = mkdtempSync(join(tmpdir(), 'yba-workers-'));
const CONTENT = join(folder, 'noi-dung');
const FORM = 'forms/don-xin-tha-dieu/2026-01-01.json';
const FORM_AT = '/fhir/Questionnaire?url=http://yba.vn/fhir/Questionnaire/don-xin-tha-dieu';

let db: TestDatabase;
let program: ChildProcess;
let address: string;
let said = '';

before(async () => {
  db = await withDatabase();
  cpSync(join(import.meta.dirname, '../tests/content-proof/pack'), CONTENT, { recursive: true });
  const env = {
    PATH: process.env.PATH ?? '',
    DATABASE_URL: db.url,
    YBA_CONTENT: CONTENT,
    YBA_DATA: join(folder, 'data'),
  };
  program = spawn(YBA, ['start', '--no-web'], {
    env: { ...env, PORT: '0', YBA_DEMO: 'off', YBA_WORKERS: '2', YBA_CLIENT: 'may:mot bi mat that dai' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [program.stdout!, program.stderr!]) output.on('data', (chunk) => (said += chunk));
  await until(() => /http:\/\/[\d.:]+/.test(said));
  address = /http:\/\/[\d.:]+/.exec(said)![0];
  const words = [
    'user',
    'add',
    'giamdoc',
    '--name',
    'Thử',
    '--roles',
    'province-operator',
    '--password',
    PASSWORD,
  ];
  const added = spawn(YBA, words, { env, stdio: 'ignore' });
  assert.equal(await new Promise((resolve) => added.once('close', resolve)), 0);
});
after(async () => {
  if (program.exitCode === null) program.kill('SIGKILL');
  await db.stop();
  rmSync(folder, { recursive: true });
});

test('two processes serve, and the metrics are of both', async () => {
  const connections = await connect();
  await Promise.all(connections.map((one) => one.send('GET', '/healthz')));
  const metrics = (await connections[0]!.send('GET', '/metrics')).text;
  assert.match(metrics, /^yba_processes 2$/m);
  assert.match(
    metrics,
    new RegExp(`^yba_request_seconds_count{method="GET",area="web",status="2xx"} ${2 * CONNECTIONS}$`, 'm'),
  );
  assert.equal(workers().length, 2);
});

test('who signs out in one process is signed out in all of them', async () => {
  const connections = await connect();
  const cookie = await signIn(connections[0]!);
  const me = () =>
    Promise.all(connections.map((one) => one.send('GET', '/api/access/me', undefined, { cookie })));
  assert.deepEqual(new Set((await me()).map(({ status }) => status)), new Set([200]));
  await connections[0]!.send('POST', '/api/access/sign-out', {}, { cookie });
  await until(async () => (await me()).every(({ status }) => status === 401), 1_000);
});

test('tries of a password are counted over all processes', async () => {
  const connections = await connect();
  const tries: number[] = [];
  for (let i = 0; i < 14; i++) {
    const body = { username: 'nguoikhac', password: `sai ${i}` };
    tries.push((await connections[i % CONNECTIONS]!.send('POST', '/api/access/sign-in', body)).status);
    await pause(20);
  }
  assert.ok(tries.filter((status) => status === 401).length <= 11, tries.join(' '));
  assert.equal(tries.at(-1), 429);
});

test('what is written by one is read by the other, and the record is one', async () => {
  const connections = await connect();
  const authorization = await token(connections[0]!);
  const headers = { authorization, 'content-type': 'application/fhir+json' };
  const made = await Promise.all(
    connections.map((one, i) =>
      one.send('POST', '/fhir/Patient', { resourceType: 'Patient', birthDate: `19${40 + i}` }, headers),
    ),
  );
  for (const { status, text } of made) {
    assert.equal(status, 201);
    const { id } = JSON.parse(text) as { id: string };
    const read = await Promise.all(
      connections.map((one) => one.send('GET', `/fhir/Patient/${id}`, undefined, headers)),
    );
    assert.deepEqual(new Set(read.map((answer) => answer.status)), new Set([200]));
  }
});

test('a process that is killed is replaced, the other serves meanwhile; both by the content of the start', async () => {
  const form = readFileSync(join(CONTENT, FORM), 'utf8');
  const { title } = JSON.parse(form) as { title: string };
  writeFileSync(join(CONTENT, FORM), form.replace(title, 'Đơn đã đổi'));
  const [one] = workers();
  process.kill(one!, 'SIGKILL');
  await until(() => workers().length === 2 && !workers().includes(one!));
  for (const connection of await connect())
    assert.equal((await connection.send('GET', '/readyz')).status, 200);
  await until(async () => {
    const [any] = await connect();
    return (await any!.send('GET', '/metrics')).text.includes('\nyba_processes 2\n');
  });
  const connections = await connect();
  const authorization = await token(connections[0]!);
  for (const connection of connections) {
    const found = await connection.send('GET', FORM_AT, undefined, {
      authorization,
    });
    assert.equal(JSON.parse(found.text).entry?.[0].resource.title, title, found.text);
  }
  assert.match(said, /dừng bất ngờ/);
});

test('all end with the one that started them, also when it is killed', async () => {
  const running = workers();
  program.kill('SIGKILL');
  await until(() => running.every((pid) => !isRunning(pid)));
});

interface Connection {
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string; headers: IncomingMessage['headers'] }>;
}

/** Connections that stay open, made one after the other. */
async function connect(): Promise<Connection[]> {
  const connections: Connection[] = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    after(() => agent.destroy());
    const connection: Connection = { send: (...call) => send(agent, ...call) };
    await connection.send('GET', '/readyz');
    connections.push(connection);
  }
  return connections;
}

function send(
  agent: Agent,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): ReturnType<Connection['send']> {
  const bytes = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(
      `${address}${path}`,
      {
        method,
        agent,
        headers: { ...(bytes === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk);
        resolve({
          status: answer.statusCode!,
          text: Buffer.concat(chunks).toString('utf8'),
          headers: answer.headers,
        });
      },
    );
    call.on('error', reject);
    call.end(bytes);
  });
}

async function signIn(connection: Connection): Promise<string> {
  const answer = await connection.send('POST', '/api/access/sign-in', {
    username: 'giamdoc',
    password: PASSWORD,
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.headers['set-cookie']!.map((one) => one.split(';')[0]).join('; ');
}

async function token(connection: Connection): Promise<string> {
  const basic = Buffer.from(`may:${encodeURIComponent('mot bi mat that dai')}`).toString('base64');
  const answer = await connection.send('POST', '/oauth2/token', 'grant_type=client_credentials', {
    authorization: `Basic ${basic}`,
    'content-type': 'application/x-www-form-urlencoded',
  });
  return `Bearer ${(JSON.parse(answer.text) as { access_token: string }).access_token}`;
}

/** Children of the program that serve. */
function workers(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) =>
        parentOf(pid) === program.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.ts'),
    );
}

function parentOf(pid: number): number | null {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[1],
    );
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '')[0] !== 'Z';
  } catch {
    return false;
  }
}

async function until(holds: () => boolean | Promise<boolean>, limit = 60_000): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 20) {
    assert.ok(waited < limit, `it did not happen:\n${said}`);
    await pause(20);
  }
}
