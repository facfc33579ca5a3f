/**
 * Definitions stored over FHIR by the content officer (the other door of publication): what is wrong is refused with its place before
 * anybody works with it, nothing that was published changes, and the past keeps what it had.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { Failure } from '../../kernel/failure.ts';
import { judgeLoaded } from '../../kernel/fhir/profiles/index.ts';
import { type Call, type Club, openClub, PACK } from './club.testing.ts';

let club: Club;
let officer: Call;

before(async () => {
  club = await openClub();
  officer = await club.signIn('noidung');
});
after(() => club[Symbol.asyncDispose]());

// biome-ignore lint/suspicious/noExplicitAny: definitions of many types, spoilt by the tests
type Definition = any;

const read = (file: string): Definition => JSON.parse(readFileSync(file, 'utf8'));
const ofPack = (name: string) => read(join(PACK, name));
const HOUSE = 'http://yba.vn/fhir';
let count = 0;

async function patched(path: string, operations: object[]) {
  const answer = await fetch(`${club.program.address}${path}`, {
    method: 'PATCH',
    headers: {
      'content-type': 'application/json-patch+json',
      cookie: await cookieOf(club.program.address, 'noidung'),
    },
    body: JSON.stringify(operations),
  });
  return { status: answer.status, body: await answer.json() };
}

/** A new definition of the house, begun on a day to come. */
function fresh(type: string, of: Definition): Definition {
  const id = `thu-${count++}`;
  return {
    ...structuredClone(of),
    resourceType: type,
    id,
    url: `${HOUSE}/${type}/${id}`,
    version: '2026-12-01',
    effectivePeriod: { start: '2026-12-01' },
  };
}

const put = (one: Definition) => officer('PUT', `/fhir/${one.resourceType}/${one.id}`, one);
const form = () => fresh('Questionnaire', ofPack('forms/don-xin-tha-dieu/2026-01-01.json'));
const programme = () => fresh('PlanDefinition', ofPack('programmes/tha-dieu/2026-01-01.json'));
const measure = () =>
  fresh('Measure', read(join(import.meta.dirname, '../../content/measures/kiem-soat-tang-huyet-ap.json')));
const activity = () =>
  fresh('ActivityDefinition', {
    status: 'active',
    kind: 'ServiceRequest',
    dynamicValue: [{ path: 'note', expression: { language: 'text/fhirpath', expression: '((' } }],
  });
const view = (definition: object) =>
  fresh('Library', {
    status: 'active',
    type: { text: 'view' },
    content: [
      { contentType: 'application/json', data: Buffer.from(JSON.stringify(definition)).toString('base64') },
    ],
  });

function places({ status, body }: { status: number; body: Definition }): string[] {
  assert.equal(status, 422, JSON.stringify(body).slice(0, 500));
  return body.issue.flatMap((one: { expression?: string[] }) => one.expression ?? []);
}

const spoilt = (one: Definition, spoil: (one: Definition) => void): Definition => {
  spoil(one);
  return one;
};

const WRONG: [what: string, made: () => Definition, place: string][] = [
  [
    'a condition on an unknown question',
    () =>
      spoilt(form(), (one) => {
        one.item[1].item[1].enableWhen[0].question = 'laoi';
      }),
    'Questionnaire.item[1].item[1].enableWhen[0].question',
  ],
  [
    'two questions with one name',
    () =>
      spoilt(form(), (one) => {
        one.item[1].item[1].linkId = 'loai';
      }),
    'Questionnaire.item[1].item[1].linkId',
  ],
  [
    'a value set that nobody knows',
    () =>
      spoilt(form(), (one) => {
        one.item[1].item[0].answerValueSet += 'u';
      }),
    'Questionnaire.item[1].item[0].answerValueSet',
  ],
  [
    'a form without a title',
    () =>
      spoilt(form(), (one) => {
        delete one.title;
      }),
    'Questionnaire.title',
  ],
  [
    'a form that asks nothing',
    () =>
      spoilt(form(), (one) => {
        delete one.item;
      }),
    'Questionnaire.item',
  ],
  [
    'a programme that waits for itself',
    () =>
      spoilt(programme(), (one) => {
        one.action[0].action[0].extension[0].extension[0].valueCode = 'kiem-dieu';
      }),
    "PlanDefinition.action.descendants().where(id = 'chuyen-dau')",
  ],
  [
    'a programme that opens a form that is not there',
    () =>
      spoilt(programme(), (one) => {
        one.action[0].action[0].definitionCanonical += 'x';
      }),
    'PlanDefinition.action[0].action[0].definitionCanonical',
  ],
  [
    'a measure with a wrong expression',
    () =>
      spoilt(measure(), (one) => {
        one.group[0].population[0].criteria.expression = '((';
      }),
    'Measure.group[0].population[0].criteria.expression',
  ],
  [
    'a measure without a group',
    () =>
      spoilt(measure(), (one) => {
        delete one.group;
      }),
    'Measure.group',
  ],
  [
    'an activity with a wrong expression',
    activity,
    'ActivityDefinition.dynamicValue[0].expression.expression',
  ],
  [
    'a view of nothing',
    () => view({ resourceType: 'ViewDefinition', name: 'x', resource: 'Nothing', select: [] }),
    'Library.content[0].data',
  ],
];

