export { type EmbeddedOptions, type EmbeddedServer, startPostgres } from './server.ts';
