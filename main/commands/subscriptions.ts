/** `yba subscriptions`: who is told what, what could not be told, and its repair. */
import { DeadLetters } from '../../kernel/fhir/subscriptions/dead-letters.ts';
import { Outbox } from '../../kernel/fhir/subscriptions/outbox.ts';
import type { House } from '../house.ts';
import { type Command, print, UsageError, withHouse } from './command.ts';

export const subscriptions: Command = {
  name: 'subscriptions',
  summary: 'subscribers of other systems: list, dead letters, retry, drop',
  options: { all: { type: 'boolean' } },
  help: `yba subscriptions list
yba subscriptions dead [<id>]
yba subscriptions retry <id>
yba subscriptions drop <id> [--all]

A notification that a subscriber has not taken after a day and a half is a dead letter: the Subscription is in error, and what
comes later waits behind it. "retry" asks for the subscription again and sends the dead letter first; "drop" throws the dead
letter away (--all: everything that waits). What is older than 30 days goes by itself.
`,
  async run(values, [verb = '', id = '', ...more]) {
    const needsId = verb === 'retry' || verb === 'drop';
    if (
      !['list', 'dead', 'retry', 'drop'].includes(verb) ||
      more.length > 0 ||
      (verb === 'list' && id !== '')
    )
      throw new UsageError('See "yba subscriptions --help".');
    if (needsId && id === '')
      throw new UsageError(`yba subscriptions ${verb} needs the id of a Subscription.`);
    return withHouse(async (house) => {
      const session = house.kernel.gate.system('yba subscriptions');
      const letters = new DeadLetters(session, new Outbox(house.kernel.pool));
      if (verb === 'list') await showAll(letters);
      else if (verb === 'dead') await showDead(letters, id === '' ? null : id);
      else await repair(house, letters, verb, id, values.all === true);
      return 0;
    });
  },
};

async function showAll(letters: DeadLetters): Promise<void> {
  for (const one of await letters.list()) {
    const waits = one.waiting === 0 ? '' : `, ${one.waiting} đang chờ`;
    const dead = one.dead === 0 ? '' : `, ${one.dead} thư chết`;
    print(
      `${one.id.padEnd(24)} ${one.status.padEnd(9)} ${one.channel.padEnd(9)} ${one.criteria}${waits}${dead}`,
    );
    if (one.error !== null) print(`${''.padEnd(24)} ${one.error}`);
  }
}

async function showDead(letters: DeadLetters, id: string | null): Promise<void> {
  const dead = await letters.dead(id);
  for (const one of dead) {
    const event = one.number === null ? '' : ` sự kiện ${one.number}`;
    print(
      `${one.subscription.padEnd(24)} ${one.type}/${one.id}${event}, bỏ lúc ${one.dead}, ${one.tries} lần thử, ${one.behind} chờ sau`,
    );
    print(`${''.padEnd(24)} ${one.error}${one.answer === null ? '' : ` | ${one.answer}`}`);
  }
  if (dead.length === 0) print('Không có thư chết.');
}

async function repair(
  { kernel }: House,
  letters: DeadLetters,
  verb: string,
  id: string,
  all: boolean,
): Promise<void> {
  if (verb === 'retry') {
    await letters.retry(id);
    print(`${id}: sẽ gửi lại.`);
  } else print(`${id}: đã bỏ ${await letters.drop(id, all)}. Gửi tiếp: yba subscriptions retry ${id}`);
  await kernel.gate.system('yba subscriptions').note(verb, `Subscription/${id}${all ? ' all' : ''}`, null);
}
