import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../../fhir/types.ts';
import { validateResource } from '../../fhir/validation/index.ts';
import { person, pulse } from '../samples.testing.ts';
import { readPiece, settleLine } from './read-piece.ts';

const VISITOR = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';

function read(lines: (object | string)[], document = false) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const bytes = new Uint8Array(Buffer.from(text));
  const piece = readPiece({ n: 0, source: 'x.ndjson', at: 0, line: 10, bytes, document });
  const settled = piece.lines.map((line) => settleLine(line, new Map(), validateResource));
  const refused = [...piece.refused, ...settled.flatMap((one) => one.refused)];
  return {
    resources: settled.flatMap((one) =>
      one.writes.map(({ write }) => (write as { resource: Resource }).resource),
    ),
    refused: refused.map(({ line, place }) => `${line} ${place}`),
    sentences: refused,
  };
}

const entry = (resource: object, fullUrl?: string, method = 'POST') => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  resource,
  request: { method, url: (resource as Resource).resourceType },
});
const bundle = (type: string, ...entries: object[]) => ({ resourceType: 'Bundle', type, entry: entries });

test('a line is a resource; blank lines say nothing; a faulty line is named by its number and place', () => {
  const { resources, refused, sentences } = read([
    person('a'),
    '',
    '{"resourceType":"Patient","active":tru}',
    { resourceType: 'Patient', birthDate: '31/12/1999' },
    { resourceType: 'Patinet' },
    '[1]',
    person('b'),
  ]);
  assert.deepEqual(
    resources.map(({ id }) => id),
    ['a', 'b'],
  );
  assert.deepEqual(refused.sort(), ['12 active', '13 Patient.birthDate', '14 Resource.resourceType', '15 ']);
  assert.match(sentences.find(({ line }) => line === 12)!.text, /dòng 12, cột 36/);
});

test('references among the entries of a Bundle get the addresses of the entries; ids that are given are kept', () => {
  const { resources } = read([
    bundle(
      'collection',
      { fullUrl: 'urn:uuid:0a', resource: pulse(null, 1) },
      { resource: { ...pulse(null, 2), subject: { reference: VISITOR } } },
      { fullUrl: VISITOR, resource: { ...person('giu-lai') } },
      { resource: { ...pulse(null, 3, 'co-ma'), hasMember: [{ reference: 'urn:uuid:0a' }] } },
    ),
  ]);
  const [first, second, patient, third] = resources as [Resource, Resource, Resource, Resource];
  assert.equal(patient.id, 'giu-lai');
  assert.equal(third.id, 'co-ma');
  assert.deepEqual((second as { subject?: object }).subject, { reference: 'Patient/giu-lai' });
  assert.deepEqual((third as { hasMember?: object[] }).hasMember, [{ reference: `Observation/${first.id}` }]);
});

test("a new person's resources get ids that carry the person's key, whatever the order of the entries", () => {
  const { id: _id, ...unnamed } = person('x');
  const { resources } = read([
    bundle(
      'transaction',
      entry({ ...pulse(null, 2), subject: { reference: VISITOR } }),
      entry(unnamed, VISITOR),
    ),
  ]);
  const [observation, patient] = resources as [Resource, Resource];
  assert.deepEqual((observation as { subject?: object }).subject, { reference: `Patient/${patient.id}` });
  assert.equal(observation.id!.length, 23);
});

test('a transaction with a fault is refused whole, by the place of its entry; a batch loses the entry alone', () => {
  const wrong = { resourceType: 'Patient', birthDate: 'nope' };
  const whole = read([bundle('transaction', entry(person('a')), entry(wrong))]);
  assert.deepEqual([whole.resources.length, whole.refused], [0, ['10 Bundle.entry[1].resource.birthDate']]);
  const each = read([
    bundle('batch', entry(person('a')), entry(wrong), { request: { method: 'GET', url: 'x' } }),
  ]);
  assert.deepEqual(
    [each.resources.length, each.refused.sort()],
    [1, ['10 Bundle.entry[1].resource.birthDate', '10 Bundle.entry[2]']],
  );
});

test('a reference to an entry that is not there, and what is never written, are refused', () => {
  const { resources, refused } = read([
    { ...pulse(null, 1, 'o'), subject: { reference: VISITOR } },
    { resourceType: 'AuditEvent', id: 'a' },
    { resourceType: 'Parameters', id: 'p' },
  ]);
  assert.equal(resources.length, 0);
  assert.deepEqual(refused, ['10 Observation.subject.reference', '11 ', '12 ']);
});

test('a document of one JSON is one resource; its fault is named by the line within it', () => {
  assert.equal(read(['{', '"resourceType": "Patient", "id": "a"', '}'], true).resources.length, 1);
  assert.deepEqual(read(['{', '"resourceType": "Patient",', '"active": x', '}'], true).refused, [
    '12 active',
  ]);
});

test('documents and messages are resources of their own, and keep the names of their entries', () => {
  const composition = { resourceType: 'Composition', id: 'c' };
  const document = { ...bundle('document', { fullUrl: VISITOR, resource: composition }), id: 'tai-lieu' };
  const piece = readPiece({
    n: 0,
    source: 'x',
    at: 0,
    line: 1,
    bytes: new Uint8Array(Buffer.from(JSON.stringify(document))),
    document: true,
  });
  const { writes } = settleLine(piece.lines[0]!, new Map(), () => []);
  assert.equal((writes[0]!.write as { resource: Resource }).resource.resourceType, 'Bundle');
});
