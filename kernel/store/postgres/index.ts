export { makeFolder } from './folder.ts';
export { type RecoverOptions, recoverCluster } from './recover.ts';
export { type EmbeddedOptions, type EmbeddedServer, hasNoRoom, startPostgres } from './server.ts';
