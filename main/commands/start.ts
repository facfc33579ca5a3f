/** `yba start`: the program, until Ctrl-C. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DEMO_PASSWORD, demoAccounts } from '../demo.ts';
import { type Program, startProgram } from '../program.ts';
import { readSettings, SETTINGS, SettingError } from '../settings.ts';
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
    const { settings } = readSettings(process.env, process.cwd());
    surviveDefects();
    const stopping = stopSignal();
    if (values['no-web'] !== true) await buildScreens();
    const program = await startProgram(settings, { log: tellOperator });
    announce(program);
    await stopping;
    print('Đang dừng …');
    await program.stop();
    return 0;
  },
};

/** A request that fails in an unforeseen way is logged; the others go on. */
function surviveDefects(): void {
  process.on('unhandledRejection', (error) => tellOperator('unhandled rejection', error));
  process.on('uncaughtException', (error) => tellOperator('uncaught exception', error));
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

/** In a process of its own, so that the builder's memory is not the program's. It ends at once when nothing changed. */
async function buildScreens(): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'web', 'build.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-2000);
  });
  const status = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('exit', resolve);
  });
  if (status !== 0)
    throw new SettingError(
      `The screens could not be built: ${said.trim().split('\n').at(-1) ?? ''} (yba start --no-web starts without them).`,
    );
}

function announce({ address, house }: Program): void {
  print(`\nY Bạ: ${address}\n`);
  if (house.demo) {
    print(`Tỉnh mẫu. Tài khoản (mật khẩu chung: ${DEMO_PASSWORD}):`);
    for (const { username, note } of demoAccounts(house)) print(`  ${username.padEnd(12)} ${note}`);
  } else {
    print(
      'Tỉnh trống. Tạo tài khoản đầu tiên: yba user add (dừng chương trình trước nếu dùng cơ sở dữ liệu kèm theo).',
    );
  }
  print('\nCtrl-C để dừng.');
}
