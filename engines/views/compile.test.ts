/** The compiled part of FHIRPath against the library's evaluator, and what is left to it. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Resource } from '../../kernel/fhir/types.ts';
import {
  pick,
  type Random,
  randomFrom,
  randomResource,
} from '../../kernel/fhir/validation/random.testing.ts';
import { compileView } from './compile.ts';
import { compilePath } from './compile-path.ts';
import { evaluateGenerally } from './evaluate.ts';
import type { ViewDefinition } from './view-table.ts';

const CONTENT = join(import.meta.dirname, '../../content/views');
const VIEWS = globSync('*.json', { cwd: CONTENT }).map(
  (name) => JSON.parse(readFileSync(join(CONTENT, name), 'utf8')) as ViewDefinition,
);

const view = (path: string, resource = 'Patient', where: string[] = []): ViewDefinition => ({
  resourceType: 'ViewDefinition',
  name: 'wobble',
  resource: resource as ViewDefinition['resource'],
  status: 'active',
  where: where.map((one) => ({ path: one })),
  select: [{ column: [{ name: 'wob', path }] }],
});

/** Texts of the views' own literals stand in the resources, so that their `where` finds something. */
function salted(value: unknown, words: string[], random: Random): unknown {
  if (Array.isArray(value)) return value.map((item) => salted(item, words, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      typeof item === 'string' && ['system', 'url', 'code', 'status'].includes(name) && random() < 0.7
        ? pick(random, words)
        : salted(item, words, random),
    ]),
  );
}

/** The library looks at the first reference alone; SQL on FHIR looks at each. One is the same to both. */
function oneReference(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(oneReference);
    return items.some((item) => JSON.stringify(item).includes('"reference"')) ? items.slice(0, 1) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, oneReference(item)]));
}

test('every view of the content is compiled, and answers what the library answers for random resources', () => {
  for (const definition of VIEWS) {
    const random = randomFrom(7);
    const compiled = compileView(definition);
    assert.ok(compiled, definition.name);
    const words = [...JSON.stringify(definition).matchAll(/'([^']+)'/g)].map(([, word]) => word!);
    let rows = 0;
    let filled = 0;
    for (let i = 0; i < 800; i++) {
      const made = randomResource(definition.resource, random, 0.8);
      const resource = oneReference(salted(made, words, random)) as Resource;
      const mine: unknown[][] | undefined = compiled(resource);
      if (mine === undefined) continue;
      const general = evaluateGenerally(definition, resource);
      assert.deepEqual(mine, general, `${definition.name}: ${JSON.stringify(resource)}`);
      rows += mine.length;
      filled += mine.flat().filter((cell) => cell !== null).length;
    }
    assert.ok(rows > 20 && filled > rows / 2, `${definition.name}: ${rows} rows, ${filled} cells`);
  }
});

const ana = {
  resourceType: 'Patient',
  active: true,
  name: [{ family: 'Nguyễn', given: ['Thị', 'An'] }, { family: 'Trần' }],
  identifier: [
    { system: 'a', value: '1' },
    { system: 'b', value: '2' },
  ],
  multipleBirthInteger: 2,
  generalPractitioner: [{ reference: 'Practitioner/p1' }, { reference: 'Organization/o1' }],
  managingOrganization: { reference: 'Organization/o2' },
} as unknown as Resource;

test('paths by the words of the specification', () => {
  const cases: [path: string, expected: unknown[]][] = [
    ['name.family', ['Nguyễn', 'Trần']],
    ['name.first().given', ['Thị', 'An']],
    ['name.given.first()', ['Thị']],
    ["identifier.where(system = 'b').value", ['2']],
    ["identifier.where(system != 'b').value", ['1']],
    ["identifier.where(system='c').value", []],
    ["identifier.where(system = 'b').exists()", [true]],
    ['photo.exists()', [false]],
    ['multipleBirth.ofType(integer)', [2]],
    ['multipleBirth.ofType(boolean)', []],
    ['active = true', [true]],
    ["gender = 'male'", []],
    ['managingOrganization.getReferenceKey(Organization)', ['o2']],
    ['managingOrganization.getReferenceKey()', ['o2']],
    ['managingOrganization.getReferenceKey(Patient)', []],
    ['generalPractitioner.getReferenceKey(Organization)', ['o1']],
  ];
  for (const [path, expected] of cases)
    assert.deepEqual(compilePath(path, 'Patient')!([ana]), expected, path);
});

test('what is outside the compiled part is left to the library', () => {
  const outside = [
    'name.given | name.family',
    'name.where(use = %use)',
    'multipleBirth',
    'nothing.here',
    "name.family + 'x'",
    'name[0].family',
    "identifier.where(value.contains('1'))",
    "identifier.where(system = 'it\\'s')",
    'name.count()',
    '',
    'name.',
    'name family',
  ];
  for (const path of outside) assert.equal(compilePath(path, 'Patient'), null, path);
  assert.equal(compileView({ ...view('gender'), select: [{ forEach: 'name', column: [] }] }), null);
  assert.equal(
    compileView({
      ...view('gender'),
      select: [{ column: [{ name: 'wob', path: 'name.family', collection: true }] }],
    }),
    null,
  );
});

test('data that the compiled part cannot judge is left to the library: several values, references of other forms', () => {
  assert.equal(compileView(view('name.family'))!(ana), undefined);
  const far = {
    ...ana,
    managingOrganization: { reference: 'http://elsewhere/fhir/Organization/o2' },
  } as Resource;
  assert.equal(compileView(view('managingOrganization.getReferenceKey(Organization)'))!(far), undefined);
});

test('a resource that the where refuses gives no row', () => {
  assert.deepEqual(compileView(view('gender', 'Patient', ['active = true']))!(ana), [[null]]);
  assert.deepEqual(compileView(view('gender', 'Patient', ['active = false']))!(ana), []);
  assert.deepEqual(compileView(view('gender', 'Patient', ["gender = 'male'"]))!(ana), []);
});
