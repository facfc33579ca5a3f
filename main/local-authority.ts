/**
 * A certificate authority of this program alone, in `tls/` of the data folder: people trust it once (`yba tls`), and the program renews
 * its certificate by itself. It can sign nothing but servers of the names that it was made for by its owner.
 */

import { createHash, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';

/** PEM. */
export interface Issued {
  cert: string;
  key: string;
}

export interface Authority {
  /** The certificate for these names beside those of this machine; a new one when it ends soon or names were added. */
  issued(names: readonly string[], now: Date): Promise<Issued>;
  /** PEM of the authority, which clients trust, and its SHA-256 in the form that browsers show. Made when missing. */
  root(now: Date): Promise<{ pem: string; fingerprint: string }>;
}

const DAY_MS = 86_400_000;
const ROOT_DAYS = 3_650;
/** Browsers take no longer ones. */
const LEAF_DAYS = 90;
const RENEW_DAYS = 30;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export function openAuthority(dataFolder: string, makeFolder: (path: string) => void): Authority {
  const folder = join(dataFolder, 'tls');
  const path = (name: string) => join(folder, name);

  async function rootPair(now: Date): Promise<Issued> {
    const known = readPair(path('ca.pem'), path('ca.key'));
    if (known && endsAfter(known.cert, now, RENEW_DAYS)) return known;
    makeFolder(folder);
    const made = await makeRoot(now);
    writePair(made, path('ca.pem'), path('ca.key'));
    return made;
  }

  return {
    async root(now) {
      const { cert } = await rootPair(now);
      return { pem: cert, fingerprint: fingerprintOf(cert) };
    },
    async issued(given, now) {
      const root = await rootPair(now);
      const names = wholeNames(given);
      const known = readPair(path('server.pem'), path('server.key'));
      if (
        known &&
        endsAfter(known.cert, now, RENEW_DAYS) &&
        covers(known.cert, names) &&
        isOf(known.cert, root.cert)
      )
        return known;
      const made = await makeLeaf(root, names, now);
      writePair(made, path('server.pem'), path('server.key'));
      return made;
    },
  };
}

export function fingerprintOf(pem: string): string {
  const hex = createHash('sha256').update(new X509Certificate(pem).raw).digest('hex').toUpperCase();
  return hex.match(/../g)!.join(':');
}

/** The names of this machine, loopback, and those that were given; addresses that stand for all are none. */
function wholeNames(given: readonly string[]): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  const all = ['localhost', '127.0.0.1', '::1', hostname().toLowerCase(), ...addresses, ...given];
  const isName = (name: string) => name !== '' && name !== '0.0.0.0' && name !== '::' && !name.includes('%');
  return [...new Set(all.filter(isName))].sort();
}

async function makeRoot(now: Date): Promise<Issued> {
  const { x509, keys } = await material();
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=Y Ba ${hostname().replace(/[^\w.-]/g, '')}, O=Y Ba local authority`,
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + ROOT_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${cert.toString('pem')}\n`, key: await privatePem(keys.privateKey) };
}

async function makeLeaf(root: Issued, names: readonly string[], now: Date): Promise<Issued> {
  const { x509, keys } = await material();
  const issuer = new x509.X509Certificate(root.cert);
  const der = Buffer.from(root.key.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const signingKey = await crypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${names.find((name) => isIP(name) === 0) ?? 'localhost'}`,
    issuer: issuer.subject,
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + LEAF_DAYS * DAY_MS),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${cert.toString('pem')}\n${root.cert}`, key: await privatePem(keys.privateKey) };
}

/** Loaded when a certificate is made: a program that only shows one does not pay for it. */
async function material() {
  // What its container of parts is built on.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(crypto as never);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  return { x509, keys };
}

async function privatePem(key: CryptoKey): Promise<string> {
  const body = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${body.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

/** Positive, as RFC 5280 section 4.1.2.2 asks. */
function serial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

function readPair(cert: string, key: string): Issued | null {
  if (!existsSync(cert) || !existsSync(key)) return null;
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

/** The key first: a certificate never stands beside a key of another one for longer than a rename. */
function writePair({ cert, key }: Issued, certPath: string, keyPath: string): void {
  for (const [path, text] of [
    [keyPath, key],
    [certPath, cert],
  ] as const) {
    writeFileSync(`${path}.part`, text, { mode: 0o600 });
    chmodSync(`${path}.part`, 0o600);
    renameSync(`${path}.part`, path);
  }
}

function endsAfter(pem: string, now: Date, days: number): boolean {
  return new X509Certificate(pem).validToDate.getTime() > now.getTime() + days * DAY_MS;
}

function covers(pem: string, names: readonly string[]): boolean {
  const cert = new X509Certificate(pem);
  return names.every((name) =>
    isIP(name) === 0 ? cert.checkHost(name) !== undefined : cert.checkIP(name) !== undefined,
  );
}

function isOf(pem: string, root: string): boolean {
  return new X509Certificate(pem).verify(new X509Certificate(root).publicKey);
}
