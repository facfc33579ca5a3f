/** `yba tls`: the authority of the automatic certificate, for those who shall trust it. */
import { makeFolder } from '../../kernel/store/postgres/index.ts';
import { openAuthority } from '../local-authority.ts';
import { readSettings } from '../settings.ts';
import { type Command, print } from './command.ts';

export const tls: Command = {
  name: 'tls',
  summary: 'prints the certificate authority of YBA_TLS=auto and its fingerprint',
  options: {},
  help: `yba tls

Prints the authority that signs the certificate of YBA_TLS=auto (PEM; made when there is none), and its SHA-256 fingerprint. Put it into
the trust store of the machines that use the program; compare the fingerprint by another way than the network. Its key never leaves the
data folder (tls/ca.key).
`,
  async run() {
    const { settings } = readSettings(process.env, process.cwd());
    const authority = openAuthority(settings.dataFolder, (folder) => makeFolder(folder, 0o700));
    const { pem, fingerprint } = await authority.root(new Date());
    print(pem.trim());
    print(`SHA-256 ${fingerprint}`);
    return 0;
  },
};
