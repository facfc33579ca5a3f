import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { type ClaimsWorld, openClaimsWorld } from '../insurance/claims/testing.ts';

let world: ClaimsWorld;
before(async () => {
  world = await openClaimsWorld();
});
after(() => world.stop());

const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
const wordsOf = (bytes: Buffer) => new Pdf(bytes).pages().join(' ').replace(/\s+/g, ' ');

test('the doctor prints the signed prescription; the same record gives the same bytes; each print is in the audit', async () => {
  const { encounter, patient } = await world.finishedVisit();
  const path = `/api/documents/encounters/${encounter}/prescription.pdf`;
  const answer = await world.download('bacsi', path);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  assert.match(
    answer.headers.get('content-disposition') ?? '',
    /^inline; filename="don-thuoc-25D01[0-9a-z]{7}-c\.pdf"$/,
  );
  const bytes = await bytesOf(answer);
  const words = wordsOf(bytes);
  for (const said of [
    'NGUYỄN THỊ ÁNH ĐÀO',
    'Paracetamol 500 mg',
    '10 viên',
    'Phùng Văn Minh',
    'Uống nhiều nước',
    'Dữ liệu trình diễn',
  ]) {
    assert.ok(words.includes(said), `“${said}” is not on: ${words}`);
  }
  assert.ok(bytes.equals(await bytesOf(await world.download('bacsi', path))));
  const { rows } = await world.program.kernel.pool.query(
    `select count(*)::int as count from audit where action = 'print' and patient = $1`,
    [patient],
  );
  assert.equal(rows[0].count, 2);
});

test('the cashier prints the statement of charges, the desk the ticket', async () => {
  const { encounter } = await world.finishedVisit();
  const statement = await world.download('thungan', `/api/documents/encounters/${encounter}/statement.pdf`);
  assert.equal(statement.status, 200);
  const words = wordsOf(await bytesOf(statement));
  assert.ok(words.includes('Năm mươi sáu nghìn đồng') && words.includes('01/KBCB'), words);
  const ticket = await world.download('letan', `/api/documents/encounters/${encounter}/ticket.pdf`);
  assert.ok(wordsOf(await bytesOf(ticket)).includes('SỐ THỨ TỰ'));
});

test('nothing signed, not finished, not one’s role, no such visit: each is a clear answer', async () => {
  const { encounter } = await world.arrive();
  const status = async (who: string, path: string) =>
    (await world.download(who, `/api/documents/encounters/${path}`)).status;
  assert.equal(await status('bacsi', `${encounter}/prescription.pdf`), 404);
  assert.equal(await status('thungan', `${encounter}/statement.pdf`), 409);
  assert.equal(await status('letan', `${encounter}/prescription.pdf`), 403);
  assert.equal(await status('bacsi', 'khong-co/prescription.pdf'), 404);
  assert.equal(
    (await fetch(`${world.program.address}/api/documents/encounters/${encounter}/ticket.pdf`)).status,
    401,
  );
});
