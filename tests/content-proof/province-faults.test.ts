/** Services to order, profiles and topics of a province's folder that are wrong: each is left out at the start with its place and a sentence, the others go on. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSoundContent } from '../../main/sound-content.ts';
import { BEES } from './bees.testing.ts';

const OWN = join(import.meta.dirname, '../../content');
const root = mkdtempSync(join(tmpdir(), 'yba-province-'));
after(() => rmSync(root, { recursive: true }));
let count = 0;

const PROFILE = 'profiles/so-dan-ong.json';
const TOPIC = 'topics/ong-dot.json';
const SERVICES = 'clinic/services.csv';
const TESTS = 'clinic/lab-tests.csv';

type Spoilt = [file: string, from: string, to: string, says: RegExp];

const SPOILT: Spoilt[] = [
  [PROFILE, '"id": "so-dan-ong"', '"id": "so-dan"', /its id is "so-dan"/],
  [PROFILE, '$this >= 0 and', '$this >= 0 an', /^profiles.*: StructureDefinition\.differential.*FHIRPath/],
  [
    PROFILE,
    'StructureDefinition/Observation"',
    'StructureDefinition/Observatio"',
    /hồ sơ gốc .* không có ở đây/,
  ],
  [PROFILE, '"element": [', '"element": 7, "elements": [', /element/],
  [PROFILE, '"min": 1,\n        "type"', '"min": "một",\n        "type"', /min/],
  [PROFILE, '"extension": [', '"extension": "x", "extensions": [', /extension/],
  [PROFILE, '"start": "2026-01-01"', '"start": "2026-13-01"', /ngày|effectivePeriod|extension/i],
  [TOPIC, '"id": "ong-dot"', '"id": "ong"', /như tên tệp/],
  [TOPIC, '%current.code', '%curent.code', /fhirPathCriteria: .*curent/],
  [
    TOPIC,
    '"Observation", "include"',
    '"Patient", "include"',
    /notificationShape\[0\]\.resource: phải là Observation/,
  ],
  [TOPIC, '"filterParameter": "patient"', '"filterParameter": "nguoi"', /không tìm được theo “nguoi”/],
  [TOPIC, 'Observation:patient:Patient', 'Observation:nguoi', /include\[0\]: không có “Observation:nguoi”/],
  [
    TOPIC,
    'SubscriptionTopic/ong-dot',
    'SubscriptionTopic/encounter-end',
    /đã là của topics\/encounter-end\.json/,
  ],
  [TOPIC, '"canFilterBy"', '"canFilter"', /canFilter/],
  [SERVICES, 'IGE_ONG', 'IGE_ON', /không có xét nghiệm IGE_ON trong bảng/],
  [SERVICES, 'ONG.01,lab', '23.0234.1510,lab', /two rows of a code are in force on one day/],
  [SERVICES, 'ONG.01,lab', 'ONG.02,lab', /chưa có giá/],
  [TESTS, ',quantity,', ',so,', /result_type phải là quantity/],
  [TESTS, '0,0.35,', '"0,35",0.35,', /cột low ghi “0,35”/],
];

for (const [file, from, to, says] of SPOILT)
  test(`${file}: ${from} → ${to}`, async () => {
    const folder = join(root, `${count++}`);
    cpSync(BEES, folder, { recursive: true });
    const sound = readFileSync(join(folder, file), 'utf8');
    assert.ok(sound.includes(from), `${file} has ${from}`);
    writeFileSync(join(folder, file), sound.replace(from, to));
    const { leftOut, content } = await openSoundContent(OWN, [], [folder]);
    const told = leftOut.map((one) => `${one.file.slice(folder.length + 1)}: ${one.why}`);
    const own = told.find((line) => line.startsWith(file) || line.startsWith('clinic/'));
    assert.ok(own !== undefined, told.join('\n') || 'nothing is left out');
    assert.match(own, says);
    assert.ok(content.files('forms').includes('phieu-tham-to/2026-01-01.json'), 'the others go on');
  });

test('the sound folder is carried out whole', async () => {
  assert.deepEqual((await openSoundContent(OWN, [], [BEES])).leftOut, []);
});
