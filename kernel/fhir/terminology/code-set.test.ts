import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openContent } from '../../content/content.ts';
import { baseSystem, baseValueSet } from './base-codes.ts';
import { type CodeSet, codeSetOf, type Sources, type ValueSetJson } from './code-set.ts';
import { storedSystem } from './stored-system.ts';
import type { CodeSystemView } from './system.ts';
import { openTerminology } from './terminology.ts';

const terminology = openTerminology(openContent(join(import.meta.dirname, '../../../content')));

/** A tree with a property: con vật > thú > (chó > cún), mèo; chim. */
const ANIMALS = storedSystem({
  url: 'http://example.org/con-vat',
  version: '1',
  content: 'complete',
  concept: [
    {
      code: 'con-vat',
      display: 'Con vật',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'thu',
          display: 'Thú',
          concept: [
            {
              code: 'cho',
              display: 'Chó',
              property: [{ code: 'tieng', valueString: 'gâu' }],
              concept: [{ code: 'cun', display: 'Chó con' }],
            },
            { code: 'meo', display: 'Mèo', property: [{ code: 'tieng', valueCoding: { code: 'meo' } }] },
          ],
        },
        { code: 'chim', display: 'Chim', property: [{ code: 'status', valueCode: 'retired' }] },
      ],
    },
  ],
})!;
const CASELESS = storedSystem({
  url: 'http://example.org/hoa',
  caseSensitive: false,
  concept: [{ code: 'Ab' }],
})!;
const SYSTEMS = new Map<string, CodeSystemView>([ANIMALS, CASELESS].map((one) => [one.url, one]));
const SETS = new Map<string, ValueSetJson>();

class Asked extends Error {}

function sources(path: readonly string[] = []): Sources {
  return {
    async valueSet(url) {
      if (path.includes(url)) throw new Asked(`loop ${url}`);
      return codeSetOf(SETS.get(url)!, sources([...path, url]));
    },
    system: async (url) =>
      SYSTEMS.get(url) ?? terminology.system(url, '2026-11-22') ?? baseSystem(url) ?? undefined,
    refuse: (system, filter) => new Asked(`refused ${system} ${filter}`),
    tooMany: (most) => new Asked(`more than ${most}`),
  };
}

const composed = (include: object[], exclude: object[] = [], more: object = {}): Promise<CodeSet> =>
  codeSetOf({ compose: { include, exclude, ...more } }, sources());
const codes = (set: CodeSet, text?: string) => set.members(text).map(({ code }) => code);
const filtered = async (property: string, op: string, value: string) => {
  const set = await composed([{ system: ANIMALS.url, filter: [{ property, op, value }] }]);
  const listed = codes(set);
  for (const code of ANIMALS.codes()) assert.equal(set.has(ANIMALS.url, code), listed.includes(code), code);
  return listed;
};

describe('filters (R4 valueset-filter-operator)', () => {
  const cases: [string, string, string, string[]][] = [
    ['concept', 'is-a', 'thu', ['thu', 'cho', 'cun', 'meo']],
    ['concept', 'descendent-of', 'thu', ['cho', 'cun', 'meo']],
    ['concept', 'is-not-a', 'thu', ['con-vat', 'chim']],
    ['concept', 'generalizes', 'cun', ['con-vat', 'thu', 'cho', 'cun']],
    ['concept', 'in', 'cho, chim', ['cho', 'chim']],
    ['concept', 'not-in', 'con-vat,thu,cho,cun', ['meo', 'chim']],
    ['tieng', '=', 'gâu', ['cho']],
    ['tieng', '=', 'meo', ['meo']],
    ['tieng', 'exists', 'true', ['cho', 'meo']],
    ['tieng', 'exists', 'false', ['con-vat', 'thu', 'cun', 'chim']],
    ['parent', '=', 'thu', ['cho', 'meo']],
    ['child', '=', 'cun', ['cho']],
    ['inactive', '=', 'true', ['chim']],
    ['code', 'regex', 'c.*', ['con-vat', 'cho', 'cun', 'chim']],
    ['code', 'regex', 'ho', []],
    ['display', 'regex', 'Chó( con)?', ['cho', 'cun']],
  ];
  for (const [property, op, value, expected] of cases)
    test(`${property} ${op} ${value}`, async () =>
      assert.deepEqual(await filtered(property, op, value), expected));

  test('a pattern that does not end is refused in time, so are others that are none', async () => {
    const long = storedSystem({ url: 'http://example.org/dai', concept: [{ code: `${'a'.repeat(60)}b` }] })!;
    SYSTEMS.set(long.url, long);
    for (const value of ['(a|a)*', '(a+)+', '(', 'a'.repeat(600)]) {
      await assert.rejects(
        composed([{ system: long.url, filter: [{ property: 'code', op: 'regex', value }] }]),
        /refused/,
        value,
      );
    }
  });

  test('a property that a stored system does not have is refused; one that it declares, or that concepts have, is not', async () => {
    const by = (property: string) =>
      composed([{ system: ANIMALS.url, filter: [{ property, op: '=', value: '1' }] }]);
    await assert.rejects(by('mau-long'), /refused/);
    for (const known of ['tieng', 'status', 'display', 'parent'])
      assert.deepEqual(codes(await by(known)), []);
  });

  test('an unknown operator, and a filter on a system that is not here, are refused', async () => {
    await assert.rejects(
      composed([{ system: ANIMALS.url, filter: [{ property: 'a', op: 'near', value: '1' }] }]),
      /refused/,
    );
    await assert.rejects(
      composed([{ system: 'http://nowhere', filter: [{ property: 'concept', op: 'is-a', value: '1' }] }]),
      /refused/,
    );
  });
});

