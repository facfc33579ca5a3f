/** `yba doctor`: what the program needs and how it is, one line each. */
import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { openDataFolder } from '../folder.ts';
import { contentInUse } from '../kept-content.ts';
import { runningDatabase } from '../running.ts';
import { isLoopback, type ProgramSettings, readSettings } from '../settings.ts';
import { VERSION } from '../version.ts';
import { type Command, print } from './command.ts';

interface Finding {
  ok: boolean;
  text: string;
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'examines the machine, the settings and the database',
  options: {},
  help: 'yba doctor\n\nExamines the machine, the settings and the database. Status 1 when something stands in the way.\n',
  async run() {
    const { settings } = readSettings(process.env, process.cwd());
    const running = settings.databaseUrl === null ? runningDatabase(settings.dataFolder) : null;
    settings.databaseUrl ??= running;
    const findings: Finding[] = [
      {
        ok: Number(process.versions.node.split('.')[0]) >= 24,
        text: `Node ${process.versions.node}, Y Bạ ${VERSION}`,
      },
      { ok: totalmem() > 1e9, text: `memory ${(totalmem() / 1e9).toFixed(1)} GB` },
      folderFinding(settings),
      await portFinding(settings, running !== null),
      {
        ok: existsSync(join(import.meta.dirname, '..', '..', 'dist', 'web', 'index.html')),
        text: 'screens are built (npm start builds them)',
      },
    ];
    findings.push(...(await databaseFindings(settings, running !== null)));
    for (const { ok, text } of findings) print(`${ok ? 'ok ' : 'NO '} ${text}`);
    return findings.every(({ ok }) => ok) ? 0 : 1;
  },
};

function folderFinding({ dataFolder }: ProgramSettings): Finding {
  try {
    openDataFolder(dataFolder);
    const { bavail, bsize } = statfsSync(dataFolder);
    const free = (bavail * bsize) / 1e9;
    return { ok: free > 1, text: `${dataFolder} can be written, ${free.toFixed(0)} GB free` };
  } catch (error) {
    return { ok: false, text: (error as Error).message };
  }
}

async function portFinding({ port, bind }: ProgramSettings, running: boolean): Promise<Finding> {
  const free = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, bind, () => probe.close(() => resolve(true)));
  });
  const reach = isLoopback(bind) ? 'this machine only' : 'other machines too';
  const state = free
    ? 'is free'
    : running
      ? 'is ours: the program is running'
      : 'is in use by another program';
  return { ok: free || running, text: `${bind}:${port} (${reach}) ${state}` };
}

const WEEK_MS = 7 * 86_400_000;

async function databaseFindings(settings: ProgramSettings, embedded: boolean): Promise<Finding[]> {
  try {
    const { openHouse } = await import('../house.ts');
    const content = contentInUse(settings.dataFolder) ?? settings.content;
    const house = await openHouse({
      settings: { ...settings, content },
      embedded,
      log: () => undefined,
      issuer: () => '',
    });
    try {
      const { rows } = await house.kernel.pool.query<{ server_version: string }>('show server_version');
      const since = new Date(Date.now() - WEEK_MS);
      const report = await house.kernel.store.verifyAudit({ since });
      return [
        {
          ok: true,
          text: `PostgreSQL ${rows[0]!.server_version}, ${house.demo ? 'demo province' : 'real province'}`,
        },
        {
          ok: report.ok,
          text: `audit of a week: ${report.lines} lines under ${report.seals} seals (yba audit verify reads it all)`,
        },
      ];
    } finally {
      await house.close();
    }
  } catch (error) {
    return [{ ok: false, text: `database: ${(error as Error).message}` }];
  }
}
