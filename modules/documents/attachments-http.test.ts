/** DOC-18: files attached to a record by category, turned, sorted in, taken away with a reason; each by policy and audit. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { DocumentReference } from '../../kernel/fhir/types.ts';
import { addAccount } from '../clinic/testing.ts';
import { type ClaimsWorld, openClaimsWorld } from '../insurance/claims/testing.ts';
import type { AttachmentRow } from './attachments/attachment.ts';
import { referenceOf } from './issue/reference.ts';

let world: ClaimsWorld;
let doctor: string;
let nurse: string;
let patient: string;

before(async () => {
  world = await openClaimsWorld();
  [doctor, nurse] = await Promise.all([
    cookieOf(world.program.address, 'bacsi'),
    cookieOf(world.program.address, 'dieuduong'),
  ]);
  ({ patient } = await world.arrive({ name: [{ text: 'Đỗ Ẵm' }] }));
});
after(() => world.stop());

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(40, 7)]);
const TURNED = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(40, 9)]);
const SMALL = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(20, 1)]);
const PDF = Buffer.from('%PDF-1.7\nmột tệp của nơi khác');
const sent = (bytes: Buffer) => bytes.toString('base64');

async function call(method: string, path: string, body?: object, cookie = doctor) {
  const answer = await fetch(`${world.program.address}${path}`, {
    method,
    headers: {
      cookie,
      ...(body ? { 'content-type': 'application/json' } : {}),
      origin: world.program.address,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    body: isJson ? JSON.parse(bytes.toString()) : null,
  };
}

const at = () => `/api/documents/people/${patient}/attachments`;
const photograph = {
  kind: 'ket-qua-noi-khac',
  title: 'Siêu âm bụng',
  data: sent(JPEG),
  thumbnail: sent(SMALL),
};

async function attach(more: object = {}): Promise<AttachmentRow> {
  const { status, body } = await call('POST', at(), { ...photograph, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

const documentAt = (id: string): Promise<DocumentReference> =>
  world.program.kernel.gate.system('test').read('DocumentReference', id);

test('categories are those of the content on the day', async () => {
  const { body } = await call('GET', '/api/documents/attachment-kinds');
  assert.ok(body.rows.length >= 5);
  assert.deepEqual(body.rows[0], {
    code: 'giay-tuy-than',
    name: 'Giấy tờ tuỳ thân',
    nameEn: 'Identity papers',
  });
  assert.equal((await call('GET', '/api/documents/attachment-kinds', undefined, '')).status, 401);
});

test('a photograph is a document of the person with its category, its bytes, their hashes and its small picture', async () => {
  const row = await attach();
  assert.deepEqual(
    [row.kind, row.kindName, row.title, row.contentType, row.size, row.hasThumbnail],
    ['ket-qua-noi-khac', 'Kết quả xét nghiệm nơi khác', 'Siêu âm bụng', 'image/jpeg', JPEG.length, true],
  );
  const document = await documentAt(row.id);
  assert.deepEqual(document.category?.[0]?.coding?.[0], {
    system: cs.attachmentKind,
    code: 'ket-qua-noi-khac',
    display: 'Kết quả xét nghiệm nơi khác',
  });
  assert.equal(document.subject?.reference, `Patient/${patient}`);
  assert.match(document.content[0]!.attachment.extension![0]!.valueString!, /^[0-9a-f]{64}$/);
  const file = await call('GET', `/api/documents/attachments/${row.id}/file`);
  assert.ok(file.bytes.equals(JPEG));
  assert.equal(file.headers.get('content-type'), 'image/jpeg');
  assert.match(file.headers.get('content-security-policy')!, /sandbox/);
  assert.ok((await call('GET', `/api/documents/attachments/${row.id}/thumbnail`)).bytes.equals(SMALL));
  const { rows } = await world.program.kernel.pool.query(
    'select who, action, patient from audit where what = $1',
    [`attachment DocumentReference/${row.id}`],
  );
  assert.deepEqual(
    rows.map(({ action, patient: whose }) => [action, whose]),
    [['read', patient]],
    'a look is a line of the audit',
  );
});

test('what a file is, its own bytes say; what browsers would run is refused, and so is whatever is no file', async () => {
  const wrong: [change: object, place: string][] = [
    [{ data: sent(Buffer.from('<html><script>alert(1)</script>')) }, 'data'],
    [{ data: sent(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')) }, 'data'],
    [{ data: 'không phải base64' }, 'data'],
    [{ data: '' }, 'data'],
    [{ data: undefined }, 'data'],
    [{ data: sent(Buffer.from([0xff, 0xd8, 0xff])) }, 'data'],
    [{ thumbnail: sent(PDF) }, 'thumbnail'],
    [{ thumbnail: sent(Buffer.concat([SMALL, Buffer.alloc(60_001)])) }, 'thumbnail'],
    [{ kind: 'khong-co' }, 'kind'],
    [{ kind: undefined }, 'kind'],
    [{ title: '  ' }, 'title'],
    [{ title: 'x'.repeat(201) }, 'title'],
  ];
  for (const [change, place] of wrong) {
    const { status, body } = await call('POST', at(), { ...photograph, ...change });
    assert.equal(
      `${status} ${body.error.issues[0].expression}`,
      `400 ${place}`,
      JSON.stringify(change).slice(0, 80),
    );
    assert.match(body.error.text, /[à-ỹ]/i);
  }
  const large = await call('POST', at(), {
    ...photograph,
    data: sent(Buffer.concat([JPEG, Buffer.alloc(5_000_000)])),
  });
  assert.equal(large.status, 413, JSON.stringify(large.body));
  const pdf = await attach({
    data: sent(PDF),
    thumbnail: undefined,
    contentType: 'text/html',
    title: 'Giấy ra viện',
  });
  assert.deepEqual([pdf.contentType, pdf.hasThumbnail], ['application/pdf', false]);
  assert.equal((await call('GET', `/api/documents/attachments/${pdf.id}/thumbnail`)).status, 404);
});

test('a picture that was turned is a new version; what was seen before stays in the history; a stale screen is told', async () => {
  const row = await attach({ title: 'Nằm ngang' });
  const path = `/api/documents/attachments/${row.id}`;
  const asked = { kind: row.kind, title: row.title, version: row.version };
  const done = await call('PUT', path, { ...asked, data: sent(TURNED), thumbnail: sent(SMALL) }, nurse);
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.equal(done.body.version, row.version + 1);
  assert.equal((await call('GET', `${path}/file?version=${row.version}`)).status, 409);
  assert.equal((await call('GET', `${path}/thumbnail?version=${done.body.version}`)).status, 200);
  assert.ok((await call('GET', `${path}/file`)).bytes.equals(TURNED));
  const stale = await call('PUT', path, { ...asked, title: 'Tên khác' });
  assert.ok([409, 412].includes(stale.status), String(stale.status));
  const sorted = await call('PUT', path, { kind: 'khac', title: 'Đã xếp lại', version: done.body.version });
  assert.deepEqual([sorted.body.kind, sorted.body.title], ['khac', 'Đã xếp lại']);
  assert.ok((await call('GET', `${path}/file`)).bytes.equals(TURNED), 'the file stays when its name changes');
  assert.equal((await documentAt(row.id)).category?.length, 1);
});

test('the list: newest first, by category, by words without marks, files of forms as not sorted in, papers not at all', async () => {
  const other = await world.arrive({ name: [{ text: 'Lò Thị Ỷ' }] });
  const mine = `/api/documents/people/${other.patient}/attachments`;
  const one = (await call('POST', mine, { ...photograph, title: 'Phiếu đường huyết' })).body as AttachmentRow;
  const two = (
    await call('POST', mine, { ...photograph, kind: 'don-thuoc-noi-khac', title: 'Đơn thuốc tháng trước' })
  ).body as AttachmentRow;
  await world.write([
    {
      resourceType: 'DocumentReference',
      id: `cua-mau-${other.patient.slice(-8)}`,
      status: 'current',
      subject: { reference: `Patient/${other.patient}` },
      date: '2026-01-01T08:00:00+07:00',
      content: [
        {
          attachment: {
            contentType: 'image/jpeg',
            title: 'ảnh của biểu mẫu',
            data: sent(JPEG),
            size: JPEG.length,
          },
        },
      ],
    } as DocumentReference,
  ]);
  const titles = async (query = '') =>
    ((await call('GET', `${mine}${query}`)).body.rows as AttachmentRow[]).map(({ title }) => title);
  assert.deepEqual(
    (await titles()).sort(),
    ['Phiếu đường huyết', 'ảnh của biểu mẫu', 'Đơn thuốc tháng trước'].sort(),
  );
  assert.equal((await titles()).at(-1), 'ảnh của biểu mẫu');
  assert.deepEqual(await titles('?kind=don-thuoc-noi-khac'), [two.title]);
  assert.deepEqual(await titles('?q=duong%20huyet'), [one.title]);
  assert.deepEqual(await titles('?kind=chua-phan-loai'), ['ảnh của biểu mẫu']);
  assert.deepEqual(await titles('?kind=khong-co'), []);
  const paper = referenceOf({
    key: 'thuoc',
    version: '2026-01-01',
    title: 'Đơn thuốc',
    number: '1',
    fingerprint: 'dau',
    patient: other.patient,
    about: `Patient/${other.patient}`,
    sources: [],
    labels: [],
    author: { display: 'Phùng Văn Minh' },
    unit: null,
    at: '2026-10-01T08:00:00+07:00',
    demo: true,
    replaces: null,
    bytes: Buffer.from('giấy'),
  });
  const id = `giay-${other.patient.slice(-8)}`;
  await world.write([{ ...paper, id }]);
  assert.equal((await call('GET', `/api/documents/attachments/${id}/file`)).status, 404);
  assert.equal((await titles()).length, 3, 'an issued paper is none of them');
});

test('a file of the wrong person is taken away with a reason, stays in the list and opens no more', async () => {
  const row = await attach({ title: 'Nhầm người' });
  const path = `/api/documents/attachments/${row.id}`;
  assert.equal(
    (await call('POST', `${path}/remove`, { reason: 'Nhầm hồ sơ của người khác' }, nurse)).status,
    403,
  );
  assert.equal(
    (await call('POST', `${path}/remove`, { reason: 'x' })).body.error.issues[0].expression,
    'reason',
  );
  const done = await call('POST', `${path}/remove`, { reason: 'Nhầm hồ sơ của người khác' });
  assert.equal(done.body.removed.reason, 'Nhầm hồ sơ của người khác');
  for (const part of ['file', 'thumbnail']) assert.equal((await call('GET', `${path}/${part}`)).status, 409);
  assert.equal((await call('PUT', path, { kind: 'khac', title: 'x' })).status, 409);
  assert.equal((await call('POST', `${path}/remove`, { reason: 'một lần nữa' })).status, 409);
  const { rows } = (await call('GET', `${at()}?q=nham%20nguoi`)).body;
  assert.equal(rows[0].removed.by, done.body.removed.by);
});

test('who does not reach the person sees, adds and changes nothing', async () => {
  const row = await attach({ title: 'Riêng' });
  const path = `/api/documents/attachments/${row.id}`;
  const id = 'bacsi-noi-khac';
  await addAccount(world.program, { id, name: id, roles: ['doctor'], unit: 'cs-25D02', practitioner: null });
  const stranger = await cookieOf(world.program.address, id);
  const desk = 'quay-tiep-don';
  await addAccount(world.program, {
    id: desk,
    name: desk,
    roles: ['reception'],
    unit: 'cs-25D02',
    practitioner: null,
  });
  const reception = await cookieOf(world.program.address, desk);
  for (const cookie of [stranger, reception]) {
    for (const part of ['file', 'thumbnail'])
      assert.ok([403, 404].includes((await call('GET', `${path}/${part}`, undefined, cookie)).status));
    assert.ok([403, 404].includes((await call('PUT', path, { kind: 'khac', title: 'x' }, cookie)).status));
    const listed = await call('GET', at(), undefined, cookie);
    assert.ok(listed.status === 403 || listed.body.rows.length === 0, String(listed.status));
  }
  assert.equal((await call('POST', at(), photograph, reception)).status, 403);
  assert.equal((await call('GET', `${path}/file`, undefined, '')).status, 401);
});
