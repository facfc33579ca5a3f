/** Views compiled: against the library's evaluator on random resources, and what is refused before the first row. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { evalSqlOnFhir } from '@medplum/core';
import { Failure } from '../../kernel/failure.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import {
  pick,
  type Random,
  randomFrom,
  randomResource,
} from '../../kernel/fhir/validation/random.testing.ts';
import { compileView } from './compile.ts';
import type { ViewDefinition, ViewSelect } from './view-table.ts';

const CONTENT = join(import.meta.dirname, '../../content/views');
const VIEWS = globSync('*.json', { cwd: CONTENT }).map(
  (name) => JSON.parse(readFileSync(join(CONTENT, name), 'utf8')) as ViewDefinition,
);
const SEED = Number(process.env.YBA_SEED ?? 20261122);

const viewOf = (select: ViewSelect[], more: Partial<ViewDefinition> = {}): ViewDefinition => ({
  resourceType: 'ViewDefinition',
  name: 'wobble',
  resource: 'Patient',
  status: 'active',
  select,
  ...more,
});
const columnOf = (path: string, more: object = {}): ViewSelect => ({
  column: [{ name: 'wob', path, ...more }],
});

const SALTED = ['system', 'url', 'code', 'status', 'use'];
/** Only where the view says what they must be. */
const SALTED_WHERE_SAID = ['questionnaire', 'linkId'];

/**
 * What a view's own literals say of an element: what it must equal, or else any of them. What it must not be is left to chance,
 * which gives it now and then.
 */
function wordsOf(view: ViewDefinition): Map<string, string[]> {
  const text = JSON.stringify(view);
  const all = [...text.matchAll(/'([^']+)'/g)].map(([, word]) => word!);
  const compared = [
    ...text.matchAll(/(\w+) (!?=) '([^']+)'/g),
    ...[...text.matchAll(/(\w+)\.startsWith\('([^']+)'\)/g)].map(([whole, name, word]) => [
      whole,
      name,
      '=',
      word,
    ]),
  ];
  return new Map(
    [...SALTED, ...SALTED_WHERE_SAID].flatMap((name): [string, string[]][] => {
      const own = compared.filter(([, element]) => element === name);
      const wanted = own.filter(([, , operator]) => operator === '=').map(([, , , word]) => word!);
      if (own.length > 0) return wanted.length > 0 ? [[name, wanted]] : [];
      if (SALTED_WHERE_SAID.includes(name)) return [];
      return [[name, all.length > 0 ? all : ['x']]];
    }),
  );
}

