/** Summaries of many people keep every rule of the International Patient Summary (`rules.testing.ts`). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../../../kernel/fhir/testing.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import { lifeOf, SHARED } from './people.testing.ts';
import { type Document, documentOf, IPS_RULES } from './rules.testing.ts';

const PEOPLE = 50;

let world: FhirWorld;
const summaries: Document[] = [];
before(async () => {
  world = await openFhirWorld();
  for (const resources of [SHARED, ...Array.from({ length: PEOPLE }, (_, n) => lifeOf(n))]) {
    const entry = resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    }));
    const answer = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
    assert.equal(answer.status, 200, answer.text);
  }
  for (let n = 0; n < PEOPLE; n++) summaries.push(await summaryOf(n));
});
after(() => world.stop());

async function summaryOf(n: number, authorization?: string) {
  const answer = await world.send(
    'GET',
    `/fhir/Patient/ips-${n}/$summary`,
    undefined,
    authorization ? { authorization } : {},
  );
  assert.equal(answer.status, 200, answer.text);
  return documentOf(answer.text);
}

for (const [at, { source, rule, faults }] of IPS_RULES.entries()) {
  test(`${at + 1}. ${rule} (${source})`, () => {
    for (const [n, document] of summaries.entries())
      assert.deepEqual(faults(document), [], `Patient/ips-${n}`);
  });
}

test('each rule bites: a document without what it asks for breaks it', () => {
  const others = summaries.slice(4).flatMap(({ bundle }) => bundle.entry!.slice(1));
  const document = { ...summaries[3]!.bundle, entry: [...summaries[3]!.bundle.entry!, ...others] };
  const spoilt = JSON.stringify(document)
    .replaceAll(/"(code|name|_name|vaccineCode|_?birthDate|type|status|performer)":/g, '"x$1":')
    .replaceAll(/"_?(effective|performed|occurrence|timing|medication)([A-Z])/g, '"x$1$2')
    .replaceAll('"resourcexType"', '"resourceType"')
    .replaceAll('"timestamp"', '"xtimestamp"')
    .replaceAll('<div xmlns', '<div data')
    .replaceAll('"PCPR"', '"x"')
    .replaceAll('"reference":"Practitioner/', '"reference":"Practitioner/not-')
    .replaceAll('"date":', '"xdate":');
  const unbroken = IPS_RULES.filter(({ faults }) => faults(documentOf(spoilt)).length === 0);
  const ALONE = 'what stands for "nothing is known" stands alone in its section';
  assert.deepEqual(
    unbroken.map(({ rule }) => rule),
    [ALONE],
  );
  const empty = documentOf(summaries[0]!.text);
  const [section] = empty.composition.section!;
  section!.entry!.push(empty.composition.section![1]!.entry![0]!);
  assert.equal(IPS_RULES.find(({ rule }) => rule === ALONE)!.faults(empty).length, 1);
});

test('the summaries are valid by R4, and nothing in them is made up or of others', async () => {
  for (let n = 0; n < 12; n++) {
    const { bundle, resources } = summaries[n]!;
    const outcome = await world.send('POST', '/fhir/Bundle/$validate', bundle);
    assert.deepEqual(
      outcome.body.issue.filter(({ severity }: { severity: string }) => severity === 'error'),
      [],
      `Patient/ips-${n} ${outcome.text}`,
    );
    const stored = new Map([...SHARED, ...lifeOf(n)].map((one) => [`${one.resourceType}/${one.id}`, one]));
    for (const resource of resources) {
      const name = `${resource.resourceType}/${resource.id}`;
      const isOwn = stored.has(name) || /^[0-9a-f-]{36}$/.test(resource.id!);
      assert.ok(isOwn, `${name} in the summary of ips-${n}`);
      if (stored.has(name)) assertKept(stored.get(name)!, resource);
    }
  }
});

/** Every element of the record that is no reference is as it was. */
function assertKept(stored: Resource, told: Resource): void {
  for (const [name, value] of Object.entries(stored)) {
    if (
      JSON.stringify(value).includes('"reference"') ||
      /^(effective(Instant|Timing)|name|component)$/.test(name)
    )
      continue;
    assert.deepEqual((told as unknown as Record<string, unknown>)[name], value, `${stored.id} ${name}`);
  }
}

test('who may not see optional sections gets a summary without them; without the required ones there is none', async () => {
  const narrow = await world.token(
    'system/Patient.rs system/Condition.rs system/AllergyIntolerance.rs system/MedicationStatement.rs system/MedicationRequest.rs',
  );
  for (let n = 0; n < 20; n++) {
    const document = await summaryOf(n, `Bearer ${narrow}`);
    for (const { faults, rule } of IPS_RULES) assert.deepEqual(faults(document), [], rule);
    const types = new Set(document.resources.map(({ resourceType }) => resourceType));
    assert.ok(!types.has('Observation') && !types.has('Practitioner'), [...types].join(' '));
  }
  const without = await world.token('system/Patient.rs system/Condition.rs');
  const refused = await world.bare('GET', '/fhir/Patient/ips-3/$summary', undefined, {
    authorization: `Bearer ${without}`,
  });
  assert.equal(refused.status, 403);
});
