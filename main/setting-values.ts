/** How the text of a setting becomes its value; what cannot be used is one sentence. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { ProgramSettings } from './settings.ts';

/** A setting that cannot be used: one sentence, and the program ends with status 1. */
export class SettingError extends Error {}

/** Words with commas between. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

export function parsePeers(text: string): string[] {
  const peers = listOf(text.toLowerCase());
  for (const peer of peers) {
    if (!/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/.test(peer))
      throw new SettingError(`YBA_PEERS: "${peer}" is neither host nor host:port.`);
  }
  return peers;
}

export function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new SettingError(`${name} "${text}" is not a number from ${least} to ${most}.`);
}

export function onOff(name: string, text: string): boolean {
  const value = text.trim().toLowerCase();
  if (['on', 'yes', 'true', '1'].includes(value)) return true;
  if (['off', 'no', 'false', '0'].includes(value)) return false;
  throw new SettingError(`${name} "${text}" is neither on nor off.`);
}

export function parseClient(text: string): ProgramSettings['client'] {
  if (text === '') return null;
  const at = text.indexOf(':');
  if (at < 1 || at === text.length - 1) throw new SettingError('YBA_CLIENT must be id:secret.');
  return { id: text.slice(0, at), secret: text.slice(at + 1) };
}

export function parseDatabaseUrl(text: string): string | null {
  if (text === '') return null;
  if (/^postgres(ql)?:\/\/./.test(text) && URL.canParse(text)) return text;
  throw new SettingError('DATABASE_URL must be like postgres://user:password@host:5432/database.');
}

export function parseUrl(text: string): string | null {
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url.origin;
  throw new SettingError(`YBA_URL "${text}" must be like https://yba.example.vn, without a path.`);
}

export function parseTls(text: string): ProgramSettings['tls'] {
  if (text === '') return null;
  if (text === 'auto') return 'auto';
  const [certificate, key, ...more] = listOf(text);
  if (certificate !== undefined && key !== undefined && more.length === 0)
    return { certificate: resolve(certificate), key: resolve(key) };
  throw new SettingError('YBA_TLS must be auto, or two files: certificate.pem,key.pem.');
}

/** Names of hosts and IP addresses. */
export function parseHosts(name: string, text: string): string[] {
  const hosts = listOf(text.toLowerCase());
  for (const host of hosts) {
    if (isIP(host) === 0 && !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(host))
      throw new SettingError(`${name}: "${host}" is neither a host name nor an IP address.`);
  }
  return hosts;
}

export function parseProxies(text: string): string[] | null {
  const proxies = listOf(text.toLowerCase());
  for (const proxy of proxies) {
    const [address = '', bits, ...more] = proxy.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    const isNet = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= most);
    if (isIP(address) === 0 || !isNet || more.length > 0)
      throw new SettingError(
        `YBA_BEHIND_PROXY: "${proxy}" is no IP address or network (10.0.0.5, 10.0.0.0/24).`,
      );
  }
  return proxies.length === 0 ? null : proxies;
}

export function parseRecipients(text: string): string[] {
  const recipients = listOf(text);
  for (const one of recipients) {
    if (!/^age1[a-z0-9]{20,}$/.test(one))
      throw new SettingError(`YBA_BACKUP_RECIPIENTS: "${one.slice(0, 20)}" is no age public key (age1…).`);
  }
  return recipients;
}

export function parseContact(text: string): string | null {
  if (text === '' || (/^(mailto|https|tel):[^\s]+$/.test(text) && URL.canParse(text))) return text || null;
  throw new SettingError('YBA_SECURITY_CONTACT must be like mailto:antoan@example.vn or https://….');
}
