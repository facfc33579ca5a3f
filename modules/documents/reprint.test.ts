/** A paper stays what it was when it was issued, whatever became of its template; a changed template makes what is issued from then on. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { type Documents, openDocuments, paperOn } from '../../engines/documents/index.ts';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { type Content, openContent } from '../../kernel/content/content.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import { openTurns } from '../../kernel/in-turn.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { type ClaimsWorld, openClaimsWorld } from '../insurance/claims/testing.ts';
import { draftOf } from './issue/draft.ts';
import { issuePaper } from './issue/issue.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-reprint-'));
const KEY = 'giay-tha-dieu';
let world: ClaimsWorld;
let cookie: string;
before(async () => {
  world = await openClaimsWorld();
  cookie = await cookieOf(world.program.address, 'bacsi');
});
after(async () => {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a version of the paper: what it says stands in its template. */
function publish(from: string, says: string): void {
  const at = join(folder, 'documents', KEY);
  mkdirSync(at, { recursive: true });
  const definition = {
    title: { vi: 'Giấy thả diều', en: 'Kite paper' },
    size: 'a5',
    roles: ['doctor'],
    number: { series: 'TD', each: 'year' },
    about: ['Patient'],
    fields: { name: 'Patient.name.first()' },
  };
  writeFileSync(join(at, `${from}.json`), JSON.stringify(definition));
  writeFileSync(
    join(at, `${from}.typ`),
    `#let d = json("/data.json")\n#set document(title: "Giấy", date: datetime(..d.paper.day))\n#set text(font: "Be Vietnam Pro", lang: "vi", fallback: false)\n#set page(paper: "a5")\n${says} #d.name #d.paper.number`,
  );
}

/** Issued by a program that has started with the content as it lies there now. */
async function issue(patient: string) {
  const content: Content = openContent(join(import.meta.dirname, '../../content'), [folder]);
  const documents: Documents = openDocuments(content);
  try {
    const kernel = { ...world.program.kernel, content };
    const definition = paperOn(content, KEY, vietnamDay(kernel.settings.now()))!;
    const drafting = { kernel, cardKeys: null as never, formOf: async () => null };
    const draft = await draftOf(drafting, kernel.gate.system('test'), definition, `Patient/${patient}`);
    return await issuePaper({ kernel, documents, inTurn: openTurns() }, draft);
  } finally {
    documents.close();
  }
}

const printed = async (id: string, what: string) => {
  const answer = await fetch(`${world.program.address}/api/documents/issued/${id}/${what}`, {
    headers: { cookie, accept: 'application/pdf' },
  });
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer());
};
const wordsOf = (bytes: Buffer) => new Pdf(bytes).pages().join(' ').replace(/\s+/g, ' ');

test('after the template was changed, and even the file of its version, the first issue is printed byte for byte', async () => {
  const { patient } = await world.arrive({ name: [{ text: 'Đỗ Ẵm' }] });
  publish('2026-01-01', 'Mẫu một của');
  const first = await issue(patient);
  assert.match(wordsOf(first.bytes), /Mẫu một của Đỗ Ẵm/);
  const id = first.document!.id!;
  publish('2026-01-01', 'Mẫu bị sửa của');
  publish('2026-11-20', 'Mẫu hai của');
  for (const what of ['paper.pdf', 'original.pdf'])
    assert.ok((await printed(id, what)).equals(first.bytes), what);
  const same = await issue(patient);
  assert.ok(same.bytes.equals(first.bytes), 'the same versions of the record are the same paper');
  assert.equal(same.document!.id, id);
});

test('what is issued of a changed record afterwards has the new template, and the paper before says that it was replaced', async () => {
  const { patient } = await world.arrive({ name: [{ text: 'Lê Ẵm' }] });
  const first = await issue(patient);
  assert.match(wordsOf(first.bytes), /Mẫu hai của Lê Ẵm/);
  const system = world.program.kernel.gate.system('test');
  const person = (await system.read('Patient', patient)) as Patient;
  await system.update({ ...person, name: [{ text: 'Lê Thị Ẵm' }] });
  publish('2026-12-01', 'Mẫu ba của');
  world.setNow('2026-12-01T08:00:00+07:00');
  cookie = await cookieOf(world.program.address, 'bacsi');
  const second = await issue(patient);
  assert.match(wordsOf(second.bytes), /Mẫu ba của Lê Thị Ẵm/);
  const before = await printed(first.document!.id!, 'paper.pdf');
  assert.ok(
    before.subarray(0, first.bytes.length).equals(first.bytes),
    'the stamp lies over the untouched bytes',
  );
  assert.match(wordsOf(before), /ĐÃ THAY THẾ|THAY THẾ/);
  assert.ok((await printed(first.document!.id!, 'original.pdf')).equals(first.bytes));
});
