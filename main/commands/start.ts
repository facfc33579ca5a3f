/** `yba start`: the program, until Ctrl-C. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { surviveDefects } from '../defects.ts';
import { startEmbedded } from '../embedded.ts';
import { openDataFolder } from '../folder.ts';
import { keepContent } from '../kept-content.ts';
import { refusePortInUse } from '../listening.ts';
import { calmMalloc } from '../malloc.ts';
import { refuseClearOutside, refuseDemoOutside } from '../outside.ts';
import { type ProgramSettings, readSettings, SETTINGS, SettingError } from '../settings.ts';
import { startWorkers } from '../workers.ts';
import { type Command, print, tellOperator } from './command.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export const start: Command = {
  name: 'start',
  summary: 'starts the program and prints its address',
  options: { 'no-web': { type: 'boolean' } },
  help: `yba start

Starts Y Bạ: the database (unless DATABASE_URL names one), the record, the screens. On an empty folder it builds
the demo province first (YBA_DEMO=off: an empty one). Ctrl-C stops it.

  --no-web   do not build the screens, serve what was built before

Settings, in the environment or in yba.config.json:

${SETTINGS.map(({ env, standard, meaning }) => `  ${env.padEnd(18)} ${meaning}${standard === '' ? '' : ` [${standard}]`}`).join('\n')}
`,
  async run(values) {
    calmMalloc();
    const { settings } = readSettings(process.env, process.cwd());
    surviveDefects();
    const stopping = stopSignal();
    await refusePortInUse(settings);
    const isNew = settings.databaseUrl === null && !existsSync(join(settings.dataFolder, 'postgres'));
    const buildsDemo = isNew && settings.demo !== false;
    // Before a province is built for nothing.
    if (buildsDemo) refuseDemoOutside(settings);
    if (settings.demo === false) refuseClearOutside(settings, false);
    if (isNew) openDataFolder(settings.dataFolder);
    const { folders: content, forget } = keepContent(settings.content, settings.dataFolder);
    try {
      await Promise.all([
        values['no-web'] === true ? null : buildScreens(),
        buildsDemo ? buildDemo(settings) : null,
      ]);
      const running = await startIn({ ...settings, content });
      await stopping;
      print('Đang dừng …');
      await running.stop();
    } finally {
      forget();
    }
    return 0;
  },
};

interface Running {
  stop(): Promise<void>;
}

const startIn = (settings: ProgramSettings): Promise<Running> =>
  settings.workers > 1 ? startShared(settings) : startAlone(settings);

/** Everything in this process. The rooms are loaded only where they are lived in. */
async function startAlone(settings: ProgramSettings): Promise<Running> {
  const { startProgram } = await import('../program.ts');
  const { announce } = await import('../announce.ts');
  const { keepFollower } = await import('../follower/keeper.ts');
  const program = await startProgram(settings, { log: tellOperator });
  const follower = keepFollower({
    house: program.house,
    settings,
    embedded: settings.databaseUrl === null,
    address: program.address,
    log: tellOperator,
  });
  await announce(program);
  return {
    stop: async () => {
      await follower.stop();
      await program.stop();
    },
  };
}

/** This process keeps the database and the others, and stays small. */
async function startShared(settings: ProgramSettings): Promise<Running> {
  const { dataFolder, workers } = settings;
  const embedded = settings.databaseUrl === null;
  const database = embedded ? await startEmbedded(dataFolder, workers, tellOperator) : null;
  try {
    const databaseUrl = settings.databaseUrl ?? database!.url;
    const crew = await startWorkers({ settings: { ...settings, databaseUrl }, embedded, log: tellOperator });
    crew.announce();
    return {
      stop: async () => {
        await crew.stop();
        await database?.stop();
      },
    };
  } catch (error) {
    await database?.stop();
    throw error;
  }
}

/** The first Ctrl-C stops in good order, the second at once (the database loses nothing). */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

/** It ends at once when nothing changed. */
async function buildScreens(): Promise<void> {
  const { status, said } = await inProcess([join(ROOT, 'web', 'build.ts')], 'ignore');
  if (status === 0) return;
  const reason = said.trim().split('\n').at(-1) ?? '';
  throw new SettingError(
    `The screens could not be built: ${reason} (yba start --no-web starts without them).`,
  );
}

async function buildDemo({ people }: ProgramSettings): Promise<void> {
  const words = [join(ROOT, 'main', 'yba.ts'), 'demo', '--people', String(people)];
  const { status, said } = await inProcess(words, 'inherit');
  if (status !== 0)
    throw new SettingError(said.trim().replace(/^yba: /, '') || 'The demo province could not be built.');
}

/** In a process of its own, so that what a builder needs for a moment is not the program's memory for ever. */
function inProcess(
  words: string[],
  stdout: 'ignore' | 'inherit',
): Promise<{ status: number | null; said: string }> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', stdout, 'pipe'] });
  let said = '';
  child.stderr!.on('data', (chunk) => {
    said = (said + chunk).slice(-4000);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: null, said: error.message }));
    child.on('close', (status) => resolve({ status, said }));
  });
}
