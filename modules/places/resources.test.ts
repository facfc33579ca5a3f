import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { DEMO_LABEL } from '../../kernel/fhir/systems.ts';
import type { Location, Organization } from '../../kernel/fhir/types.ts';
import { facilityResources, unitResources } from './resources.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const options = { facilities: content.table('demo/facilities'), date: '2026-11-22', security: DEMO_LABEL };
const resources = facilityResources(content, options);
const organizations = resources.filter((each): each is Organization => each.resourceType === 'Organization');
const locations = resources.filter((each): each is Location => each.resourceType === 'Location');

test('each of the 36 units has one station named after it', () => {
  const stations = organizations.filter((each) => each.type?.[0]?.coding?.[0]?.code === 'tram-y-te');
  assert.equal(stations.length, 36);
  assert.equal(
    new Set(stations.map((each) => each.address?.[0]?.extension?.[0]?.valueCoding?.code)).size,
    36,
  );
  const first = stations.find((each) => each.id === 'cs-25D01')!;
  assert.equal(first.name, 'Trạm Y tế phường Vĩnh Yên');
  assert.equal(first.partOf?.reference, 'Organization/so-y-te');
  assert.equal(first.address?.[0]?.text, 'phường Vĩnh Yên, tỉnh Phú Thọ');
});

test('a station has its rooms with departments of the list in force (QĐ 1804/QĐ-BYT)', () => {
  const rooms = locations.filter((each) => each.id?.startsWith('25D01-') && !each.id.includes('-dt-'));
  assert.deepEqual(rooms.map((each) => each.id).sort(), ['25D01-kham', '25D01-thuoc', '25D01-xn']);
  assert.equal(
    rooms.find((each) => each.id === '25D01-kham')?.type?.[0]?.coding?.[0]?.display,
    'Khoa Khám bệnh',
  );
});

test('the 136 former stations are service points, and an inferred one says so', () => {
  const points = locations.filter((each) => each.id?.includes('-dt-'));
  assert.equal(points.length, 136);
  const inferred = points.filter((each) => each.description?.includes('suy luận'));
  assert.equal(inferred.length, 22);
});

test('references lead to resources of the same set', () => {
  const ids = new Set(resources.map((each) => `${each.resourceType}/${each.id}`));
  for (const each of organizations)
    if (each.partOf) assert.ok(ids.has(each.partOf.reference!), each.partOf.reference);
  for (const each of locations) assert.ok(ids.has(each.managingOrganization!.reference!));
  assert.equal(ids.size, resources.length);
});

test('units of today are active, those whose code ended are not, and both lie in their province', () => {
  const units = unitResources(content, options);
  const byId = new Map(units.map((each) => [each.id, each]));
  assert.equal(byId.get('dvhc-08935')?.status, 'active');
  assert.equal(byId.get('dvhc-08935')?.partOf?.reference, 'Location/dvhc-25');
  assert.equal(byId.get('dvhc-08938')?.status, 'inactive');
  assert.equal(byId.get('dvhc-08938')?.partOf?.reference, 'Location/dvhc-26');
  assert.equal(byId.get('dvhc-25')?.status, 'active');
  assert.equal(byId.size, units.length);
});

test('every resource carries the label of test health data', () => {
  for (const each of [...resources, ...unitResources(content, options)]) {
    assert.equal(each.meta?.security?.[0]?.code, 'HTEST');
  }
});
