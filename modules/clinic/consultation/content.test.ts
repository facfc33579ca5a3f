/** What is measured and noted in a visit is content: a unit that measures or writes down more has two files, and no line of code. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openContent } from '../../../kernel/content/content.ts';
import type { Failure } from '../../../kernel/failure.ts';
import type { Observation } from '../../../kernel/fhir/types.ts';
import { readFields } from '../fields.ts';
import { noteFields, notesOf, readNotes } from './notes.ts';
import {
  calculatedOf,
  checkMeasured,
  readVitals,
  vitalCodes,
  vitalFacts,
  vitalLimits,
  vitalsOf,
} from './vitals.ts';

const OURS = join(import.meta.dirname, '../../../content');
const further = mkdtempSync(join(tmpdir(), 'yba-content-'));
after(() => rmSync(further, { recursive: true, force: true }));

/** The line of column names of a table of ours. */
const columns = (name: string) => readFileSync(join(OURS, `clinic/${name}.csv`), 'utf8').split('\n')[0]!;
mkdirSync(join(further, 'clinic'));
writeFileSync(
  join(further, 'clinic/measured.csv'),
  `${columns('measured')}\nwaist,,,,\nwaist-to-height,,,,(%waist / %height).round(2)\n`,
);
writeFileSync(
  join(further, 'clinic/vitals.csv'),
  `${columns('vitals')}\nwaist,8280-0,Vòng bụng,Waist,cm,cm,0,19,,40,200,,90,,,Thử\nwaist-to-height,7777-7,Vòng bụng trên chiều cao,Waist to height,,1,2,19,,,,,0.5,,,Thử\n`,
);
writeFileSync(
  join(further, 'clinic/notes.csv'),
  `${columns('notes')}\nkites,1234-5,Chuyện thả diều,Kite flying,3,2,,\n`,
);
const content = openContent(OURS, [further]);
const DAY = '2026-11-23';

test('a measurement of the content is asked at its place, checked, kept as an Observation and read again', () => {
  const limits = vitalLimits(content, '1980-01-01', DAY);
  assert.deepEqual(
    limits.map(({ key }) => key),
    [
      'pulse',
      'temperature',
      'systolic',
      'diastolic',
      'breathing',
      'spo2',
      'weight',
      'height',
      'bmi',
      'waist',
      'waist-to-height',
    ],
  );
  assert.equal(
    vitalLimits(content, '2020-01-01', DAY).some(({ key }) => key === 'waist'),
    false,
  );
  const fields = readFields();
  const read = readVitals({ vitals: { waist: 88, weight: 60, height: 160 } }, fields, limits, content);
  fields.done();
  assert.equal(read.waist, 88);
  const fact = vitalFacts(content, read).find(({ code }) => code === '8280-0');
  assert.deepEqual(fact?.value, { value: 88, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' });
  assert.ok(vitalCodes(content).has('8280-0'));
  const kept = {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8280-0' }] },
    valueQuantity: fact?.value,
  } as Observation;
  assert.equal(vitalsOf([kept], content).waist, 88);

  const wrong = readFields();
  readVitals({ vitals: { waist: 880 } }, wrong, limits, content);
  assert.throws(wrong.done, (failure: Failure) => failure.issues[0]?.expression === 'vitals.waist');
});

test('what follows from measurements is calculated at every age and judged where limits are stated', () => {
  assert.deepEqual(calculatedOf(content, { weight: 52, height: 156 }), { bmi: 21.4 });
  assert.deepEqual(calculatedOf(content, { weight: 52, height: null }), {});
  const child = vitalLimits(content, '2020-01-01', DAY).find(({ key }) => key === 'bmi');
  assert.deepEqual(child?.normal, [null, null]);
  assert.equal(child?.calculated, '(%weight / (%height / 100).power(2)).round(1)');
  assert.deepEqual(calculatedOf(content, { weight: 52, height: 0 }), {});
});

test('how a number is calculated is an expression of the content; one that names what nobody measures is told with its place', () => {
  assert.deepEqual(calculatedOf(content, { waist: 80, height: 160 }), { 'waist-to-height': 0.5 });
  assert.deepEqual(checkMeasured(content), []);
  const wrong = mkdtempSync(join(tmpdir(), 'yba-content-'));
  after(() => rmSync(wrong, { recursive: true, force: true }));
  mkdirSync(join(wrong, 'clinic'));
  const lines = ['waist,,,,%hip / 2', 'hip,,,,(%weight', 'weight,,,,'].join('\n');
  writeFileSync(join(wrong, 'clinic/measured.csv'), `${columns('measured')}\n${lines}\n`);
  const faults = checkMeasured(openContent(wrong));
  assert.deepEqual(
    faults.map(({ where }) => where),
    ['clinic/measured.csv waist', 'clinic/measured.csv hip'],
  );
  assert.match(faults[0]!.text, /%hip/);
});

test('a note of the content has its box, is read, refused when it is no text, and comes back from the record', () => {
  const added = noteFields(content).at(-1)!;
  assert.deepEqual([added.key, added.name, added.lines, added.column], ['kites', 'Chuyện thả diều', 3, 2]);
  const fields = readFields();
  assert.equal(readNotes({ notes: { kites: ' Diều sáo ' } }, fields, content).kites, 'Diều sáo');
  const kept = {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '1234-5' }] },
    valueString: 'Diều sáo',
  } as Observation;
  assert.deepEqual(notesOf([kept], content), {
    complaint: '',
    illness: '',
    exam: '',
    advice: '',
    kites: 'Diều sáo',
  });
  const wrong = readFields();
  readNotes({ notes: { kites: 7 } }, wrong, content);
  assert.throws(wrong.done, (failure: Failure) => failure.issues[0]?.expression === 'notes.kites');
});
