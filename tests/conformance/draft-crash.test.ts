/** A half-typed form: `kill -9` of the program and of its database a moment after it was saved, and it goes on where it stood. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

const YBA = join(import.meta.dirname, '../../main/bin/yba');
const FORM = 'http://yba.vn/fhir/Questionnaire/sang-loc-khong-lay-nhiem|2026-07-01';

/** The demo province in a process of its own. */
class Province {
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #address = '';
  #cookie = '';

  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<void> {
    let said = '';
    this.#process = spawn(YBA, ['start', '--no-web'], {
      env: { PATH: process.env.PATH ?? '', YBA_DATA: this.#folder, PORT: '0', YBA_PEOPLE: '40' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const output of [this.#process.stdout!, this.#process.stderr!])
      output.on('data', (chunk) => (said += chunk));
    for (let waited = 0; !/http:\/\/[\d.:]+/.test(said); waited++) {
      assert.ok(this.#process.exitCode === null && waited < 2400, said);
      await pause(50);
    }
    this.#address = /http:\/\/[\d.:]+/.exec(said)![0];
    const answer = await fetch(`${this.#address}/api/access/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'bacsi', password: 'demo' }),
    });
    assert.equal(answer.status, 200);
    this.#cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever the address answers
  async ask(method: string, path: string, body?: object): Promise<{ status: number; body: any }> {
    const answer = await fetch(this.#address + path, {
      method,
      headers: { cookie: this.#cookie, 'content-type': 'application/json', 'if-match': '"0"' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** Kills the program and, with it, its database. */
  async kill(): Promise<void> {
    const pid = readFileSync(join(this.#folder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0];
    await this.#end('SIGKILL', Number(pid));
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM', database?: number): Promise<void> {
    const ended = this.#process;
    if (!ended || ended.exitCode !== null || ended.signalCode !== null) return;
    const exited = new Promise((resolve) => ended.once('exit', resolve));
    ended.kill(signal);
    if (database !== undefined) process.kill(database, 'SIGKILL');
    await exited;
    ended.stdout!.destroy();
    ended.stderr!.destroy();
  }
}

test('a draft that was saved is there after kill -9 of program and database, as it was typed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yba-draft-'));
  chmodSync(folder, 0o755);
  const province = new Province(join(folder, 'data'));
  try {
    await province.start();
    const patient: string = (await province.ask('GET', '/fhir/Patient?_count=1')).body.entry[0].resource.id;
    const response = {
      resourceType: 'QuestionnaireResponse',
      status: 'in-progress',
      questionnaire: FORM,
      item: [
        {
          linkId: 'ket-luan',
          item: [{ linkId: 'ghi-chu', answer: [{ valueString: 'Đang gõ dở thì mất đi' }] }],
        },
      ],
    };
    const saved = await province.ask('PUT', '/api/forms/drafts', {
      form: FORM,
      patient,
      response,
      place: 'Chrome trên Windows',
    });
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    await province.kill();
    await province.start();
    const opened = await province.ask('GET', `/api/forms/open/sang-loc-khong-lay-nhiem?patient=${patient}`);
    assert.deepEqual(
      opened.body.draft?.response.item,
      response.item,
      JSON.stringify(opened.body).slice(0, 300),
    );
  } finally {
    await province.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
