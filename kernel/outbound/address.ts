/** Which addresses of others the program may call. Pure. */
import { BlockList, isIP } from 'node:net';

/** Networks that are no public addresses (IANA special-purpose registries, RFC 6890): this machine, this house, nobody. */
const INTERNAL = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  INTERNAL.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INTERNAL.addSubnet(net, bits, 'ipv6');

/** True for an IP address that lies within this house, or leads nowhere. IPv4 inside IPv6 counts as IPv4. */
export function isInternal(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  const version = isIP(plain);
  return version === 0 || INTERNAL.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}

/** Why an address is refused before anything is asked of the network. */
export type Refusal = 'no-address' | 'not-https' | 'internal' | 'credentials';

/**
 * @param peers `host` or `host:port` of systems that the operator allows: they may lie within the house and speak plain HTTP
 * @returns the address, or why it is refused
 */
export function checkAddress(text: string, peers: ReadonlySet<string>): URL | Refusal {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'no-address';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'no-address';
  if (url.username !== '' || url.password !== '') return 'credentials';
  if (isPeer(url, peers)) return url;
  if (url.protocol !== 'https:') return 'not-https';
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  const isLocalName = host === 'localhost' || host.endsWith('.localhost') || !/[.:]/.test(host);
  return isLocalName || (isIP(host) !== 0 && isInternal(host)) ? 'internal' : url;
}

/** True when the operator allows it by name. */
export function isPeer(url: URL, peers: ReadonlySet<string>): boolean {
  return peers.has(url.hostname) || peers.has(url.host);
}
