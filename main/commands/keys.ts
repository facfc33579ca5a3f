/** `yba keys`: the keys that seal secrets at rest. */
import { newMasterKey, readMasterKeys, resealAll, writeMasterKeys } from '../../kernel/keys/index.ts';
import type { House } from '../house.ts';
import { SEALED_COLUMNS } from '../key-file.ts';
import { type Command, print, UsageError, withHouse } from './command.ts';

export const keys: Command = {
  name: 'keys',
  summary: 'list and rotate the keys that seal secrets and sign tokens',
  options: { master: { type: 'boolean' }, tokens: { type: 'boolean' } },
  help: `yba keys list
yba keys rotate            a new data key; what older ones sealed is sealed anew
yba keys seal              seals bodies that lie open although they are sensitive or files: after an upgrade, or after a change of what counts as sensitive
yba keys rotate --master   a new master key; the data keys are wrapped anew
yba keys rotate --tokens   a new key for tokens: published now, it signs in ten minutes; the old one stays published for a day

Data keys stand in the database, wrapped by the master key of YBA_KEY_FILE (the embedded database: keys/master.key of
the data folder). Keep a copy of that file where the backups are not: without it what is sealed is lost. A rotation that
was cut off goes on with the same command. Older keys only open. After a rotation of the master key the old one stays in the file, so that
older backups can be read; when none is left, remove its line.
`,
  async run(values, [verb = '', ...more]) {
    if (!['list', 'rotate', 'seal'].includes(verb) || more.length > 0)
      throw new UsageError('See "yba keys --help".');
    return withHouse(async (house) => {
      if (verb === 'rotate' && values.tokens === true) return rotateTokens(house);
      if (verb === 'seal') await sealBodies(house.kernel);
      if (verb === 'rotate') await rotate(house, values.master === true);
      for (const { kid, master, made } of await house.keys.list())
        print(`${kid}  ${made.toISOString()}  ${master === '' ? 'not wrapped' : `wrapped by ${master}`}`);
      return 0;
    });
  },
};

async function rotateTokens({ access, kernel }: House): Promise<number> {
  print(`Khóa ký mới: ${await access.oidc.keys.rotate()}`);
  await kernel.gate.system('yba keys').note('rotate', 'key/tokens', null);
  return 0;
}

/** What was sealed stays sealed when this is stopped, and the next run goes on with the rest. */
async function sealBodies({ store }: House['kernel']): Promise<void> {
  const stopper = new AbortController();
  const stop = () => stopper.abort();
  process.once('SIGINT', stop);
  const started = Date.now();
  let said = started;
  const { sealed, stopped } = await store.sealBodies({
    signal: stopper.signal,
    progress: (done) => {
      if (Date.now() - said < 5_000) return;
      said = Date.now();
      print(`… ${done} nội dung, ${Math.round((said - started) / 1000)} giây`);
    },
  });
  process.off('SIGINT', stop);
  print(
    stopped
      ? `Dừng theo yêu cầu: ${sealed} nội dung đã niêm phong, chạy lại lệnh này để làm tiếp.`
      : `${sealed} nội dung được niêm phong.`,
  );
}

async function rotate({ keys, keyFile, kernel }: House, master: boolean): Promise<void> {
  if (master) {
    if (keyFile === null) throw new UsageError('There is no key file: set YBA_KEY_FILE.');
    const known = readMasterKeys(keyFile);
    // First into the file, so that no key in the database is ever wrapped by one that stands nowhere.
    writeMasterKeys(keyFile, [newMasterKey(), ...known]);
    print(`${await keys.rewrap(readMasterKeys(keyFile))} khóa dữ liệu được bọc lại.`);
  } else {
    print(`Khóa mới: ${await keys.rotate()}`);
    print(`${await resealAll(kernel.pool, keys, SEALED_COLUMNS)} giá trị được niêm phong lại.`);
    await sealBodies(kernel);
  }
  await kernel.gate.system('yba keys').note('rotate', master ? 'key/master' : 'key/data', null);
}
