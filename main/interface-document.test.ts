/** The document of every address, against the tables that it is made of and what OpenAPI 3.1 asks. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerSchemas } from './generate-answers.ts';
import { addressOf, interfaceDocument } from './interface-document.ts';
import { readInterface } from './interface-route.ts';

const tables = readInterface();
const document = interfaceDocument(tables, '1');
const resolved = (ref: string) =>
  ref
    .split('/')
    .slice(1)
    .reduce((node, name) => (node as Record<string, unknown>)[name] as object, document as object);

test('every row of endpoints.csv is described: method, path, who, parameters, answers', () => {
  for (const { path = '', methods = '', who = '', why = '' } of tables.endpoints) {
    for (const method of methods.split(' ')) {
      const operation = document.paths[addressOf(path)]?.[method.toLowerCase()];
      assert.ok(operation, `${method} ${path}`);
      assert.deepEqual(operation['x-yba-who'], who.split(' '));
      assert.equal(operation.summary, why);
      const parameters = (operation.parameters ?? []) as { name: string; in: string; required?: boolean }[];
      const inPath = parameters.filter((one) => one.in === 'path');
      assert.deepEqual(
        inPath.map(({ name }) => `{${name}}`),
        [...addressOf(path).matchAll(/\{\w+\}/g)].map(([name]) => name),
        `${method} ${path}`,
      );
      assert.ok(inPath.every(({ required }) => required));
      const answers = operation.responses as Record<string, { $ref?: string; description?: string }>;
      assert.equal(answers['401'] !== undefined, !who.split(' ').includes('anyone'), path);
      for (const answer of Object.values(answers)) {
        const told = answer.$ref === undefined ? answer : (resolved(answer.$ref) as typeof answer);
        assert.ok((told.description ?? '').length > 3, `${method} ${path}`);
      }
      if (['POST', 'PUT', 'PATCH'].includes(method)) assert.ok(operation.requestBody, `${method} ${path}`);
    }
  }
});

test('operations have names of their own, and what an address takes is said of an address that there is', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const names = operations.map(({ operationId }) => operationId);
  assert.equal(new Set(names).size, names.length);
  const known = new Set(
    tables.endpoints.flatMap(({ path, methods = '' }) => methods.split(' ').map((one) => `${one} ${path}`)),
  );
  assert.deepEqual(
    tables.inputs.map(({ method, path }) => `${method} ${path}`).filter((name) => !known.has(name)),
    [],
  );
  assert.ok(tables.inputs.length > 140);
});

/** A route that states its parameters where it stands: `app.get<{ Querystring: { q?: string } }>('/api/…'`. */
const STATED = /\.(get|post|put|patch|delete)<\{([^()]*?)\}>\(\s*'(\/api\/[^']+)'/g;
const NAMES = /(Querystring|Body): \{([^{}]*)\}/g;

test('what a route states as its query and its body is told', () => {
  const root = join(import.meta.dirname, '..');
  const told = new Map(tables.inputs.map((row) => [`${row.method} ${row.path}`, row]));
  let stated = 0;
  for (const file of globSync('{modules,kernel,engines}/**/*.ts', { cwd: root })) {
    if (file.endsWith('.test.ts')) continue;
    for (const [, method = '', types = '', path] of readFileSync(join(root, file), 'utf8').matchAll(STATED)) {
      for (const [, kind, members = ''] of types.matchAll(NAMES)) {
        const row = told.get(`${method.toUpperCase()} ${path}`);
        const known = ((kind === 'Body' ? row?.body : row?.query) ?? '').split(' ');
        for (const [, name] of members.matchAll(/(\w+)\??:/g)) {
          stated += 1;
          assert.ok(
            known.includes(name!),
            `endpoint-inputs.csv does not tell ${kind} ${name} of ${method} ${path}`,
          );
        }
      }
    }
  }
  assert.ok(stated > 20, String(stated));
});

test('answers are told by the types that handlers state, and the file of them is that of the sources', () => {
  const schemas = answerSchemas(join(import.meta.dirname, '..'));
  assert.equal(
    JSON.stringify(tables.answers),
    JSON.stringify(schemas),
    'the types of answers have changed: node main/generate-answers.ts',
  );
  const known = new Set(
    tables.endpoints.flatMap(({ path, methods = '' }) => methods.split(' ').map((one) => `${one} ${path}`)),
  );
  const told = Object.keys(schemas).filter((name) => known.has(name));
  assert.ok(told.length > 40, String(told.length));
  const papers = document.paths['/api/documents/people/{patient}/papers']!.get!.responses as Record<
    string,
    { content: Record<string, { schema: { properties: { rows: { items: { properties: object } } } } }> }
  >;
  const { rows } = papers['200']!.content['application/json']!.schema.properties;
  assert.ok('number' in rows.items.properties && 'state' in rows.items.properties);
});
