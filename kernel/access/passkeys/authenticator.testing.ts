/** An authenticator in software, for tests: it answers as a security key does, and also as one that lies. */
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

export interface Lies {
  /** Page that says to have asked. */
  origin?: string;
  rpId?: string;
  challenge?: string;
  /** False: nobody touched it with a finger or a PIN. */
  verified?: boolean;
  /** Flags BE and BS: the key is copied to other devices. */
  synced?: boolean;
  counter?: number;
  userHandle?: string;
  /** `webauthn.get` or `webauthn.create`. */
  type?: string;
  crossOrigin?: boolean;
}

export interface Authenticator {
  id: string;
  create(options: { challenge: string }, lies?: Lies): object;
  get(options: { challenge: string }, lies?: Lies): object;
}

/** @param origin page it is used on, `http://localhost:1234` */
export function openAuthenticator(origin: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  let counter = 0;
  const clientData = (type: string, challenge: string, lies: Lies) =>
    Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin: lies.origin ?? origin,
        crossOrigin: lies.crossOrigin ?? false,
      }),
    );
  const head = (lies: Lies, more = 0) => {
    counter += 1;
    const flags = 0x01 | (lies.verified === false ? 0 : 0x04) | (lies.synced ? 0x18 : 0) | more;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(lies.counter ?? counter);
    const rpHash = createHash('sha256')
      .update(lies.rpId ?? 'localhost')
      .digest();
    return Buffer.concat([rpHash, Buffer.from([flags]), count]);
  };
  const shape = (response: object) => ({
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  });

  return {
    id: id.toString('base64url'),
    create({ challenge }, lies = {}) {
      const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
      const cose = cbor(
        new Map<number, number | Buffer>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(x, 'base64url')],
          [-3, Buffer.from(y, 'base64url')],
        ]),
      );
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const authData = Buffer.concat([head(lies, 0x40), Buffer.alloc(16), length, id, cose]);
      const attestation = cbor(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authData],
        ]),
      );
      return shape({
        clientDataJSON: clientData('webauthn.create', challenge, lies).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      });
    },
    get({ challenge }, lies = {}) {
      const data = clientData('webauthn.get', challenge, lies);
      const authData = head(lies);
      const signed = Buffer.concat([authData, createHash('sha256').update(data).digest()]);
      return shape({
        clientDataJSON: data.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: createSign('sha256').update(signed).sign(privateKey).toString('base64url'),
        ...(lies.userHandle === undefined ? {} : { userHandle: lies.userHandle }),
      });
    },
  };
}

type Cbor = number | string | Buffer | Map<string | number, Cbor>;

/** RFC 8949, as much of it as WebAuthn writes. */
function cbor(value: unknown): Buffer {
  const one = value as Cbor;
  if (typeof one === 'number') return one < 0 ? headOf(1, -1 - one) : headOf(0, one);
  if (typeof one === 'string') return Buffer.concat([headOf(3, Buffer.byteLength(one)), Buffer.from(one)]);
  if (Buffer.isBuffer(one)) return Buffer.concat([headOf(2, one.length), one]);
  return Buffer.concat([headOf(5, one.size), ...[...one].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

function headOf(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
}
