/** Code generators and recovery codes: tables `access.totp` and `access.recovery_code`. Their SQL is here and nowhere else. */
import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Keyring } from '../../keys/index.ts';
import type { Factors } from './steps.ts';
import { acceptedStep, base32 } from './totp.ts';

export interface FactorStore {
  of(account: string): Promise<Factors>;
  /** A new secret, worth nothing until it is confirmed; the generator in use goes on until then. */
  beginTotp(account: string): Promise<Buffer>;
  /** The first code of the new generator, which then replaces the old one. False when it is wrong. */
  confirmTotp(account: string, code: string): Promise<boolean>;
  /** True once for each right code. */
  proveTotp(account: string, code: string): Promise<boolean>;
  removeTotp(account: string): Promise<void>;
  /** Ten new codes; those of before are worth nothing. They are not kept and can be shown this once only. */
  newRecoveryCodes(account: string): Promise<string[]>;
  /** True once for each code. */
  spendRecoveryCode(account: string, code: string): Promise<boolean>;
  /** Everything but the password, passkeys included: the person has lost them and was recognised by somebody. */
  removeAll(account: string): Promise<void>;
}

const RECOVERY_CODES = 10;
const SECRET_BYTES = 20;

/** @param keys seal the secrets: whoever reads the disk cannot make codes */
export function openFactors(pool: Pool, keys: Keyring, now: () => Date): FactorStore {
  const placeOf = (account: string) => `access.totp/${account}|secret`;

  /** One statement takes the step, so that of two requests with one code only one is let in. */
  async function take(account: string, column: 'secret' | 'next_secret', code: string): Promise<boolean> {
    const { rows } = await pool.query<{ sealed: string | null; last: string }>(
      `select ${column} as sealed, last_step as last from access.totp where account = $1`,
      [account],
    );
    const sealed = rows[0]?.sealed;
    if (sealed == null) return false;
    const last = column === 'secret' ? Number(rows[0]!.last) : 0;
    const step = acceptedStep(await keys.open(placeOf(account), sealed), code, now(), last);
    if (step === null) return false;
    const set = column === 'secret' ? '' : ', secret = next_secret, next_secret = null';
    const { rowCount } = await pool.query(
      `update access.totp set last_step = $2 ${set} where account = $1 and ${column} = $3
         ${column === 'secret' ? 'and last_step < $2' : ''}`,
      [account, step, sealed],
    );
    return rowCount === 1;
  }

  return {
    async of(account) {
      const { rows } = await pool.query<{ totp: boolean; passkeys: number; recoveryCodes: number }>(
        `select exists (select from access.totp where account = $1 and secret is not null) as totp,
           (select count(*)::int from access.passkey where account = $1) as passkeys,
           (select count(*)::int from access.recovery_code where account = $1 and used_at is null) as "recoveryCodes"`,
        [account],
      );
      return rows[0]!;
    },
    async beginTotp(account) {
      const secret = randomBytes(SECRET_BYTES);
      await pool.query(
        `insert into access.totp (account, next_secret, created_at) values ($1, $2, $3)
         on conflict (account) do update set next_secret = excluded.next_secret`,
        [account, await keys.seal(placeOf(account), secret), now()],
      );
      return secret;
    },
    confirmTotp: (account, code) => take(account, 'next_secret', code),
    proveTotp: (account, code) => take(account, 'secret', code),
    removeTotp: async (account) => {
      await pool.query('delete from access.totp where account = $1', [account]);
    },
    async newRecoveryCodes(account) {
      const codes = Array.from({ length: RECOVERY_CODES }, newCode);
      await pool.query('delete from access.recovery_code where account = $1', [account]);
      await pool.query('insert into access.recovery_code (account, hash) select $1, unnest($2::bytea[])', [
        account,
        codes.map((code) => hashOf(account, code)),
      ]);
      return codes;
    },
    async spendRecoveryCode(account, code) {
      const { rowCount } = await pool.query(
        'update access.recovery_code set used_at = $3 where account = $1 and hash = $2 and used_at is null',
        [account, hashOf(account, code), now()],
      );
      return rowCount === 1;
    },
    async removeAll(account) {
      for (const table of ['totp', 'recovery_code', 'passkey'])
        await pool.query(`delete from access.${table} where account = $1`, [account]);
    },
  };
}

/** 80 bits: `k7mq-3xtr-…`. So many need no slow hash. */
function newCode(): string {
  return base32(randomBytes(10)).toLowerCase().match(/.{4}/g)!.join('-');
}

function hashOf(account: string, code: string): Buffer {
  const plain = code.toLowerCase().replace(/[^a-z2-7]/g, '');
  return createHash('sha256').update(`${account}|${plain}`).digest();
}
