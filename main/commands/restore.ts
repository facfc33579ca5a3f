/** `yba restore`: a data folder out of a backup, at the newest or at any earlier moment. */
import { resolve } from 'node:path';
import { BackupFault, restore as restoreFolder } from '../../kernel/backup/index.ts';
import { proveRestored } from '../prove.ts';
import { readSettings } from '../settings.ts';
import { identitiesOf, shelfIn } from './backup.ts';
import { type Command, print, required, UsageError } from './command.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'makes a data folder out of a backup, at any moment that was kept',
  options: {
    to: { type: 'string' },
    from: { type: 'string' },
    until: { type: 'string' },
    cluster: { type: 'string' },
    identity: { type: 'string' },
    'passphrase-file': { type: 'string' },
  },
  help: `yba restore --to <folder> --identity <file> [--until 2026-11-22T10:15:00+07:00] [--from <folder of backups>]

Checks every hash, decrypts, runs the database's log up to the moment (the newest without --until), counts, proves the audit, and only
then gives the folder its name: what is broken off leaves nothing, and the same command begins anew. The folder must be new or empty.
Then: YBA_DATA=<folder> yba start

  --from             default: the first folder of YBA_BACKUP
  --until            commits until then, in Vietnam's time when no zone is given
  --passphrase-file  when the identity is protected by one
  --cluster          when the folder holds backups of several databases
`,
  async run(values, words) {
    if (words.length > 0) throw new UsageError('See "yba restore --help".');
    const { settings } = readSettings(process.env, process.cwd());
    const target = resolve(required(values.to, 'to'));
    const from = typeof values.from === 'string' ? resolve(values.from) : settings.backup[0];
    if (from === undefined)
      throw new BackupFault('Say where the backups are: --from <folder>, or YBA_BACKUP.');
    const until = typeof values.until === 'string' ? momentOf(values.until) : null;
    const { base, reached } = await restoreFolder({
      shelf: shelfIn(from, typeof values.cluster === 'string' ? values.cluster : undefined),
      target,
      until,
      identities: await identitiesOf(values),
      told: print,
      prove: async (folder, given) => {
        const { changes, auditLines, head } = await proveRestored(settings, folder, given, until);
        print(
          `${changes} thay đổi và ${auditLines} dòng nhật ký truy cập của bản sao có đủ; niêm phong cuối ${head ?? '–'}.`,
        );
      },
    });
    print(
      `Đã khôi phục ${base.label} vào ${target}, đến giao dịch lúc ${(reached ?? new Date(base.ended)).toISOString()}.`,
    );
    print(`Chạy: YBA_DATA=${target} npx yba start`);
    return 0;
  },
};

/** Without a zone it is Vietnam's time. */
function momentOf(text: string): Date {
  const isInstant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(text) && text.includes('T');
  const moment = new Date(hasZone ? text : `${text.includes('T') ? text : `${text}T00:00`}+07:00`);
  if (isInstant && !Number.isNaN(moment.getTime())) return moment;
  throw new UsageError(`--until "${text}" must be like 2026-11-22T10:15:00+07:00.`);
}
