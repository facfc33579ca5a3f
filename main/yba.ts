/** The `yba` command: one word for each thing that an operator does. */
import { parseArgs } from 'node:util';
import { audit } from './commands/audit.ts';
import { backup } from './commands/backup.ts';
import { client } from './commands/client.ts';
import { type Command, tellFault, UsageError } from './commands/command.ts';
import { config } from './commands/config.ts';
import { consent } from './commands/consent.ts';
import { content } from './commands/content.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { keys } from './commands/keys.ts';
import { load } from './commands/load.ts';
import { reindex } from './commands/reindex.ts';
import { restore } from './commands/restore.ts';
import { start } from './commands/start.ts';
import { subscriptions } from './commands/subscriptions.ts';
import { tls } from './commands/tls.ts';
import { user } from './commands/user.ts';
import { views } from './commands/views.ts';
import { VERSION } from './version.ts';
import { WorkerFailed } from './workers.ts';

const COMMANDS: readonly Command[] = [
  start,
  demo,
  load,
  config,
  consent,
  content,
  doctor,
  audit,
  reindex,
  user,
  client,
  keys,
  backup,
  restore,
  tls,
  views,
  subscriptions,
];

async function main(words: string[]): Promise<number> {
  const [name = 'help', ...rest] = words;
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  if (['help', '--help', '-h'].includes(name)) {
    process.stdout.write(overview());
    return 0;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) throw new UsageError(`There is no command "${name}"; see "yba --help".`);
  const { values, positionals } = parse(command, rest);
  if (values.help) {
    process.stdout.write(command.help);
    return 0;
  }
  return command.run(values, positionals);
}

function parse(command: Command, words: string[]) {
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: words, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; see "yba ${command.name} --help".`);
  }
}

function overview(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(13)} ${summary}`);
  return `Y Bạ ${VERSION}\n\nyba <command> [options]\n\n${lines.join('\n')}\n\nyba <command> --help tells more. Settings: yba config.\n`;
}

// Who reads along may stop (`yba config | head -1`, a terminal that was closed): that ends no program and is no defect.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

// The command ends here: nothing that is left open in the background may keep it alive.
main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error) => {
    // A worker has said itself why it did not start.
    if (!(error instanceof WorkerFailed)) tellFault(error);
    process.exit(1);
  },
);
