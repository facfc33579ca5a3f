/** HTTPS of the program: which certificate it shows, renewed or read again without a restart. */
import { readFileSync, statSync } from 'node:fs';
import type { Server, ServerOptions } from 'node:https';
import { join } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { makeFolder } from '../kernel/store/postgres/index.ts';
import { type Issued, openAuthority } from './local-authority.ts';
import { type ProgramSettings, SettingError } from './settings.ts';

/** TLS 1.2 only with forward secrecy and authenticated encryption; 1.3 has nothing else. (RFC 9325 section 4.2) */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

const LOOK_AGAIN_MS = 60_000;

export interface Tls {
  /** For the HTTPS server. */
  options: ServerOptions;
  /** Looks again at times; the server then shows the newest certificate to new connections. */
  follow(server: Server, everyMs?: number): void;
  close(): void;
}

/**
 * @param renews whether this process makes the automatic certificate; the others show what it has made
 * @returns null when the settings ask for no TLS
 * @throws SettingError when files cannot be read, or certificate and key do not belong together
 */
export async function openTls(
  settings: ProgramSettings,
  now: () => Date,
  renews: boolean,
): Promise<Tls | null> {
  const source = sourceOf(settings, now, renews);
  if (source === null) return null;
  let shown = await source();
  let timer: NodeJS.Timeout | undefined;
  return {
    options: { ...contextOf(shown), minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true },
    follow(server, everyMs = LOOK_AGAIN_MS) {
      timer = setInterval(() => {
        source().then(
          (next) => {
            if (next.cert === shown.cert && next.key === shown.key) return;
            shown = next;
            server.setSecureContext({ ...contextOf(next), minVersion: 'TLSv1.2', ciphers: CIPHERS });
          },
          // What is half written is read again later; the old one is still shown.
          () => undefined,
        );
      }, everyMs).unref();
    },
    close: () => clearInterval(timer),
  };
}

function sourceOf(
  { tls, tlsNames, dataFolder, bind, url }: ProgramSettings,
  now: () => Date,
  renews: boolean,
) {
  if (tls === null) return null;
  if (tls !== 'auto') return async () => readFiles(tls);
  const folder = join(dataFolder, 'tls');
  if (!renews)
    return async () =>
      readFiles({ certificate: join(folder, 'server.pem'), key: join(folder, 'server.key') });
  const names = url === null ? tlsNames : [...tlsNames, new URL(url).hostname];
  const authority = openAuthority(dataFolder, (folder) => makeFolder(folder, 0o700));
  return () => authority.issued([...names, bind], now());
}

function readFiles({ certificate, key }: { certificate: string; key: string }): Issued {
  try {
    if ((statSync(key).mode & 0o007) !== 0)
      throw new SettingError(`YBA_TLS: ${key} is open to every user of this machine: chmod 600 ${key}`);
    const issued = { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
    createSecureContext(contextOf(issued));
    return issued;
  } catch (error) {
    if (error instanceof SettingError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SettingError(`YBA_TLS: certificate and key cannot be used (${code ?? message}).`);
  }
}

const contextOf = ({ cert, key }: Issued): SecureContextOptions => ({ cert, key });