for (const [what, made, place] of WRONG)
  test(`${what} is refused with its place; a draft of it is kept`, async () => {
    const one = made();
    assert.ok(places(await put(one)).includes(place), JSON.stringify((await put(one)).body).slice(0, 600));
    if (['Measure', 'Library', 'ActivityDefinition'].includes(one.resourceType))
      assert.equal((await put({ ...one, status: 'draft' })).status, 201);
  });

test('a version that was published is written neither anew nor beside itself; its end and its retirement may be', async () => {
  for (const made of [form(), programme()]) {
    const type = made.resourceType;
    assert.equal((await put(made)).status, 201);
    assert.equal((await put(made)).status, 200, 'the same once more changes nothing');
    const other = { ...made, title: 'Tên khác' };
    assert.deepEqual(places(await put(other)), [`${type}.version`]);
    assert.deepEqual(places(await put({ ...other, id: `${made.id}-2` })), [`${type}.version`]);
    const ended = { ...made, effectivePeriod: { start: '2026-12-01', end: '2027-01-31' } };
    assert.equal((await put(ended)).status, 200);
    assert.equal((await put({ ...ended, status: 'retired' })).status, 200);
    const next = {
      ...other,
      id: `${made.id}-3`,
      version: '2027-02-01',
      effectivePeriod: { start: '2027-02-01' },
    };
    assert.equal((await put(next)).status, 201, 'a new text is a new version');
  }
});

test('what lies in the content is not replaced, and no version begins in a past that had another', async () => {
  const own = {
    ...ofPack('forms/don-xin-tha-dieu/2026-01-01.json'),
    url: `${HOUSE}/Questionnaire/don-xin-tha-dieu`,
  };
  const version = {
    ...own,
    id: 'de-len',
    version: '2026-01-01',
    effectivePeriod: { start: '2026-01-01' },
    title: 'Đè lên',
  };
  assert.deepEqual(places(await put(version)), ['Questionnaire.version']);
  const past = { ...version, version: '2026-03-01', effectivePeriod: { start: '2026-03-01' } };
  assert.deepEqual(places(await put(past)), ['Questionnaire.effectivePeriod.start']);
  const plan = { ...ofPack('programmes/tha-dieu/2026-01-01.json'), id: 'de-len' };
  assert.deepEqual(places(await put({ ...plan, title: 'Đè lên' })), ['PlanDefinition.version']);
  const earlier = { ...plan, version: '2025-01-01', effectivePeriod: { start: '2025-01-01' } };
  assert.deepEqual(places(await put(earlier)), ['PlanDefinition.effectivePeriod.start']);
});

test('what was published is neither written over, nor deleted, by whatever door', async () => {
  const one = form();
  const at = `/fhir/Questionnaire/${one.id}`;
  assert.equal((await put(one)).status, 201);
  const other = { ...one, title: 'Khác' };
  assert.deepEqual(places(await put({ ...other, status: 'draft' })), ['Questionnaire.id']);
  assert.deepEqual(places(await put({ ...other, version: '2026-12-09' })), ['Questionnaire.id']);
  assert.deepEqual(places(await put({ ...other, url: `${HOUSE}/Questionnaire/khac` })), ['Questionnaire.id']);
  assert.deepEqual(places(await put(other)), ['Questionnaire.version']);
  const patch = await patched(at, [
    { op: 'replace', path: '/title', value: 'Khác' },
    { op: 'replace', path: '/status', value: 'draft' },
  ]);
  assert.deepEqual(places(patch), ['Questionnaire.id']);
  for (const type of ['batch', 'transaction']) {
    const entry = [{ resource: { ...other, status: 'draft' }, request: { method: 'PUT', url: at.slice(6) } }];
    const { body } = await officer('POST', '/fhir', { resourceType: 'Bundle', type, entry });
    assert.match(JSON.stringify(body), /không ghi đè được/, type);
  }
  const { house, kernel } = club.program;
  const [judged] = await judgeLoaded(house.profiles, [{ ...other, status: 'draft' }]);
  assert.match(judged![0]!.text, /không ghi đè được/, 'loads and imports ask the same');
  // Whoever may delete everything else: the program itself.
  const all = kernel.gate.system('test');
  const stays = (error: Error) => error instanceof Failure && /không xoá/.test(error.issues[0]!.text);
  await assert.rejects(all.remove('Questionnaire', one.id), stays);
  const entry = [{ request: { method: 'DELETE', url: at.slice(6) } }];
  await assert.rejects(
    all.transaction({ resourceType: 'Bundle', type: 'transaction', entry } as never),
    stays,
  );
  assert.equal((await officer('GET', at)).body.title, one.title);
  assert.equal((await put({ ...one, status: 'retired' })).status, 200, 'it may be retired');
  const draft = { ...form(), status: 'draft' };
  assert.equal((await put(draft)).status, 201);
  await all.remove('Questionnaire', draft.id);
});

/** What of the pack can be drawn from. */
const KITES = `${HOUSE}/cs/loai-dieu`;

