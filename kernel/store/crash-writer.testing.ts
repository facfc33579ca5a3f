/**
 * A program that writes visits without pause on an embedded database and prints what was acknowledged, one line each:
 * `pid <postmaster>` once, then `<type>/<id> <version> <value>`. The crash test kills it.
 *
 * `node crash-writer.testing.ts <folder> <binaries folder>`
 */
import { writeSync } from 'node:fs';
import { openStore, startPostgres } from './index.ts';
import { create, line, person, pulse, put } from './samples.testing.ts';

const [folder, binariesFolder] = process.argv.slice(2);
const server = await startPostgres({ folder: folder!, binariesFolder: binariesFolder! });
const store = await openStore({ url: server.url, sealEvery: 1 });
writeSync(1, `pid ${server.pid()}\n`);

/** Synchronous, so that a line is out of the process before the next write begins. */
const acknowledge = (results: { type: string; id: string; version: number }[], value: number) =>
  writeSync(1, results.map(({ type, id, version }) => `${type}/${id} ${version} ${value}\n`).join(''));

async function write(writer: number): Promise<never> {
  for (let round = 0; ; round++) {
    const patient = store.newId('Patient');
    const value = writer * 100_000 + round;
    const made = await store.commit(
      [create(person(patient)), create(pulse(patient, value))],
      [line(patient)],
    );
    acknowledge(made, value);
    const changed = await store.commit([put(pulse(patient, value + 1, made[1]!.id), 1)], [line(patient)]);
    acknowledge(changed, value + 1);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
