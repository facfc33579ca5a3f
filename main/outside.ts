/** What may be reached from other machines: nothing in clear, and no demo whose passwords everybody knows, unless it is told. */
import { isLoopback, type ProgramSettings, SettingError } from './settings.ts';

/** @throws SettingError for an address that others reach, unless YBA_BIND_DEMO says that they may */
export function refuseDemoOutside({ bind, bindDemo }: Pick<ProgramSettings, 'bind' | 'bindDemo'>): void {
  if (isLoopback(bind) || bindDemo) return;
  throw new SettingError(
    `Demo accounts with known passwords exist, so ${bind} is not bound: use YBA_BIND=127.0.0.1, or YBA_BIND_DEMO=yes if everyone on the network may use the demo.`,
  );
}

/**
 * Passwords and records do not go over a network in clear. A demo that everyone may use has neither.
 * @throws SettingError for an address that others reach without TLS here or in a proxy before it
 */
export function refuseClearOutside(
  { bind, tls, proxies }: Pick<ProgramSettings, 'bind' | 'tls' | 'proxies'>,
  demo: boolean,
): void {
  if (isLoopback(bind) || tls !== null || proxies !== null || demo) return;
  throw new SettingError(
    `${bind} would be reached without encryption: set YBA_TLS=auto (or a certificate and its key), or YBA_BEHIND_PROXY=<address of the proxy> when a proxy ends TLS, or YBA_BIND=127.0.0.1.`,
  );
}
