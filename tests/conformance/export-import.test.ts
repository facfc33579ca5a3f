/**
 * What one program exports is the same record in an empty one that imports it: HL7's examples of every type, Vietnamese people,
 * changed, deleted and attached things. With 50,000 resources: `bench/export-import.ts`.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../../kernel/fhir/testing.ts';
import { type Example, readExamples } from './examples.ts';
import {
  answersOf,
  differences,
  digestsOf,
  exportInto,
  type FetchedFile,
  type FileHost,
  hostFiles,
  importFiles,
  type Party,
  writeNdjson,
} from './exchange.ts';

const LONGEST = 30_000;
const OF_TYPE = 110;

let folder: string;
let host: FileHost;
let first: FhirWorld;
let second: FhirWorld;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yba-exchange-'));
  host = await hostFiles(folder);
  [first, second] = await Promise.all([
    openFhirWorld({ peers: [host.host] }),
    openFhirWorld({ peers: [host.host] }),
  ]);
});
after(async () => {
  await first.stop();
  await second.stop();
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

const partyOf = async (world: FhirWorld): Promise<Party> => ({
  address: world.program.address,
  authorization: `Bearer ${await world.token()}`,
});

/** Of each type so many, none very long. */
function* someExamples(): Generator<Example['resource']> {
  const taken = new Map<string, number>();
  for (const { type, text, resource } of readExamples()) {
    const count = taken.get(type) ?? 0;
    if (count >= OF_TYPE || (text.length > LONGEST && count > 0) || resource.id === undefined) continue;
    taken.set(type, count + 1);
    yield resource;
  }
}

const NAMES = ['Nguyễn Thị Lan', 'Trần Văn Minh', 'Đặng Hoà Thuỷ', 'Lý Y Bạ', 'H’Mông Súa', 'Ngô Quý Đôn'];

function* people(): Generator<object> {
  for (let n = 0; n < 320; n++) {
    const subject = { reference: `Patient/nguoi-${n}` };
    yield {
      resourceType: 'Patient',
      id: `nguoi-${n}`,
      identifier: [{ system: 'urn:cccd', value: String(25_000_000 + n) }],
      name: [{ text: `${NAMES[n % NAMES.length]} ${n}` }],
      birthDate: ['1950', '1987-02', '2001-02-28'][n % 3],
      ...(n % 7 === 0 && { deceasedDateTime: '2025-12-31T23:59:59.999+07:00' }),
    };
    for (let k = 0; k < 5; k++)
      yield {
        resourceType: 'Observation',
        id: `do-${n}-${k}`,
        status: 'final',
        contained: [
          { resourceType: 'Device', id: 'may', deviceName: [{ name: 'Máy đo "Ω" \\ 😷', type: 'other' }] },
        ],
        code: { coding: [{ system: 'http://loinc.org', code: k % 2 ? '8867-4' : '8310-5' }] },
        subject,
        device: { reference: '#may' },
        effectiveDateTime: `2026-0${1 + k}-15T08:00:00+07:00`,
        valueQuantity: {
          value: 60 + ((n * 7 + k) % 40),
          unit: 'lần/phút',
          system: 'http://unitsofmeasure.org',
          code: '/min',
        },
        note: [{ text: `Đo lần ${k}\nở trạm` }],
      };
  }
}

