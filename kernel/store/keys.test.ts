import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Resource } from '../fhir/types.ts';
import { patientOf, shardKey } from './compartment.ts';
import { hash64 } from './hash.ts';
import { idWithin, isId, keyInside, looseId } from './ids.ts';
import { RESOURCE_TYPES, typeName, typeNumber } from './resource-types.ts';
import { type TestDatabase, withDatabase } from './testing.ts';
import { byteas, float8s, instants, int2s, int4s, int8s, parseNumbers, texts } from './wire.ts';

let database: TestDatabase;
before(async () => {
  database = await withDatabase();
});
after(() => database.stop());

test('hash64 is stable: it is what SQL makes of md5, Vietnamese letters included', async () => {
  const samples = ['', 'Patient/a', 'Observation.code|http://loinc.org|8867-4', 'Nguyễn Thị Ánh', '😀'];
  const { rows } = await database.pool.query(
    `select array_agg(('x' || left(md5(s), 16))::bit(64)::bigint::text order by i) as hashes from unnest($1::text[]) with ordinality as u(s, i)`,
    [samples],
  );
  assert.deepEqual(
    samples.map((sample) => hash64(sample).toString()),
    rows[0].hashes,
  );
  assert.equal(hash64('Patient/a'), createHash('md5').update('Patient/a').digest().readBigInt64BE(0));
});

test('an id tells its shard key, for keys of every size, and is a FHIR id', () => {
  for (const key of [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), hash64('Patient/x'), hash64('Patient/y')]) {
    const id = idWithin(key);
    assert.equal(keyInside(id), key);
    assert.equal(id.length, 23);
    assert.equal(isId(id), true);
  }
});

test('ids of other forms carry no key', () => {
  for (const id of [
    '',
    'a',
    looseId(),
    '25D01-kham',
    'z'.repeat(22),
    'z'.repeat(24),
    '_'.repeat(23),
    '.'.repeat(23),
  ]) {
    assert.equal(keyInside(id), null, id);
  }
});

test('a hundred thousand ids differ', () => {
  assert.equal(new Set(Array.from({ length: 100_000 }, () => idWithin(7n))).size, 100_000);
});

test('the 146 resource types of R4 keep their numbers', () => {
  assert.equal(RESOURCE_TYPES.length, 146);
  for (const type of RESOURCE_TYPES) assert.equal(typeName(typeNumber(type)!), type);
  // Rows on disk carry these.
  assert.deepEqual(
    ['Account', 'Encounter', 'Observation', 'Patient', 'VisionPrescription'].map(typeNumber),
    [1, 44, 96, 103, 146],
  );
  assert.equal(typeNumber('Foo'), undefined);
  assert.equal(typeNumber('toString'), undefined);
});

const of = (resource: object) => patientOf(resource as Resource);

test('a resource lies with the person it is about', () => {
  const patient = { reference: 'Patient/an' };
  assert.equal(of({ resourceType: 'Patient', id: 'an' }), 'an');
  assert.equal(of({ resourceType: 'Observation', subject: patient }), 'an');
  assert.equal(of({ resourceType: 'Observation', subject: { reference: 'Patient/an/_history/3' } }), 'an');
  assert.equal(
    of({ resourceType: 'Coverage', beneficiary: patient, subscriber: { reference: 'Patient/me' } }),
    'an',
  );
  assert.equal(of({ resourceType: 'Claim', patient }), 'an');
  assert.equal(of({ resourceType: 'Task', for: patient, owner: { reference: 'Practitioner/x' } }), 'an');
  assert.equal(
    of({
      resourceType: 'Appointment',
      participant: [{ actor: { reference: 'Location/x' } }, { actor: patient }],
    }),
    'an',
  );
  assert.equal(of({ resourceType: 'Account', subject: [{ reference: 'Device/x' }, patient] }), 'an');
  assert.equal(of({ resourceType: 'Provenance', target: [{ reference: 'Observation/x' }, patient] }), 'an');
});

test('a resource about nobody, a group or many lies among the shared ones', () => {
  assert.equal(of({ resourceType: 'Observation', subject: { reference: 'Group/x' } }), null);
  assert.equal(
    of({ resourceType: 'Observation', subject: { reference: 'http://elsewhere/Patient/an' } }),
    null,
  );
  assert.equal(of({ resourceType: 'Observation', subject: { identifier: { value: '1' } } }), null);
  assert.equal(of({ resourceType: 'Group', member: [{ entity: { reference: 'Patient/an' } }] }), null);
  assert.equal(of({ resourceType: 'Person', link: [{ target: { reference: 'Patient/an' } }] }), null);
  assert.equal(of({ resourceType: 'Practitioner' }), null);
  assert.equal(shardKey(null), 0n);
});

test('binary arrays arrive as PostgreSQL would write them', async () => {
  const { rows } = await database.pool.query(
    `select $1::int2[]::text as a, $2::int4[]::text as b, $3::int8[]::text as c, $4::float8[]::text as d,
      $5::timestamptz[]::text as e, $6::text[] as f, $7::bytea[]::text as g, $8::int8[]::text as h, $9::text[]::text as i`,
    [
      int2s([1, -2, 32767]),
      int4s([1, null, -2147483648]),
      int8s([0n, null, -(2n ** 63n), 2n ** 63n - 1n]),
      float8s([0.1, -1e300, Number.POSITIVE_INFINITY]),
      instants([0, null, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1_763_769_600_123]),
      texts(['', null, 'Nguyễn "{,}" \\', 'a\0b']),
      byteas([Buffer.from([0, 255]), null, Buffer.alloc(0)]),
      int8s([]),
      texts([]),
    ],
  );
  assert.deepEqual(rows[0], {
    a: '{1,-2,32767}',
    b: '{1,NULL,-2147483648}',
    c: '{0,NULL,-9223372036854775808,9223372036854775807}',
    d: '{0.1,-1e+300,Infinity}',
    e: '{"1970-01-01 00:00:00+00",NULL,-infinity,infinity,"2025-11-22 00:00:00.123+00"}',
    f: ['', null, 'Nguyễn "{,}" \\', 'a\ufffdb'],
    g: '{"\\\\x00ff",NULL,"\\\\x"}',
    h: '{}',
    i: '{}',
  });
  assert.deepEqual(parseNumbers('{1,NULL,-2.5}'), [1, null, -2.5]);
  assert.deepEqual(parseNumbers('{}'), []);
});
