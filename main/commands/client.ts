/** `yba client`: system clients that get tokens at /oauth2/token. */
import { randomBytes } from 'node:crypto';
import { type Command, print, UsageError, withHouse } from './command.ts';

export const client: Command = {
  name: 'client',
  summary: 'list, add, close and open clients of partner systems',
  options: { name: { type: 'string' }, scopes: { type: 'string' }, secret: { type: 'string' } },
  help: `yba client list
yba client add <id> [--name "Bệnh viện A"] [--scopes "system/Patient.rs system/Observation.cruds"] [--secret …]
yba client close | open <id>

Without --scopes the client may do everything (system/*.cruds); without --secret one is made and printed.
`,
  async run(values, [verb = '', id = '', ...more]) {
    if (!['list', 'add', 'close', 'open'].includes(verb) || more.length > 0)
      throw new UsageError('See "yba client --help".');
    if (verb !== 'list' && id === '') throw new UsageError(`yba client ${verb} needs an id.`);
    return withHouse(async ({ access: { clients }, kernel }) => {
      if (verb === 'list') {
        for (const one of await clients.list())
          print(`${one.id.padEnd(24)} ${one.active ? 'open' : 'closed'}  ${one.scopes}  ${one.name}`);
      } else if (verb === 'add') {
        const secret =
          typeof values.secret === 'string' ? values.secret : randomBytes(24).toString('base64url');
        const name = typeof values.name === 'string' ? values.name : id;
        const scopes = typeof values.scopes === 'string' ? values.scopes : 'system/*.cruds';
        await clients.add({ id, name, secret, scopes });
        print(`${id}:${secret}`);
      } else await clients.setActive(id, verb === 'open');
      if (verb !== 'list') await kernel.gate.system('yba client').note(verb, `client/${id}`, null);
      return 0;
    });
  },
};
