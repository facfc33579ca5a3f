export { makeFolder } from './folder.ts';
export { type EmbeddedOptions, type EmbeddedServer, startPostgres } from './server.ts';
