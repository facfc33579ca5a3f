/** The archive of a person: every paper as it was issued, the data, the report, retention, and a manifest whose hashes hold. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { type ClaimsWorld, openClaimsWorld } from '../insurance/claims/testing.ts';
import type { Manifest } from './archive.ts';
import { referenceOf } from './issue/reference.ts';

let world: ClaimsWorld;
let patient: string;

before(async () => {
  world = await openClaimsWorld();
  ({ patient } = await world.arrive({ name: [{ text: 'Đỗ Ẵm' }] }));
  const paper = (at: number) => ({
    ...referenceOf({
      key: 'don-thuoc',
      version: '2026-01-01',
      title: at === 0 ? '=Đơn, "thuốc"' : 'Đơn thuốc',
      number: `25D01/DT/2026/00000${at}`,
      fingerprint: `luu-${at}`,
      patient,
      about: `Patient/${patient}`,
      sources: [],
      labels: [],
      author: { display: 'Phùng Văn Minh' },
      unit: null,
      at: '2026-10-01T08:00:00+07:00',
      demo: true,
      replaces: null,
      bytes: Buffer.from(`giấy ${at}`),
    }),
    id: `luu-${patient.slice(-8)}-${at}`,
  });
  const broken = paper(2);
  broken.content[0]!.attachment!.data = Buffer.from('khác').toString('base64');
  const closed = {
    resourceType: 'Encounter',
    id: `xong-${patient.slice(-8)}`,
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patient}` },
    period: { start: '2026-05-04T08:00:00+07:00', end: '2026-05-04T09:00:00+07:00' },
  };
  await world.write([paper(0), paper(1), broken, closed as never]);
});
after(() => world.stop());

async function take(account: string, person = patient) {
  const cookie = await cookieOf(world.program.address, account);
  return fetch(`${world.program.address}/api/documents/people/${person}/archive.zip`, {
    headers: { cookie },
  });
}

/** Files of an archive whose entries are stored (PKWARE APPNOTE 4.3.7). */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [size, name, extra] = [
      bytes.readUInt32LE(at + 18),
      bytes.readUInt16LE(at + 26),
      bytes.readUInt16LE(at + 28),
    ];
    const from = at + 30 + name + extra;
    files.set(bytes.toString('utf8', at + 30, at + 30 + name), bytes.subarray(from, from + size));
    at = from + size;
  }
  return files;
}
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('a head of the station takes the whole record out: papers byte by byte, data, report and a manifest whose hashes hold', async () => {
  const answer = await take('truongtram');
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.match(answer.headers.get('content-disposition')!, /^attachment; filename="ho-so-/);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const files = unzip(bytes);
  const manifest = JSON.parse(files.get('manifest.json')!.toString()) as Manifest;
  assert.deepEqual(
    [...files.keys()].slice(0, -1),
    manifest.files.map(({ name }) => name),
  );
  for (const { name, size, sha256: hash } of manifest.files)
    assert.deepEqual([files.get(name)!.length, sha256(files.get(name)!)], [size, hash], name);
  assert.equal(manifest.papers, 3);
  const papers = [...files].filter(([name]) => name.startsWith('giay/'));
  assert.deepEqual(
    papers.map(([, file]) => file.toString()).sort(),
    ['giấy 0', 'giấy 1'],
    'the broken one is no file',
  );
  const types = files
    .get('ho-so.ndjson')!
    .toString()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { resourceType: string }).resourceType);
  assert.equal(types.length, manifest.resources);
  for (const type of ['Patient', 'Encounter', 'DocumentReference']) assert.ok(types.includes(type), type);
  const report = files.get('chu-ky.csv')!.toString();
  assert.match(report, /"'=Đơn, ""thuốc"""/);
  assert.match(report, /tệp không còn đúng như khi ban hành/);
  assert.match(report, /Phùng Văn Minh/);
  const holds = manifest.holds.map(({ rule, until }) => `${rule} ${until}`);
  assert.ok(holds.includes('hồ sơ bệnh án null'), 'a visit that is open has no end yet');
  assert.ok(holds.includes('hồ sơ bệnh án 2036-12-31'), holds.join());
  assert.equal(manifest.keepUntil, null);
  const { rows } = await world.program.kernel.pool.query<{ what: string }>(
    `select what from audit where action = 'export' and patient = $1`,
    [patient],
  );
  assert.ok(
    rows.some(({ what }) => what.includes(sha256(bytes))),
    JSON.stringify(rows),
  );
});

test('others take nothing out, and nobody takes out whom there is not', async () => {
  for (const account of ['bacsi', 'dieuduong']) assert.equal((await take(account)).status, 403, account);
  assert.equal((await take('truongtram', 'khong-co-ai')).status, 404);
  assert.equal((await take('truongtram', 'a%20b')).status, 400);
});
