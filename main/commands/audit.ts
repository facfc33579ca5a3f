/** `yba audit`: proves that nobody changed the audit, and shows its checkpoints to those who witness them. */
import { rotateLogKey } from '../../kernel/store/index.ts';
import { archive } from './audit/archive.ts';
import { printCheckpoint, printKeys } from './audit/show.ts';
import { verify } from './audit/verify.ts';
import { keepWitness, witness } from './audit/witness.ts';
import { type Command, UsageError, withHouse } from './command.ts';

export const audit: Command = {
  name: 'audit',
  summary: 'proves that nobody changed the audit; checkpoints and witnesses',
  options: {
    anchor: { type: 'string', multiple: true },
    checkpoint: { type: 'string', multiple: true },
    witness: { type: 'string', multiple: true },
    'log-key': { type: 'string', multiple: true },
    since: { type: 'string' },
    resume: { type: 'string' },
    threads: { type: 'string' },
    log: { type: 'string' },
    key: { type: 'string' },
    name: { type: 'string' },
    seen: { type: 'string' },
    add: { type: 'string' },
    rotate: { type: 'boolean' },
    archive: { type: 'string', multiple: true },
    month: { type: 'string' },
    to: { type: 'string' },
  },
  help: `yba audit verify [--anchor <seal>:<hash> …] [--checkpoint <file> …] [--witness <key> …] [--log-key <key> …]
                 [--archive <month>=<file> …] [--since <date>] [--resume <file>] [--threads <n>]
yba audit checkpoint
yba audit key [--rotate]
yba audit archive --month <2024-01> --to <file>
yba audit witness --log <address> --key <file> --name <name> --seen <file> [--log-key <key>]
yba audit witness --add <file> --witness <key>

verify reads every line, hashes it anew outside the database and compares it with its leaf, the tree with the signed heads
and the chain of seals. It says which line was altered, removed, put in or moved, and when. Status 1 when something is wrong.
  --anchor      a seal written down elsewhere: it must still be there
  --checkpoint  a checkpoint kept elsewhere: the log must begin with it
  --witness     key of a witness who must have signed each --checkpoint
  --log-key     key of the log that is known elsewhere ("yba audit key" prints it)
  --archive     a month that was archived, and its file: each line of it is compared with its leaf
  --since       only what was sealed since that day
  --resume      keeps in the file how far it is; stopped with Ctrl-C, the next call with the same file goes on there
  --threads     2 by itself

checkpoint prints the signed head of the log (C2SP tlog-checkpoint) and the fingerprint of its key.
key prints the keys of the log, oldest first; --rotate makes a new one, which the old one vouches for.
archive writes an old month into a file, proves the file and drops the month from the database; the tree stays whole.
witness, on the machine of somebody else: fetches the newest checkpoint, proves that the log has only grown since the one
in --seen, signs it (C2SP tlog-cosignature) with the key in --key, which is made when there is none, and writes it into --seen.
witness --add, on the machine of the log: keeps such a file's signature and shows it from then on.
`,
  async run(values, words) {
    const [word = '', ...more] = words;
    if (more.length > 0) throw new UsageError(`yba audit takes one word, not "${words.join(' ')}".`);
    if (word === 'verify') return verify(values);
    if (word === 'checkpoint') return withHouse(({ kernel }) => printCheckpoint(kernel));
    if (word === 'witness') return values.add === undefined ? witness(values) : keepWitness(values);
    if (word === 'archive') return archive(values);
    if (word !== 'key')
      throw new UsageError('yba audit takes one of verify, checkpoint, key, archive, witness.');
    return withHouse(async ({ kernel, keys }) => {
      if (values.rotate === true) {
        const { n } = await rotateLogKey(kernel.pool, keys);
        await kernel.gate.system('yba audit').note('config', `audit-key ${n}`, null);
      }
      return printKeys(kernel);
    });
  },
};
