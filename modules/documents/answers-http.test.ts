/** Answered forms as papers: any form, one of the record too; issued once a version, as sensitive as its answers. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { archiveFaults } from '../../engines/documents/index.ts';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import type {
  Condition,
  DocumentReference,
  Questionnaire,
  QuestionnaireResponse,
} from '../../kernel/fhir/types.ts';
import { type ClaimsWorld, openClaimsWorld } from '../insurance/claims/testing.ts';
import { labelsOf } from './issue/labels.ts';

let world: ClaimsWorld;
let cookie: string;
before(async () => {
  world = await openClaimsWorld();
  cookie = await cookieOf(world.program.address, 'bacsi');
});
after(() => world.stop());

const print = async (id: string) => {
  const answer = await fetch(`${world.program.address}/api/documents/answers/${id}/paper.pdf`, {
    headers: { cookie, accept: 'application/pdf' },
  });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const wordsOf = (bytes: Buffer) => new Pdf(bytes).pages().join(' ').replace(/\s+/g, ' ');
const system = () => world.program.kernel.gate.system('test');
const issuedFor = async (patient: string): Promise<DocumentReference[]> =>
  (await system().search('DocumentReference', [['patient', patient]])).matches;

const URL = 'http://yba.vn/fhir/Questionnaire/tha-dieu';
const form: Questionnaire = {
  resourceType: 'Questionnaire',
  id: 'tha-dieu-1',
  url: URL,
  version: '2026-01-01',
  status: 'active',
  title: 'Phiếu hội thả diều',
  effectivePeriod: { start: '2026-01-01' },
  item: [{ linkId: 'mau', text: 'Màu diều ưng ý', type: 'string' }],
};

async function answered(colour: string, questionnaire = `${URL}|2026-01-01`): Promise<QuestionnaireResponse> {
  const { patient, encounter } = await world.arrive({ name: [{ text: 'Lê Ẵm' }] });
  const response: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    id: `phieu-${patient.slice(-8)}`,
    status: 'completed',
    questionnaire,
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${encounter}` },
    authored: '2026-11-20T08:00:00+07:00',
    item: [{ linkId: 'mau', answer: [{ valueString: colour }] }],
  };
  await world.write([form, response]);
  return response;
}
const patientOf = ({ subject }: QuestionnaireResponse) => subject!.reference!.split('/')[1]!;

test('a form that stands in the record alone is printed in the layout of all forms, under its own title', async () => {
  const response = await answered('đỏ thẫm');
  const { status, bytes } = await print(response.id!);
  assert.equal(status, 200);
  assert.deepEqual(archiveFaults(bytes, 2), []);
  assert.match(wordsOf(bytes), /PHIẾU HỘI THẢ DIỀU.*LÊ ẴM.*Màu diều ưng ý.*đỏ thẫm/);
  const [document] = await issuedFor(patientOf(response));
  assert.equal(document!.description, 'Phiếu hội thả diều');
  assert.equal(document!.context!.related![0]!.reference, `QuestionnaireResponse/${response.id}`);
});

test('printed again it is the same bytes; amended it is a new paper, and the one before stays as it was', async () => {
  const response = await answered('xanh');
  const first = await print(response.id!);
  assert.ok((await print(response.id!)).bytes.equals(first.bytes));
  const stored = await system().read('QuestionnaireResponse', response.id!);
  const item = [{ linkId: 'mau', answer: [{ valueString: 'tím' }] }];
  await world.write([{ ...stored, status: 'amended', item }]);
  const second = await print(response.id!);
  assert.match(wordsOf(second.bytes), /tím.*Phiếu đã được sửa/);
  const papers = await issuedFor(patientOf(response));
  assert.deepEqual(papers.map(({ status }) => status).sort(), ['current', 'superseded']);
  const before = papers.find(({ status }) => status === 'superseded')!;
  assert.ok(Buffer.from(before.content[0]!.attachment.data!, 'base64').equals(first.bytes));
});

test('a form that is not known here is printed by the words of its answers', async () => {
  const response = await answered('vàng', 'http://example.org/la|1');
  const { status, bytes } = await print(response.id!);
  assert.equal(status, 200);
  assert.match(wordsOf(bytes), /mau vàng/);
});

test('a response that was taken back is printed no more', async () => {
  const response = await answered('nâu');
  const stored = await system().read('QuestionnaireResponse', response.id!);
  await world.write([{ ...stored, status: 'entered-in-error' }]);
  const { status, bytes } = await print(response.id!);
  assert.equal(status, 409);
  assert.match(bytes.toString(), /đã huỷ vì ghi nhầm/);
});

test('a response that is not there is refused in words', async () => {
  const { status, bytes } = await print('khong-co');
  assert.equal(status, 404);
  assert.match(bytes.toString(), /OperationOutcome|details/);
});

test('a paper is as sensitive as what it is made of', async () => {
  const hiv: Condition = {
    resourceType: 'Condition',
    subject: { reference: 'Patient/x' },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B20' }] },
  };
  assert.deepEqual(labelsOf([hiv]), [
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' },
  ]);
  assert.deepEqual(labelsOf([form]), []);
  const response = await answered('đen');
  const stored = await system().read('QuestionnaireResponse', response.id!);
  const security = [
    ...(stored.meta?.security ?? []),
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' },
  ];
  await world.write([{ ...stored, meta: { security } }]);
  assert.equal((await print(response.id!)).status, 200);
  const [document] = await issuedFor(patientOf(response));
  assert.ok(document!.meta?.security?.some(({ code }) => code === 'PSY'));
});
