/** Checkpoints and proofs, checked by the rules of RFC 9162 with nothing of the program but what it shows. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { OpenStore } from '../index.ts';
import { failureOf, line, sealAll, withStore } from '../samples.testing.ts';
import { rotateLogKey } from './keys.ts';
import { addWitness, checkpoint, consistencyProof, inclusionProof, logFace } from './log.ts';
import { includes, isConsistent } from './merkle.ts';
import {
  cosign,
  cosignedAt,
  headText,
  isSigned,
  keyId,
  LOG_KEY,
  parseCheckpoint,
  parseVerifierKey,
  publicBytes,
  publicKeyOf,
  verifierKey,
  WITNESS_KEY,
} from './note.ts';

let store: OpenStore;
let stop: () => Promise<void>;
const sizes: number[] = [];
before(async () => {
  ({ store, stop } = await withStore());
  for (const count of [1, 2, 300, 1, 700, 20]) {
    await store.audit(
      Array.from({ length: count }, (_, i) => line(`p${i % 5}`, `dong ${sizes.length}.${i}`)),
    );
    await sealed();
  }
});
after(() => stop());

async function sealed(): Promise<void> {
  await sealAll(store);
  sizes.push((await logFace(store.pool)).size);
}

const digest = (base64: string) => Buffer.from(base64, 'base64').toString('latin1');

async function headAt(size: number) {
  const { head } = parseCheckpoint(await checkpoint(store.pool, size))!;
  return { size: head.size, root: head.root.toString('latin1') };
}

test('the checkpoint is signed by the key that the log names', async () => {
  const { keys, origin, size } = await logFace(store.pool);
  const note = parseCheckpoint(await checkpoint(store.pool))!;
  assert.deepEqual([note.head.origin, note.head.size, size], [origin, 1024, 1024]);
  const key = parseVerifierKey(keys[0]!.key)!;
  assert.equal(key.kind, LOG_KEY);
  assert.equal(note.lines[0]!.id.equals(keyId(origin, LOG_KEY, key.publicKey)), true);
  assert.equal(isSigned(note.head, note.lines[0]!.rest, publicKeyOf(key.publicKey)), true);
  assert.equal(keys[0]!.fingerprint, note.lines[0]!.id.toString('hex'));
});

test('each line is proved to be in the newest checkpoint, from its own bytes (RFC 9162 2.1.3.2)', async () => {
  const { rows } = await store.pool.query<{ id: string; what: string }>(
    `select era || '-' || xid || '-' || n as id, what from audit order by random() limit 40`,
  );
  for (const { id, what } of rows) {
    const proof = await inclusionProof(store.pool, id);
    const data = Buffer.from(proof.data, 'base64');
    const leaf = createHash('sha256')
      .update(Buffer.concat([Buffer.from([0]), data]))
      .digest();
    assert.equal(leaf.toString('base64'), proof.leaf);
    assert.equal(data.includes(Buffer.from(what)), true);
    const { head } = parseCheckpoint(proof.checkpoint)!;
    const root = head.root.toString('latin1');
    assert.equal(includes(digest(proof.leaf), proof.index, proof.size, proof.path.map(digest), root), true);
    assert.equal(proof.path.length <= 11, true);
  }
  for (const id of ['1-1-1', '9-5-1', 'x', '1-999999999999-1'])
    assert.equal(await failureOf(inclusionProof(store.pool, id)), 'not-found');
});

test('any two checkpoints are proved to be one history (RFC 9162 2.1.4.2)', async () => {
  for (const from of sizes)
    for (const to of sizes.filter((size) => size >= from)) {
      const { path } = await consistencyProof(store.pool, from, to);
      assert.equal(
        isConsistent(await headAt(from), await headAt(to), path.map(digest)),
        true,
        `${from} ${to}`,
      );
    }
  for (const [from, to] of [
    [0, 5],
    [6, 5],
    [1, 99_999],
    [Number.NaN, 5],
  ] as const)
    assert.equal(await failureOf(consistencyProof(store.pool, from, to)), 'invalid-parameter');
});

test('a witness signs a head; the log keeps the line and shows it, and refuses what does not hold', async () => {
  const seed = randomBytes(32);
  const witness = verifierKey('so-y-te', WITNESS_KEY, publicBytes(seed));
  const plain = await checkpoint(store.pool);
  const { head, text } = parseCheckpoint(plain)!;
  const witnessed = plain + cosign(text, 'so-y-te', seed, 1_795_000_000);
  assert.equal(await failureOf(addWitness(store.pool, plain, witness)), 'invalid-request');
  const strange = headText({ ...head, root: Buffer.alloc(32) });
  const forged = `${strange}\n${plain.split('\n\n')[1]}${cosign(strange, 'so-y-te', seed, 1)}`;
  assert.equal(await failureOf(addWitness(store.pool, forged, witness)), 'invalid-request');
  assert.deepEqual(await addWitness(store.pool, witnessed, witness), { size: head.size, at: 1_795_000_000 });
  const shown = parseCheckpoint(await checkpoint(store.pool, 'witnessed'))!;
  assert.equal(cosignedAt(shown.text, shown.lines[1]!, 'so-y-te', publicBytes(seed)), 1_795_000_000);
  const saved = [{ text: witnessed, witnesses: [witness] }];
  assert.deepEqual((await store.verifyAudit({ saved })).faults, []);
  const other = verifierKey('so-khac', WITNESS_KEY, publicBytes(randomBytes(32)));
  const { faults } = await store.verifyAudit({ saved: [{ text: witnessed, witnesses: [other] }] });
  assert.deepEqual(
    faults.map(({ kind }) => kind),
    ['witness-wrong'],
  );
});

test('a checkpoint kept outside shows a history that was made anew', async () => {
  const saved = [{ text: await checkpoint(store.pool, sizes[3]), witnesses: [] }];
  const { pool } = store;
  const client = await pool.connect();
  try {
    await client.query('create temp table kept as select * from audit_tile');
    await client.query('alter table audit_tile disable trigger user');
    await client.query(
      `update audit_tile set hashes = overlay(hashes placing sha256('x') from 33) where level = 0 and i = 0`,
    );
    await client.query(`delete from audit_tile where level = 1`);
    const { faults } = await store.verifyAudit({ saved });
    assert.equal(
      faults.some(({ kind }) => kind === 'tree-changed'),
      true,
    );
    await client.query('delete from audit_tile; insert into audit_tile select * from kept');
    await client.query('alter table audit_tile enable trigger user');
  } finally {
    client.release();
  }
  assert.equal((await store.verifyAudit({ saved })).ok, true);
});

test('after a rotation the old key vouches for the new one, and checkpoints of both hold', async () => {
  const before = await logFace(store.pool);
  await rotateLogKey(store.pool, undefined);
  await store.audit([line('p1', 'khoa moi')]);
  await sealed();
  const now = await logFace(store.pool);
  assert.deepEqual([now.keys.length, now.origin, now.keys[0]], [2, before.origin, before.keys[0]]);
  const note = parseCheckpoint(await checkpoint(store.pool))!;
  assert.equal(note.lines[0]!.id.toString('hex'), now.keys[1]!.fingerprint);
  const keys = before.keys.map(({ key }) => key);
  assert.deepEqual((await store.verifyAudit({ keys })).faults, []);
  const strange = verifierKey(before.origin, LOG_KEY, publicBytes(randomBytes(32)));
  assert.deepEqual(
    (await store.verifyAudit({ keys: [strange] })).faults.map(({ kind }) => kind),
    ['key-changed'],
  );
});

test('a key that nobody keeps is sealed once somebody does, and opens again', async () => {
  const seen: string[] = [];
  store.keepSecrets({
    seal: async (place, plain) => {
      seen.push(place);
      return `v1.${plain.toString('base64')}`;
    },
    open: async (_place, sealed) => Buffer.from(sealed.slice(3), 'base64'),
  });
  await store.audit([line('p1', 'khoa kin')]);
  await sealed();
  await store.audit([line('p1', 'khoa mo lai')]);
  await sealed();
  assert.deepEqual(seen, ['audit_key/2|private']);
  const { rows } = await store.pool.query('select private from audit_key where n = 2');
  assert.match(rows[0].private, /^v1\./);
  assert.equal((await store.verifyAudit()).ok, true);
});
