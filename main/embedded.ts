/** The embedded PostgreSQL of a data folder, noted so that commands can join it. */
import { join } from 'node:path';
import { type EmbeddedServer, hasNoRoom, startPostgres } from '../kernel/store/postgres/index.ts';
import { openDataFolder } from './folder.ts';
import { forgetRunning, noteRunning } from './running.ts';

/** Connections beside those of the processes: commands, health, maintenance. */
const SPARE_CONNECTIONS = 30;
const CONNECTIONS_A_PROCESS = 20;

/**
 * Starts it and keeps it running until `stop`.
 * @param processes that will work on it
 * @throws Failure or SettingError with one sentence that says what to do
 */
export async function startEmbedded(
  dataFolder: string,
  processes: number,
  log: (sentence: string) => void,
): Promise<EmbeddedServer> {
  openDataFolder(dataFolder);
  const connections = SPARE_CONNECTIONS + CONNECTIONS_A_PROCESS * processes;
  const server = await startPostgres({ folder: databaseFolder(dataFolder), connections, log });
  noteRunning(dataFolder, server.url);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      forgetRunning(dataFolder);
    },
  };
}

/** Whether the disk of an embedded database is full, asked in any process. */
export function diskIsFull(dataFolder: string): boolean {
  return hasNoRoom(databaseFolder(dataFolder));
}

/** Folder of the embedded server within the data folder. */
export const databaseFolder = (dataFolder: string) => join(dataFolder, 'postgres');
