/** The document by itself: its structure by OpenAPI 3.1, its schemas by R4's examples. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { OPERATIONS } from '../../../main/operations.ts';
import { supportedIncludes, supportedSearchParameters } from '../../store/search/index.ts';
import { validateResource } from '../validation/index.ts';
import { openApiDocument } from './document.ts';

// biome-ignore lint/suspicious/noExplicitAny: the document is walked as plain JSON
type Json = any;

const parts = {
  searchParameters: supportedSearchParameters,
  includes: supportedIncludes,
  software: { version: '0.1.0', started: '2026-01-01T00:00:00Z' },
  operations: OPERATIONS,
  topics: () => [],
  supportedProfiles: () => [],
};
const whole: Json = JSON.parse(JSON.stringify(openApiDocument(parts)));
const ofPatient: Json = JSON.parse(JSON.stringify(openApiDocument(parts, ['Patient'])));

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
const at = (document: Json, ref: string): Json =>
  ref
    .replace('#/', '')
    .split('/')
    .reduce((node, step) => node?.[step], document);

for (const [name, document] of [
  ['whole', whole],
  ['of one type', ofPatient],
] as const) {
  test(`the document ${name} is one of OpenAPI 3.1: fields, names of components, references`, () => {
    assert.equal(document.openapi, '3.1.0');
    assert.ok(document.info.title && document.info.version);
    for (const list of Object.values(document.components) as object[])
      for (const key of Object.keys(list)) assert.match(key, /^[a-zA-Z0-9._-]+$/);
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!);
    for (const ref of new Set(refs)) assert.ok(at(document, ref), `${ref} leads nowhere`);
    const used = new Set(refs);
    for (const schema of Object.keys(document.components.schemas))
      assert.ok(
        used.has(`#/components/schemas/${schema}`) || schema.startsWith('search.'),
        `${schema} is used nowhere`,
      );
  });

  test(`each operation of the document ${name} has an id of its own, its path's parameters, answers and scopes that are declared`, () => {
    const ids = new Set<string>();
    const scopes = document.components.securitySchemes.oauth2.flows.clientCredentials.scopes;
    for (const [path, item] of Object.entries(document.paths) as [string, Json][]) {
      assert.ok(path.startsWith('/') && Object.keys(item).length > 0, path);
      for (const [method, operation] of Object.entries(item) as [string, Json][]) {
        const where = `${method} ${path}`;
        assert.ok(METHODS.includes(method), where);
        assert.ok(!ids.has(operation.operationId), `${where}: ${operation.operationId} is there twice`);
        ids.add(operation.operationId);
        const parameters = (operation.parameters ?? []).map((one: Json) =>
          one.$ref ? at(document, one.$ref) : one,
        );
        const names = parameters.map((one: Json) => `${one.in} ${one.name}`);
        assert.equal(new Set(names).size, names.length, `${where}: ${names}`);
        const inPath = parameters.filter((one: Json) => one.in === 'path');
        assert.deepEqual(
          inPath.map((one: Json) => one.name).toSorted(),
          [...path.matchAll(/\{(\w+)\}/g)].map(([, one]) => one!).toSorted(),
          where,
        );
        for (const one of parameters)
          assert.ok(one.schema && one.description && ['query', 'path', 'header'].includes(one.in), where);
        for (const one of inPath) assert.equal(one.required, true, where);
        assert.ok(Object.keys(operation.responses).length > 0, where);
        for (const [status, response] of Object.entries(operation.responses) as [string, Json][]) {
          assert.match(status, /^[1-5]\d\d$/);
          assert.ok((response.$ref ? at(document, response.$ref) : response).description, where);
        }
        if (method === 'get') assert.equal(operation.requestBody, undefined, where);
        for (const need of operation.security ?? [])
          for (const scope of need.oauth2 ?? [])
            assert.ok(Object.hasOwn(scopes, scope), `${where}: ${scope}`);
      }
    }
  });
}

test('every search parameter and operation that is announced is in it', () => {
  for (const { name, documentation } of OPERATIONS.flatMap(({ parameters }) => parameters))
    assert.ok(documentation.en && documentation.vi, name);
  const { parameters } = whole.paths['/Observation'].get;
  const names = parameters.map((one: Json) => at(whole, one.$ref).name);
  for (const { name } of supportedSearchParameters('Observation')) assert.ok(names.includes(name), name);
  for (const { name, resource, at: levels } of OPERATIONS) {
    const types = resource.includes('Resource') ? ['Patient'] : resource;
    if (levels.includes('system')) assert.ok(whole.paths[`/$${name}`], name);
    for (const type of types) {
      assert.equal(
        levels.includes('type'),
        whole.paths[`/${type}/$${name}`] !== undefined,
        `${type} ${name}`,
      );
      assert.equal(
        levels.includes('instance'),
        whole.paths[`/${type}/{id}/$${name}`] !== undefined,
        `${type} ${name}`,
      );
    }
  }
});

const require = createRequire(import.meta.url);
const Ajv = createRequire(require.resolve('fastify'))('ajv/dist/2020').default;
const ajv = new Ajv({ strict: false, logger: false });
ajv.addSchema({ $id: 'openapi', components: whole.components });
const validatorOf = (type: string) => ajv.getSchema(`openapi#/components/schemas/${type}`);

test('R4’s own examples are valid by the schemas of their types, as they are when they are written', () => {
  const folder = dirname(require.resolve('hl7.fhir.r4.examples/package.json'));
  const seen = new Map<string, number>();
  for (const file of readdirSync(folder).sort()) {
    const type = file.split('-')[0]!;
    if (!file.endsWith('.json') || !whole.paths[`/${type}`] || (seen.get(type) ?? 0) >= 5) continue;
    seen.set(type, (seen.get(type) ?? 0) + 1);
    const resource = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    // Some examples break R4's own definitions.
    if (validateResource(resource).length > 0) continue;
    const validate = validatorOf(type);
    assert.ok(validate(resource), `${file}: ${JSON.stringify(validate.errors?.slice(0, 2))}`);
  }
  assert.ok(seen.size > 130, `${seen.size} types have examples`);
});

test('what R4 does not allow is not valid by the schemas either', () => {
  const good = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, valueString: 'y' };
  const validate = validatorOf('Observation');
  assert.ok(validate(good));
  for (const wrong of [
    { colour: 'red' },
    { status: 'finished' },
    { status: undefined },
    { code: undefined },
    { valueString: 1 },
    { category: {} },
    { category: [] },
    { effectiveDateTime: 'yesterday' },
    { resourceType: 'Patient' },
  ])
    assert.ok(!validate(JSON.parse(JSON.stringify({ ...good, ...wrong }))), JSON.stringify(wrong));
  const extended = {
    ...good,
    status: undefined,
    _status: { extension: [{ url: 'http://x', valueCode: 'masked' }] },
  };
  assert.ok(
    validate(JSON.parse(JSON.stringify(extended))),
    'a required primitive may come by its extensions alone',
  );
});