/** Texts of the views' own literals stand in the resources, so that their `where` finds something. */
function salted(value: unknown, words: ReadonlyMap<string, string[]>, random: Random): unknown {
  if (Array.isArray(value)) return value.map((item) => salted(item, words, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const own = typeof item === 'string' && random() < 0.7 ? words.get(name) : undefined;
      return [name, own ? pick(random, own) : salted(item, words, random)];
    }),
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

/** The second implementation: rows by name, an absent value as null. */
function byLibrary(view: ViewDefinition, resource: Resource): unknown[][] {
  const rows = evalSqlOnFhir(view as never, [resource]) as Record<string, unknown>[];
  return rows.map((row) => compileView(view).columns.map(({ name }) => row[name] ?? null));
}

/** @param least further resources are tried, up to tenfold, until so many rows are there */
function compareOn(
  view: ViewDefinition,
  count: number,
  seed: number,
  least = 0,
): { rows: number; filled: number } {
  const random = randomFrom(seed);
  const words = wordsOf(view);
  let rows = 0;
  let filled = 0;
  for (let i = 0; i < count || (rows < least && i < 10 * count); i++) {
    const made = randomResource(view.resource, random, 0.8);
    const resource = oneReference(salted(made, words, random)) as Resource;
    let mine: unknown[][];
    try {
      mine = compileView(view).rows(resource);
    } catch (error) {
      // Several values where one is due: the library says so, too.
      assert.ok(error instanceof Failure);
      assert.throws(() => byLibrary(view, resource), `seed ${seed}: ${error.message}`);
      continue;
    }
    assert.deepEqual(
      mine,
      byLibrary(view, resource),
      `seed ${seed}, ${JSON.stringify(view.select)}: ${JSON.stringify(resource)}`,
    );
    rows += mine.length;
    filled += mine.flat().filter((cell) => cell !== null).length;
  }
  return { rows, filled };
}

test('the views of the content give what the library gives, on random resources', (context) => {
  context.diagnostic(`YBA_SEED=${SEED}`);
  for (const view of VIEWS) {
    const { rows, filled } = compareOn(view, 500, SEED, 25);
    assert.ok(rows >= 25 && filled > rows / 2, `${view.name}: ${rows} rows, ${filled} cells`);
  }
});

/** Parts of views that both implementations know; the library has no two forEach on one level and no unions in order. */
const FOCI: [resource: ViewDefinition['resource'], path: string, columns: string[]][] = [
  ['Patient', 'name', ['family', 'given.first()', 'use', "given.join(', ')", 'period.start']],
  ['Patient', 'contact.telecom', ['system', 'value', 'rank', 'period.exists()']],
  ['Patient', "identifier.where(use = 'usual')", ['value', 'type.coding.first().code', "system = 'usual'"]],
  [
    'Observation',
    'component',
    ['code.coding.code.first()', 'value.ofType(Quantity).value', 'interpretation.empty()'],
  ],
  [
    'Encounter',
    'location',
    ['location.getReferenceKey(Location)', 'status', "status = 'active' or status = 'planned'"],
  ],
  [
    'Encounter',
    'diagnosis',
    ['rank', 'rank > 1', 'use.coding.exists() and rank.exists()', '(rank = 1).not()'],
  ],
  [
    'Condition',
    'stage',
    ['summary.text', 'assessment.exists()', 'type.coding.where(code = %c).display.first()'],
  ],
  [
    'Questionnaire',
    'item',
    ['linkId', 'required', "type = 'group' and required = true", 'item.linkId.first()'],
  ],
];

test('forEach, forEachOrNull and columns of every kind give what the library gives, on random resources', (context) => {
  context.diagnostic(`YBA_SEED=${SEED}`);
  let rows = 0;
  for (const [resource, path, paths] of FOCI) {
    for (const way of ['forEach', 'forEachOrNull'] as const) {
      const column = paths.map((one, at) => ({ name: `c${at}`, path: one }));
      const view = viewOf([{ column: [{ name: 'id', path: 'getResourceKey()' }] }, { [way]: path, column }], {
        resource,
        constant: [{ name: 'c', valueCode: 'usual' }],
      });
      rows += compareOn(view, 120, SEED).rows;
    }
  }
  assert.ok(rows > 1_000, `${rows} rows`);
});

const ana = {
  resourceType: 'Patient',
  id: 'ana',
  active: true,
  name: [{ family: 'Nguyễn', given: ['Thị', 'An'] }, { family: 'Trần' }],
  contact: [{ name: { family: 'Lê' } }],
} as unknown as Resource;

test('two forEach on one level multiply; unions follow each other; empty foci give one row of nulls', () => {
  const crossed = viewOf([
    { forEach: 'name', column: [{ name: 'a', path: 'family' }] },
    { forEach: 'name', column: [{ name: 'b', path: 'family' }] },
  ]);
  assert.equal(compileView(crossed).rows(ana).length, 4);
  const united = viewOf([
    {
      column: [{ name: 'id', path: 'id' }],
      unionAll: [
        { forEach: 'name', ...columnOf('family') },
        { forEach: 'contact.name', ...columnOf('family') },
      ],
    },
  ]);
  assert.deepEqual(compileView(united).rows(ana), [
    ['ana', 'Nguyễn'],
    ['ana', 'Trần'],
    ['ana', 'Lê'],
  ]);
  const none = viewOf([
    {
      forEachOrNull: 'photo',
      column: [
        { name: 'a', path: "'x'" },
        { name: 'b', path: 'title' },
      ],
    },
  ]);
  assert.deepEqual(compileView(none).rows(ana), [[null, null]]);
  assert.deepEqual(compileView(viewOf([columnOf('name.given', { collection: true })])).rows(ana), [
    [['Thị', 'An']],
  ]);
});

test('repeat goes down a tree of any depth, parents first', () => {
  const form = {
    resourceType: 'QuestionnaireResponse',
    item: [
      { linkId: '1', item: [{ linkId: '1.1', answer: [{ item: [{ linkId: '1.1.1' }] }] }] },
      { linkId: '2' },
    ],
  } as unknown as Resource;
  const view = viewOf([{ repeat: ['item', 'answer.item'], ...columnOf('linkId') }], {
    resource: 'QuestionnaireResponse',
  });
  assert.deepEqual(compileView(view).rows(form).flat(), ['1', '1.1', '1.1.1', '2']);
});

function refused(view: unknown, place: RegExp): void {
  assert.throws(
    () => compileView(view as ViewDefinition),
    (error) =>
      error instanceof Failure &&
      error.status === 422 &&
      place.test(error.message) &&
      error.issues[0]!.text.length > 20,
    `not refused as ${place}`,
  );
}

test('an invalid view is refused before the first resource, with its place', () => {
  refused({}, /ViewDefinition\.resource/);
  refused(viewOf([columnOf('id')], { resource: 'Wobble' as never }), /resource type of R4/);
  refused(viewOf([]), /ViewDefinition\.select needs/);
  refused(viewOf('x' as never), /ViewDefinition\.select must be a list/);
  refused(viewOf([{}]), /select\[0\] has no column/);
  refused(viewOf([{ column: [{ name: 'a b', path: 'id' }] }]), /"a b" is no column name/);
  refused(viewOf([columnOf('id'), columnOf('id')]), /two columns named "wob"/);
  refused(
    viewOf([{ forEach: 'name', forEachOrNull: 'name', ...columnOf('family') }]),
    /one of forEach, forEachOrNull/,
  );
  refused(viewOf([columnOf('name.wobble')]), /names "wobble", which HumanName does not have/);
  refused(viewOf([columnOf('multipleBirth.ofType(string)')]), /no type of Patient\.multipleBirth/);
  refused(viewOf([columnOf('birthDate', { type: 'integer' })]), /is integer, but the path gives date/);
  refused(viewOf([columnOf('id')], { where: [{ path: 'gender' }] }), /must give true or false/);
  refused(
    viewOf([columnOf('id')], { constant: [{ name: 'a', valueString: 'x', valueCode: 'y' }] }),
    /exactly one/,
  );
  refused(
    viewOf([{ unionAll: [columnOf('id'), { column: [{ name: 'other', path: 'id' }] }] }]),
    /unionAll\[1\] must have/,
  );
  let deep: ViewSelect = columnOf('id');
  for (let i = 0; i < 30; i++) deep = { select: [deep] };
  refused(viewOf([deep]), /nested more than 20 deep/);
  refused(
    viewOf([{ column: Array.from({ length: 1_001 }, (_, at) => ({ name: `c${at}`, path: 'id' })) }]),
    /more than 1000 columns/,
  );
});

test('a where that finds something else than true or false, and several values in a column, are named with the resource at hand', () => {
  const fails = (view: ViewDefinition, what: RegExp) =>
    assert.throws(() => compileView(view).rows(ana), what);
  fails(viewOf([columnOf('name.family')]), /"wob" gives 2 values/);
  fails(
    viewOf([columnOf('id')], { where: [{ path: 'iif(active, id, active)' }] }),
    /must give true or false/,
  );
});

test('views that do not end or explode are stopped within the bounds of one resource', () => {
  const many = {
    resourceType: 'Patient',
    name: Array.from({ length: 400 }, () => ({ family: 'a' })),
  } as unknown as Resource;
  const stopped = (view: ViewDefinition) =>
    assert.throws(
      () => compileView(view).rows(many),
      (error) =>
        error instanceof Failure && error.code === 'too-large' && /narrow|bound|end/.test(error.message),
    );
  stopped(viewOf([{ repeat: ['$this'], ...columnOf('family') }]));
  const cross = ['a', 'b', 'c'].map((name) => ({ forEach: 'name', column: [{ name, path: 'family' }] }));
  stopped(viewOf(cross));
  stopped(
    viewOf([
      { forEach: 'name', select: [columnOf("'a'")] },
      { forEach: 'name', column: [{ name: 'b', path: 'family' }] },
      { forEach: 'name', column: [{ name: 'c', path: 'family' }] },
    ]),
  );
});

test('what looks beyond the resource, or at all of it again and again, is not offered to views', () => {
  const refused: [string, RegExp][] = [
    ["name.where(family.matches('(a+)+$'))", /matches\(\), which is not offered here or may run without end/],
    ['name.combine(name)', /combine\(\)/],
    ['descendants().descendants()', /descendants\(\)/],
    ["name.family.replace('a', 'aaaa')", /replace\(\)/],
    ['name.aggregate($total + 1)', /aggregate\(\)/],
    ['name.where($index = 1)', /\$index/],
    ['managingOrganization.resolve()', /resolve\(\)/],
    ['now() > birthDate', /now\(\)/],
    ['%resource.name', /%resource, which is declared nowhere/],
    ["gender.memberOf('http://x')", /memberOf\(\)/],
  ];
  for (const [path, what] of refused)
    assert.throws(
      () => compileView(viewOf([columnOf(path)])),
      (error) => error instanceof Failure && error.status === 422 && what.test(error.message),
      path,
    );
});
