/** `npm run pictures`: the pictures of the README are those the browser tests have just made; nobody draws them. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Name in docs/pictures → picture of the tests. */
const PUBLISHED: Record<string, string> = {
  reception: 'reception-entitlement',
  consultation: 'consultation',
  record: 'record.staff',
  register: 'register',
  claims: 'claims',
  wall: 'newcomer-wall',
};

const current = join(import.meta.dirname, 'current');
const target = join(import.meta.dirname, '../../docs/pictures');
mkdirSync(target, { recursive: true });
for (const [name, picture] of Object.entries(PUBLISHED)) {
  copyFileSync(join(current, `${picture}.png`), join(target, `${name}.png`));
}
