/**
 * A record on its way from one program to another over HTTP: `$export` here, files fetched and served again, `$import` there,
 * and whether both then hold and answer the same.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** A program, and the right to everything in it. */
export interface Party {
  address: string;
  /** Header `Authorization`. */
  authorization: string;
}

export interface ManifestFile {
  type: string;
  url: string;
  count: number;
  inputUrl?: string;
}

export interface Manifest {
  transactionTime: string;
  output: ManifestFile[];
  deleted: ManifestFile[];
  error: ManifestFile[];
}

/** A file of an export in a folder of ours. */
export interface FetchedFile {
  type: string;
  name: string;
  count: number;
}

const POLL_MS = 100;

export async function call(
  { address, authorization }: Party,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  return fetch(path.startsWith('http') ? path : `${address}/fhir/${path}`, {
    method,
    headers: {
      authorization,
      accept: 'application/fhir+json',
      prefer: 'respond-async',
      ...(body && { 'content-type': 'application/fhir+json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** Address of the job that a kick-off answers with. */
export async function kickOff(party: Party, method: string, path: string, body?: object): Promise<string> {
  const answer = await call(party, method, path, body);
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 1_000)}`);
  return answer.headers.get('content-location')!;
}

/** Waits for the manifest. @throws Error with the answer of a job that failed */
export async function manifestOf(party: Party, job: string): Promise<Manifest> {
  for (;;) {
    const answer = await call(party, 'GET', job);
    const text = await answer.text();
    if (answer.status === 200) return JSON.parse(text) as Manifest;
    if (answer.status !== 202) throw new Error(`${job}: ${answer.status} ${text.slice(0, 1_000)}`);
    await pause(POLL_MS);
  }
}

/** Exports the whole system into a folder. */
export async function exportInto(party: Party, folder: string): Promise<FetchedFile[]> {
  mkdirSync(folder, { recursive: true });
  const { output } = await manifestOf(party, await kickOff(party, 'GET', '$export'));
  const files: FetchedFile[] = [];
  for (const { type, url, count } of output) {
    const name = `${type}.${files.length}.ndjson`;
    const answer = await call(party, 'GET', url);
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(join(folder, name)));
    files.push({ type, name, count });
  }
  return files;
}

/** Writes resources as a file that can be imported. */
export async function writeNdjson(path: string, resources: Iterable<object>): Promise<number> {
  const out = createWriteStream(path);
  let count = 0;
  for (const resource of resources) {
    if (!out.write(`${JSON.stringify(resource)}\n`))
      await new Promise<void>((go) => out.once('drain', () => go()));
    count += 1;
  }
  out.end();
  await finished(out);
  return count;
}

export interface FileHost {
  /** `host:port`, as `YBA_PEERS` names it. */
  host: string;
  stop(): Promise<void>;
}

/** Serves the files of a folder by name. */
export async function hostFiles(folder: string): Promise<FileHost> {
  const server = createServer((request, response) => {
    const path = join(folder, request.url!.slice(1));
    if (!existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/fhir+ndjson' });
    createReadStream(path)
      .on('error', () => response.destroy())
      .pipe(response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

export const importAsk = (host: string, files: readonly FetchedFile[]) => ({
  inputFormat: 'application/fhir+ndjson',
  inputSource: `http://${host}`,
  storageDetail: { type: 'https' },
  input: files.map(({ type, name }) => ({ type, url: `http://${host}/${name}` })),
});

export interface Imported {
  created: number;
  updated: number;
  unchanged: number;
  /** Sentences of the error files. */
  faults: string[];
}

export async function importFiles(
  party: Party,
  host: string,
  files: readonly FetchedFile[],
): Promise<Imported> {
  const job = await kickOff(party, 'POST', '$import', importAsk(host, files));
  const { output, error } = await manifestOf(party, job);
  const told = await Promise.all(output.map((file) => sentencesOf(party, file)));
  const sum = (name: string) =>
    told.flat().reduce((all, text) => all + Number(new RegExp(`${name}=(\\d+)`).exec(text)?.[1] ?? 0), 0);
  const faults = (await Promise.all(error.map((file) => sentencesOf(party, file)))).flat();
  return { created: sum('created'), updated: sum('updated'), unchanged: sum('unchanged'), faults };
}

async function sentencesOf(party: Party, { url }: ManifestFile): Promise<string[]> {
  const text = await (await call(party, 'GET', url)).text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).issue[0].diagnostics as string);
}

const OF_STORE = /("meta":\{)"versionId":"[^"]*","lastUpdated":"[^"]*",?/;

/** Of every resource in the files, by name: a digest of all that it says but version and instant, each store's own. */
export async function digestsOf(folder: string, files: readonly FetchedFile[]): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const { name } of files) {
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      const said = line.replace(OF_STORE, '$1');
      const { resourceType, id } = JSON.parse(line) as { resourceType: string; id: string };
      digests.set(`${resourceType}/${id}`, createHash('sha1').update(said).digest('base64'));
    }
  }
  return digests;
}

/** Names of what one of the two lacks, or says otherwise. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name)).sort();
}

/** What a search finds, on all its pages, by name and mode; in its order when it has one. */
export async function answersOf(party: Party, question: string): Promise<string[]> {
  const found: string[] = [];
  let path: string | undefined = question;
  while (path !== undefined) {
    const answer = await fetch(path.startsWith('http') ? path : `${party.address}/fhir/${path}`, {
      headers: { authorization: party.authorization },
    });
    const bundle = (await answer.json()) as {
      total?: number;
      entry?: { resource: { resourceType: string; id: string }; search?: { mode?: string } }[];
      link?: { relation: string; url: string }[];
    };
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(bundle)}`);
    if (bundle.total !== undefined) found.push(`total ${bundle.total}`);
    for (const { resource, search } of bundle.entry ?? [])
      found.push(`${search?.mode} ${resource.resourceType}/${resource.id}`);
    path = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return /[?&]_sort=/.test(question) ? found : found.sort();
}

/** A folder with a name that says whose files are in it. */
export function folderIn(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.keep'), '');
  return folder;
}
