/** The port of the program, told in one sentence when it cannot be had. */
import { createServer } from 'node:net';
import { type ProgramSettings, SettingError } from './settings.ts';

/** Before a long start: @throws SettingError when the port cannot be had. */
export async function refusePortInUse({ port, bind }: ProgramSettings): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error) => reject(listenFault(error, port, bind)));
    probe.listen(port, bind, () => probe.close(() => resolve()));
  });
}

/** @returns a SettingError for what the operator can mend, other errors as they are */
export function listenFault(error: unknown, port: number, bind: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new SettingError(
        `Port ${port} on ${bind} is in use by another program: set PORT to another one.`,
      );
    case 'EACCES':
      return new SettingError(`Port ${port} may not be opened by this user: set PORT to one above 1023.`);
    case 'EADDRNOTAVAIL':
      return new SettingError(`This machine has no address ${bind}: set YBA_BIND to one it has.`);
    default:
      return error;
  }
}
