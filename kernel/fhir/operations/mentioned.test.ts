import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMentioned, type Mentioned } from './mentioned.ts';

const namesIn = (resource: object) => {
  const found = new Map<string, Mentioned>();
  addMentioned(Buffer.from(JSON.stringify(resource)), found);
  return [...found.keys()].sort();
};

test('references and kept attachments by type and id, each once, versions aside', () => {
  assert.deepEqual(
    namesIn({
      reference: 'Patient/a',
      subject: { reference: 'Patient/a', display: 'Bà Đỗ Thị Ánh' },
      performer: [{ reference: 'Practitioner/b-1' }, { reference: 'Practitioner/b-1/_history/3' }],
      content: [{ attachment: { url: 'Binary/c.2' } }],
    }),
    ['Binary/c.2', 'Patient/a', 'Practitioner/b-1'],
  );
});

test('nothing else: contained, absolute, other members, letters inside of texts', () => {
  assert.deepEqual(
    namesIn({
      subject: { reference: '#p' },
      author: [{ reference: 'http://example.org/fhir/Patient/a' }, { reference: 'urn:uuid:1' }],
      preference: 'Patient/a',
      note: [{ text: '"reference":"Patient/x" và "url":"Binary/y", Binary/z' }],
      url: 'http://example.org/Binary/1',
      valueUri: 'Binary/2',
    }),
    [],
  );
  assert.deepEqual(namesIn({}), []);
});
