/** Under which name and addresses passkeys of this program are good (WebAuthn Level 3 §5.1.2, §13.4.9). Pure. */
import { isIP } from 'node:net';

export interface RelyingParty {
  /** Domain that the passkeys belong to. */
  id: string;
  /** Pages that may ask for them. */
  origins: string[];
}

/**
 * @param address the program's own address without a path, never what a request says of itself
 * @returns null when the program is reached by a bare IP address: browsers know passkeys of domains only
 */
export function relyingPartyOf(address: string): RelyingParty | null {
  const { hostname, origin, protocol, port } = new URL(address);
  const plain = hostname.replace(/^\[|\]$/g, '');
  if (plain === 'localhost' || plain === '::1' || /^127\./.test(plain)) {
    const local = `${protocol}//localhost${port === '' ? '' : `:${port}`}`;
    return { id: 'localhost', origins: [local] };
  }
  return isIP(plain) === 0 ? { id: hostname, origins: [origin] } : null;
}
