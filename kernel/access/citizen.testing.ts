/** A citizen's signed-in browser without the ceremony: the session that passkeys and one-time codes end in. */
import type { Kernel } from '../kernel.ts';
import type { Notices } from '../store/index.ts';
import type { Access } from './index.ts';
import { openSessions } from './sessions/sessions.ts';

interface Running {
  house: { access: Access; kernel: Kernel & { store: { notices: Notices } } };
}

/** @returns the value of the `cookie` header */
export async function citizenCookie(program: Running, patient: string, name = 'Người dân'): Promise<string> {
  const { access, kernel } = program.house;
  const account = await access.accounts.ofCitizen(patient, name);
  const { pool, store, settings } = kernel;
  const sessions = openSessions(pool, access.limits, settings.now, store.notices);
  const token = await sessions.open({
    account,
    ip: '127.0.0.1',
    agent: 'test',
    strength: 'full',
    methods: ['hwk', 'mfa'],
  });
  return `yba_session=${token}`;
}
