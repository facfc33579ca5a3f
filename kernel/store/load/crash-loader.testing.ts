/**
 * A program that loads sources into an embedded database and prints `pid <postmaster>` once and a line for each piece that is
 * in. The crash test kills it.
 *
 * `node crash-loader.testing.ts <folder> <binaries folder> <source>`
 */
import { writeSync } from 'node:fs';
import { openStore, startPostgres } from '../index.ts';
import { loadInto } from './samples.testing.ts';

const [folder, binariesFolder, source] = process.argv.slice(2);
const server = await startPostgres({ folder: folder!, binariesFolder: binariesFolder! });
const store = await openStore({ url: server.url, sealEvery: 0, loading: true });
writeSync(1, `pid ${server.pid()}\n`);
await loadInto(store, [source!], {
  indexes: 'deferred',
  onProgress: ({ created }) => writeSync(1, `${created}\n`),
});
writeSync(1, 'whole\n');
process.exit(0);
