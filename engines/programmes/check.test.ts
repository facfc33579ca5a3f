/** A definition that cannot be carried out is refused with its place, before anybody is followed by it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datedOn } from '../../kernel/content/dated.ts';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';
import { checkProgramme } from './check.ts';
import { productsOf } from './products.ts';
import { CVX, content } from './testing.ts';

const products = productsOf(content.table('vaccines/products'));
const EXT = 'http://yba.vn/fhir/ext/chuong-trinh-';

const duration = (value: number, code: string) => ({ value, code, system: 'http://unitsofmeasure.org' });
const ask = (expression: string) => ({ language: 'text/fhirpath', expression });
const window = (anchor: string, ...parts: [string, number][]) => ({
  url: `${EXT}khung`,
  extension: [
    { url: 'moc', valueCode: anchor },
    ...parts.map(([url, days]) => ({ url, valueDuration: duration(days, 'd') })),
  ],
});
const act = (id: string, more: object) => ({ id, title: id, code: [{ coding: [{ code: id }] }], ...more });

function plan(action: object[], more: object = {}): PlanDefinition {
  return {
    resourceType: 'PlanDefinition',
    status: 'active',
    url: 'http://yba.vn/fhir/PlanDefinition/tha-dieu',
    version: '2026-01-01',
    title: 'Câu lạc bộ thả diều',
    extension: [
      { url: `${EXT}ghi-danh`, extension: [{ url: 'de-xuat', valueExpression: ask("gender = 'female'") }] },
    ],
    action,
    ...more,
  } as PlanDefinition;
}

/** The one fault of a definition. */
function fault(definition: PlanDefinition): string {
  const faults = checkProgramme(definition, products);
  assert.equal(faults.length, 1, JSON.stringify(faults, null, 1));
  const [{ place, text, textEn }] = faults as [(typeof faults)[number]];
  assert.ok(text.length > 0 && textEn.length > 0);
  return `${place}: ${textEn}`;
}

test('a programme that no engine knows is right as it stands', () => {
  const kite = act('tha', {
    extension: [window('enrolment', ['den-han', 7])],
    timingTiming: { repeat: { period: 1, periodUnit: 'wk' } },
  });
  assert.deepEqual(checkProgramme(plan([kite]), products), []);
});

test('loops among anchors are named whole', () => {
  const a = act('a', { extension: [window('b', ['den-han', 1])] });
  const b = act('b', {
    extension: [window('enrolment')],
    relatedAction: [{ actionId: 'a', relationship: 'after-end', offsetDuration: duration(1, 'd') }],
  });
  const faults = checkProgramme(plan([a, b]), products);
  assert.deepEqual(
    faults.map(({ textEn }) => textEn),
    ['is counted from itself: a → b → a', 'is counted from itself: b → a → b'],
  );
  assert.match(faults[0]!.place, /id = 'a'/);
});

test('anchors, codes, titles and windows that are not there', () => {
  assert.match(
    fault(plan([act('a', { extension: [window('lmp', ['den-han', 1])] })])),
    /id = 'a'\): there is no anchor or action "lmp"/,
  );
  assert.match(
    fault(plan([act('a', { code: undefined, extension: [window('birth')] })])),
    /action\[0\]\.code: the code is missing/,
  );
  assert.match(fault(plan([{ ...act('a', {}), condition: [] }])), /never come up/);
  assert.match(
    fault(plan([act('a', { extension: [window('birth')] }), act('a', { extension: [window('birth')] })])),
    /used more than once/,
  );
  assert.match(
    fault(plan([act('a', { extension: [window('birth')] })], { extension: [] })),
    /who is enrolled/,
  );
  assert.match(fault(plan([], {})), /PlanDefinition\.action: the programme has nothing to do/);
});

test('windows that contradict themselves', () => {
  const wrong = (...parts: [string, number][]) =>
    fault(plan([act('a', { extension: [window('birth', ...parts)] })]));
  assert.match(wrong(['som-nhat', 10], ['den-han', 5]), /earliest day is after the due day/);
  assert.match(wrong(['den-han', 10], ['muon-nhat', 5]), /due day is after the latest day/);
  assert.match(wrong(['som-nhat', 10], ['muon-nhat', 5]), /earliest day is after the latest day/);
  const half = {
    url: `${EXT}khung`,
    extension: [
      { url: 'moc', valueCode: 'birth' },
      { url: 'den-han', valueDuration: duration(1.5, 'mo') },
    ],
  };
  assert.match(
    fault(plan([act('a', { extension: [half] })])),
    /extension\[0\]\.extension\[1\]: a span of time is a whole number/,
  );
});

test('expressions that cannot be carried out are refused with their place', () => {
  const of = (expression: string) =>
    plan([
      act('a', {
        extension: [window('birth')],
        condition: [{ kind: 'applicability', expression: ask(expression) }],
      }),
    ]);
  assert.match(fault(of('Condition.where(')), /action\[0\]\.condition\[0\]\.expression/);
  assert.match(fault(of('Organization.exists()')), /kept of no person/);
  assert.match(fault(of(' ')), /the expression is missing/);
  const stop = plan([
    act('a', { extension: [window('birth')], condition: [{ kind: 'stop', expression: ask('true') }] }),
  ]);
  assert.match(fault(stop), /"stop" is not carried out/);
});

test('products that nobody knows, or that do not hold what the series is for', () => {
  const of = (code: string, more: object = {}) =>
    plan([
      {
        id: 'soi',
        title: 'Sởi',
        extension: [{ url: `${EXT}chuoi`, extension: [{ url: 'thanh-phan', valueCoding: { code: 'soi' } }] }],
        action: [
          {
            id: 'soi-1',
            title: 'mũi 1',
            prefix: '1',
            extension: [{ url: `${EXT}san-pham`, valueCoding: { system: CVX, code } }],
            ...more,
          },
        ],
      },
    ]);
  assert.deepEqual(checkProgramme(of('05'), products), []);
  assert.match(fault(of('9999')), /the catalogue has no product/);
  assert.match(fault(of('19')), /does not hold "soi"/);
  assert.match(fault(of('05', { prefix: undefined })), /number of the dose is missing/);
  const orphan = of('05', { extension: [window('previous', ['den-han', 1])] });
  assert.match(fault(orphan), /none before it/);
});

test('every expression of the content, once broken, is refused where it stands', () => {
  const { value } = datedOn<PlanDefinition>(content, 'programmes', 'tang-huyet-ap', '2026-11-22')!;
  const texts = [...JSON.stringify(value).matchAll(/"expression":"((?:[^"\\]|\\.)*)"/g)].map(
    ([whole]) => whole,
  );
  for (const whole of new Set(texts)) {
    const broken = JSON.parse(
      JSON.stringify(value).replace(whole, '"expression":"Condition.where("'),
    ) as PlanDefinition;
    const [first] = checkProgramme(broken, products);
    assert.match(first?.place ?? '', /expression$|valueExpression/i);
  }
});