describe('compositions (R4 valueset.html#compositions)', () => {
  test('includes are joined, conditions of one include all hold, excludes go', async () => {
    const set = await composed(
      [
        { system: ANIMALS.url, concept: [{ code: 'cho' }, { code: 'meo' }] },
        { system: ANIMALS.url, filter: [{ property: 'concept', op: 'is-a', value: 'cho' }] },
      ],
      [{ system: ANIMALS.url, concept: [{ code: 'meo' }] }],
    );
    assert.deepEqual(codes(set), ['cho', 'cun']);
    assert.ok(!set.has(ANIMALS.url, 'meo'));
  });

  test('several value sets of one include are an intersection, of several includes a union', async () => {
    SETS.set('a', {
      compose: { include: [{ system: ANIMALS.url, concept: [{ code: 'cho' }, { code: 'meo' }] }] },
    });
    SETS.set('b', {
      compose: { include: [{ system: ANIMALS.url, concept: [{ code: 'meo' }, { code: 'chim' }] }] },
    });
    assert.deepEqual(codes(await composed([{ valueSet: ['a', 'b'] }])), ['meo']);
    assert.deepEqual(codes(await composed([{ valueSet: ['a'] }, { valueSet: ['b'] }])), [
      'cho',
      'meo',
      'chim',
    ]);
    const both = await composed([
      { system: ANIMALS.url, filter: [{ property: 'concept', op: 'is-a', value: 'thu' }], valueSet: ['b'] },
    ]);
    assert.deepEqual(codes(both), ['meo']);
  });

  test('inactive: false leaves out what is not used any more', async () => {
    const set = await composed([{ system: ANIMALS.url }], [], { inactive: false });
    assert.ok(!codes(set).includes('chim') && !set.has(ANIMALS.url, 'chim') && set.has(ANIMALS.url, 'cho'));
  });

  test('a list of names counts before the system; what was typed is folded, and found in both', async () => {
    const set = await composed([
      { system: ANIMALS.url, concept: [{ code: 'cho', display: 'Cầy' }, { code: 'meo' }] },
    ]);
    assert.deepEqual(codes(set, 'cay'), ['cho']);
    assert.deepEqual(codes(set, 'MEO'), ['meo']);
    assert.deepEqual(codes(await composed([{ system: ANIMALS.url }]), 'cho'), ['cho', 'cun']);
  });

  test('a whole system that is not known has members that cannot be listed', async () => {
    const set = await composed([{ system: 'http://nowhere' }]);
    assert.ok(set.has('http://nowhere', 'x') && !set.has('http://other', 'x'));
    assert.throws(() => set.members(), /refused/);
  });

  test('a stored expansion without compose is taken as it is, abstract entries are no codes', async () => {
    const set = await codeSetOf(
      {
        expansion: {
          contains: [{ system: 's', code: 'g', abstract: true, contains: [{ system: 's', code: 'x' }] }],
        },
      },
      sources(),
    );
    assert.deepEqual(codes(set), ['x']);
    assert.ok(!set.has('s', 'g'));
  });

  test('a system without case answers in its own spelling', () => {
    assert.equal(CASELESS.concept('aB')?.code, 'Ab');
    assert.ok(ANIMALS.has('cho') && !ANIMALS.has('CHO'));
  });
});

describe('lists of the content as code systems', () => {
  const icd = terminology.system('http://hl7.org/fhir/sid/icd-10', '2026-11-22')!;
  test('ICD-10 lies below itself by its codes, whatever list holds them', async () => {
    assert.deepEqual(icd.parents('E11.9'), ['E11']);
    assert.ok(icd.children('E11').includes('E11.9'));
    assert.ok(icd.isBelow('E11.9', 'E11') && !icd.isBelow('E11', 'E11.9') && icd.isBelow('E11.99', 'E11'));
    const set = await composed([
      {
        system: icd.url,
        filter: [
          { property: 'sex', op: '=', value: 'F' },
          { property: 'concept', op: 'is-a', value: 'O80' },
        ],
      },
    ]);
    assert.ok(codes(set).includes('O80.0') && codes(set).every((code) => code.startsWith('O80')));
  });

  test('a list stands as it was on the day: codes to come are not there, old ones are inactive', () => {
    const before = terminology.system('http://yba.vn/fhir/cs/loai-kcb', '2026-07-31')!;
    const after = terminology.system('http://yba.vn/fhir/cs/loai-kcb', '2026-08-01')!;
    assert.ok(!before.has('12') && after.has('12'));
    assert.equal(before.concept('04')?.display, 'Điều trị nội trú ban ngày');
    assert.equal(after.concept('04')?.display, 'Điều trị ban ngày');
    const units = terminology.system('http://yba.vn/fhir/cs/don-vi-hanh-chinh', '2026-11-22')!;
    assert.equal(units.concept('26')?.inactive, true, 'Vĩnh Phúc is a unit of the past');
    assert.equal(
      terminology.system('http://yba.vn/fhir/cs/don-vi-hanh-chinh', '2025-06-30')!.concept('26')?.inactive,
      false,
    );
  });

  test('R4’s own sets are there', async () => {
    const set = await codeSetOf(
      baseValueSet('http://hl7.org/fhir/ValueSet/administrative-gender')!,
      sources(),
    );
    assert.deepEqual(codes(set), ['male', 'female', 'other', 'unknown']);
  });
});