const QUESTIONS = [
  'Patient?name=nguyen+thi+lan&_sort=_id',
  'Patient?name:exact=Trần Văn Minh 1',
  'Patient?name:contains=hoa',
  'Patient?birthdate=1987',
  'Patient?birthdate=ge2001-02-01',
  'Patient?identifier=urn:cccd|25000003',
  'Patient?deceased=true',
  'Patient?death-date=2025-12-31',
  'Patient?_has:Observation:patient:code=8867-4&gender:missing=true',
  'Observation?code=http://loinc.org|8867-4&date=ge2026-02-01&_sort=-date&_count=200',
  'Observation?value-quantity=gt90',
  'Observation?patient=nguoi-3&_include=Observation:patient',
  'Observation?patient.name=minh&_count=500',
  'Observation?code:text=heart',
  'Observation?component-code=http://loinc.org|8480-6',
  'Observation?status:not=final',
  'Condition?code:missing=true',
  'Condition?clinical-status=active',
  'Encounter?date=lt2014',
  'Encounter?participant.identifier:missing=true',
  'MedicationRequest?medication.code:missing=false',
  'Questionnaire?title:contains=a',
  'ValueSet?url:below=http://hl7.org/fhir',
  'CodeSystem?status=active',
  'Bundle?type=document',
  'Binary?_summary=count',
  'Organization?name=a',
  'Location?_revinclude=Encounter:location',
  'Practitioner?family=Careful',
  'DocumentReference?contenttype=text/plain',
  'Group?member=Patient/pat1',
  'Immunization?_tag:missing=false',
  'Composition?section:missing=false',
  'Appointment?actor=Patient/example',
  'Claim?created=ge2014',
  'Device?_id=example',
  'Task?status=draft',
  'Patient/nguoi-7/$everything?_count=1000',
  'Patient/example/$everything?_count=1000',
  '?_type=Patient,Practitioner&_summary=count',
];

test('export, import into an empty program: every resource the same, every question answered the same', async () => {
  const [one, other] = await Promise.all([partyOf(first), partyOf(second)]);
  await writeNdjson(join(folder, 'vi-du.ndjson'), someExamples());
  await writeNdjson(join(folder, 'nguoi.ndjson'), people());
  const made: FetchedFile[] = ['vi-du', 'nguoi'].map((name) => ({
    type: 'Basic',
    name: `${name}.ndjson`,
    count: 0,
  }));
  const filled = await importFiles(one, host.host, made);
  assert.ok(filled.created > 3_000, `${filled.created} ${filled.faults.slice(0, 3).join('\n')}`);
  await changeAndDelete();

  const exported = await exportInto(one, join(folder, 'mot'));
  const before = await digestsOf(join(folder, 'mot'), exported);
  assert.ok(before.size > 3_000);
  assert.ok(
    new Set([...before.keys()].map((name) => name.split('/')[0])).size > 130,
    'every type that is stored',
  );
  const moved = await importFiles(
    other,
    host.host,
    exported.map((file) => ({ ...file, name: `mot/${file.name}` })),
  );
  assert.deepEqual(moved.faults, []);
  assert.equal(moved.created + moved.updated + moved.unchanged, before.size);

  const back = await exportInto(other, join(folder, 'hai'));
  assert.deepEqual(differences(before, await digestsOf(join(folder, 'hai'), back)), []);
  assert.ok(!before.has('Patient/nguoi-1') && !before.has('Observation/do-2-0'), 'what was deleted is gone');
  let answered = 0;
  for (const question of QUESTIONS) {
    const [here, there] = await Promise.all([answersOf(one, question), answersOf(other, question)]);
    assert.deepEqual(there, here, question);
    if (here.length > 0) answered += 1;
  }
  assert.ok(
    answered > QUESTIONS.length * 0.75,
    `${answered} of ${QUESTIONS.length} questions find something`,
  );
});

/** Superseded versions and deleted resources stay behind; a Binary and its document go together. */
async function changeAndDelete(): Promise<void> {
  const put = async (resource: { resourceType: string; id: string }) => {
    const answer = await first.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
    assert.ok(answer.status < 300, answer.text);
  };
  for (const gender of ['female', 'male'])
    await put({ resourceType: 'Patient', id: 'nguoi-0', gender, name: [{ text: NAMES[0] }] } as never);
  for (const path of ['Patient/nguoi-1', 'Observation/do-2-0']) await first.send('DELETE', `/fhir/${path}`);
  await put({ resourceType: 'Binary', id: 'anh', contentType: 'image/png', data: 'iVBORw0KGgo=' } as never);
  await put({
    resourceType: 'DocumentReference',
    id: 'giay',
    status: 'current',
    subject: { reference: 'Patient/nguoi-3' },
    content: [{ attachment: { contentType: 'image/png', url: 'Binary/anh' } }],
  } as never);
}
