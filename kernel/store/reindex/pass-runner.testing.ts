/** A program that makes passes in the background until it is killed: `node pass-runner.testing.ts <database url>`. */
import { openStore } from '../index.ts';

const store = await openStore({ url: process.argv[2]!, sealEvery: 0 });
store.reindexing.startBackground(() => undefined);
setInterval(() => undefined, 1_000);