test('a value set of the house is refused at what cannot be expanded, before anybody asks for it', async () => {
  /** Without the days that forms and programmes carry. */
  const undated = (type: string, of: object) => {
    const { effectivePeriod: _, ...one } = fresh(type, of);
    return one;
  };
  const set = (compose: object, more: object = {}) =>
    undated('ValueSet', { status: 'active', compose, ...more });
  const filter = (property: string, op: string, value: string) => ({
    include: [{ system: KITES, filter: [{ property, op, value }] }],
  });
  const include = 'ValueSet.compose.include[0]';
  const refused: [compose: object, place: string][] = [
    [{ include: [{ system: `${HOUSE}/cs/loai-dieuu` }] }, `${include}.system`],
    [
      {
        include: [
          { system: 'http://snomed.info/sct', filter: [{ property: 'concept', op: 'is-a', value: '1' }] },
        ],
      },
      `${include}.filter[0]`,
    ],
    [filter('concept', 'is-a', 'dieu-say'), `${include}.filter[0].value`],
    [filter('display', 'regex', '(('), `${include}.filter[0]`],
    [
      { include: [{ system: KITES, concept: [{ code: 'sao' }, { code: 'dieu-say' }] }] },
      `${include}.concept[1].code`,
    ],
    [{ include: [{ valueSet: [`${HOUSE}/ValueSet/khong-co`] }] }, `${include}.valueSet[0]`],
    [
      { include: [{ system: KITES }], exclude: [{ system: `${HOUSE}/cs/khong-co` }] },
      'ValueSet.compose.exclude[0].system',
    ],
  ];
  for (const [compose, place] of refused) {
    const answer = await put(set(compose));
    assert.equal(answer.status, 422, JSON.stringify(compose));
    assert.deepEqual(places(answer), [place], JSON.stringify(answer.body));
  }
  const foreign = { include: [{ system: 'http://example.org/cs', concept: [{ code: 'x' }] }] };
  for (const one of [
    set({ include: [{ system: KITES }] }),
    set(filter('concept', 'is-a', 'sao')),
    set(foreign),
    set({ include: [{ system: `${HOUSE}/cs/sap-co` }] }, { status: 'draft' }),
    { ...set({ include: [{ system: 'http://example.org/cs' }] }), url: 'http://example.org/vs' },
  ]) {
    const answer = await put(one);
    assert.equal(answer.status, 201, JSON.stringify([one.compose, answer.body]));
  }
  const [system, drawn] = [
    undated('CodeSystem', { status: 'active', content: 'complete', concept: [{ code: 'a' }] }),
    set({ include: [] }),
  ];
  drawn.compose.include.push({ system: system.url });
  const entry = [system, drawn].map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  const together = await officer('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  assert.equal(together.status, 200, JSON.stringify(together.body));
});

test('definitions that lead back to themselves: at the one that closes the circle', async () => {
  const set = (id: string, to: string) => ({
    resourceType: 'ValueSet',
    id,
    url: `${HOUSE}/ValueSet/${id}`,
    status: 'active',
    compose: { include: [{ valueSet: [`${HOUSE}/ValueSet/${to}`] }] },
  });
  const kites = { compose: { include: [{ system: KITES }] } };
  assert.equal((await put({ ...set('vong-2', ''), ...kites })).status, 201);
  assert.equal((await put(set('vong-1', 'vong-2'))).status, 201);
  assert.deepEqual(places(await put(set('vong-2', 'vong-1'))), ['ValueSet.compose.include[0].valueSet']);
  assert.deepEqual(places(await put(set('vong-3', 'vong-3'))), ['ValueSet.compose.include[0].valueSet']);
  const plan = (id: string, to: string) => ({
    resourceType: 'PlanDefinition',
    id,
    url: `${HOUSE}/PlanDefinition/${id}`,
    status: 'active',
    title: id,
    action: [{ title: 'a', definitionCanonical: `${HOUSE}/PlanDefinition/${to}` }],
  });
  assert.equal((await put(plan('kh-1', 'kh-2'))).status, 201);
  assert.deepEqual(places(await put(plan('kh-2', 'kh-1'))), ['PlanDefinition.action[0].definitionCanonical']);
});

test('what is no resource at all: broken JSON, another encoding, too large', async () => {
  const { address } = club.program;
  const { id } = form();
  const send = async (body: BodyInit) => {
    const answer = await fetch(`${address}/fhir/Questionnaire/${id}`, {
      method: 'PUT',
      headers: { cookie: await cookie(), 'content-type': 'application/fhir+json' },
      body,
    });
    return { status: answer.status, text: JSON.stringify(await answer.json()) };
  };
  const broken = await send('{"resourceType": "Questionnaire" "id": "x"}');
  assert.equal(broken.status, 400);
  assert.match(broken.text, /line 1, column 34/);
  assert.equal((await send(Buffer.from('\uFEFF{}', 'utf16le'))).status, 400);
  assert.equal(
    (await send(`{"resourceType":"Questionnaire","title":"${'x'.repeat(9_000_000)}"}`)).status,
    413,
  );
});

const cookie = async () => cookieOf(club.program.address, 'noidung');
