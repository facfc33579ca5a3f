/** A demo province has accounts whose passwords everybody knows: it stays on this machine unless it is told otherwise. */
import { isLoopback, type ProgramSettings, SettingError } from './settings.ts';

/** @throws SettingError for an address that others reach, unless YBA_BIND_DEMO says that they may */
export function refuseDemoOutside({ bind, bindDemo }: Pick<ProgramSettings, 'bind' | 'bindDemo'>): void {
  if (isLoopback(bind) || bindDemo) return;
  throw new SettingError(
    `Demo accounts with known passwords exist, so ${bind} is not bound: use YBA_BIND=127.0.0.1, or YBA_BIND_DEMO=yes if everyone on the network may use the demo.`,
  );
}
