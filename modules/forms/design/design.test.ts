/** Designs over HTTP: saved with If-Match, published only when right and tried, the past never changed, rolled back as a new version. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openForm } from '../../../engines/forms/browser.ts';
import type { Questionnaire } from '../../../kernel/fhir/types.ts';
import { type Browser, DAY, openWorld, type World } from '../../clinic/testing.ts';
import type { OpenedForm } from '../contract.ts';
import type { DesignRow, DesignView } from './contract.ts';
import { freeVersion } from './publish.ts';
import { outcomeOf, runTrial, strayAnswers, type Trial } from './trials.ts';

const AT = '/api/forms/designs/phieu-thu';
const CALCULATED = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression';
let world: World;
let officer: Browser;

before(async () => {
  world = await openWorld();
  officer = await world.hire('noidung', 'content-officer', 'so-y-te');
});
after(() => world.stop());

const formOf = (factor: number, text = 'Số con'): Questionnaire => ({
  resourceType: 'Questionnaire',
  status: 'draft',
  title: 'Phiếu thử',
  item: [
    { linkId: 'a', type: 'integer', text },
    {
      linkId: 'b',
      type: 'integer',
      text: 'Tính ra',
      extension: [
        {
          url: CALCULATED,
          valueExpression: {
            language: 'text/fhirpath',
            expression: `%resource.item.where(linkId='a').answer.value * ${factor}`,
          },
        },
      ],
    },
  ],
});

const trialOf = (form: Questionnaire): Trial => {
  const response = {
    resourceType: 'QuestionnaireResponse' as const,
    status: 'in-progress' as const,
    item: [{ linkId: 'a', answer: [{ valueInteger: 3 }] }],
  };
  const now = `${DAY}T01:00:00Z`;
  return {
    name: 'ba con',
    now,
    response,
    expected: outcomeOf(openForm(form, { response, now: new Date(now) })),
  };
};

const save = (form: Questionnaire, seen: number) =>
  officer.call<{ version: number }>('PUT', AT, { form }, { ifMatch: seen });
const publish = (seen: number, from: string) =>
  officer.call<{ version: string; error?: { text: string; issues: { expression?: string }[] } }>(
    'POST',
    `${AT}/publish`,
    { from },
    { ifMatch: seen },
  );

test('a test case knows what must be calculated and what must be wrong, and says what differs', () => {
  const trial = trialOf(formOf(2));
  assert.deepEqual(trial.expected, { calculated: { b: [6] }, faults: [] });
  assert.equal(runTrial(formOf(2), trial).passed, true);
  assert.deepEqual(runTrial(formOf(5), trial).differing, [{ path: 'b', expected: '6', got: '15' }]);
});

test('answers to questions that are gone are named', () => {
  const trial = trialOf(formOf(2));
  assert.deepEqual(strayAnswers(formOf(2), trial), []);
  const renamed = { ...formOf(2), item: [{ linkId: 'moi', type: 'integer' as const, text: 'Số con' }] };
  assert.deepEqual(strayAnswers(renamed, trial), ['a']);
});

test('the second version of a day has a number behind it', () => {
  assert.equal(freeVersion(DAY, []), DAY);
  assert.equal(freeVersion(DAY, [{ version: DAY }, { version: `${DAY}.2` }]), `${DAY}.3`);
});

test('a form is written, refused while wrong, published, filled in, changed and rolled back; the past stays', async () => {
  assert.equal((await save(formOf(2), 0)).body.version, 1);
  assert.equal((await save(formOf(2), 0)).status, 412);
  const broken: Questionnaire = {
    ...formOf(2),
    item: [
      { linkId: 'a', type: 'string' },
      { linkId: 'a', type: 'string' },
    ],
  };
  assert.equal((await save(broken, 1)).body.version, 2);
  const refused = await publish(2, DAY);
  assert.equal(refused.status, 422);
  assert.match(refused.body.error!.issues[0]!.expression!, /^Questionnaire\.item\[\d\]/);
  assert.equal((await save(formOf(2), 2)).body.version, 3);
  assert.equal((await publish(3, '2026-01-01')).status, 400, 'the past');
  assert.equal((await publish(1, DAY)).status, 412);
  assert.equal((await officer.call('PUT', `${AT}/trials`, trialOf(formOf(7)))).status, 200);
  const failing = await publish(3, DAY);
  assert.equal(failing.status, 422);
  assert.match(JSON.stringify(failing.body), /ba con/);
  assert.equal((await officer.call('PUT', `${AT}/trials`, trialOf(formOf(2)))).status, 200);
  assert.equal((await publish(3, DAY)).body.version, DAY);

  const doctor = await world.signIn('bacsi');
  const { patient } = await world.arrive();
  const open = async () =>
    (await doctor.call<OpenedForm>('GET', `/api/forms/open/phieu-thu?patient=${patient}`)).body;
  assert.equal((await open()).form.item![0]!.text, 'Số con');
  assert.equal((await save(formOf(2, 'Mấy con'), 0)).status, 200);
  assert.equal((await publish(1, '2026-12-01')).body.version, '2026-12-01');
  assert.equal((await open()).form.item![0]!.text, 'Số con', 'the coming version waits for its day');
  assert.equal((await save(formOf(2, 'Bao nhiêu con'), 0)).status, 200);
  assert.equal((await publish(1, DAY)).body.version, `${DAY}.2`);
  assert.equal((await open()).form.item![0]!.text, 'Bao nhiêu con');
  const back = (reason: string) =>
    officer.call<{ version: string }>('POST', `${AT}/roll-back`, { version: DAY, from: DAY, reason });
  assert.equal((await back('sai')).status, 400);
  assert.equal((await back('Lời hỏi mới gây hiểu nhầm')).body.version, `${DAY}.3`);
  assert.equal((await open()).form.item![0]!.text, 'Số con');

  const view = (await officer.call<DesignView>('GET', AT)).body;
  assert.deepEqual(
    view.versions.map(({ version, state }) => [version, state]),
    [
      ['2026-12-01', 'coming'],
      [`${DAY}.3`, 'in-force'],
      [`${DAY}.2`, 'past'],
      [DAY, 'past'],
    ],
  );
  assert.equal(view.versions[1]!.reason, 'Lời hỏi mới gây hiểu nhầm');
  const { rows } = (await officer.call<{ rows: DesignRow[] }>('GET', '/api/forms/designs')).body;
  assert.ok(rows.some(({ key, design }) => key === 'phieu-thu' && design === null));
});

test('only the content officer writes forms, and reads no record', async () => {
  const doctor = await world.signIn('bacsi');
  assert.equal((await doctor.call('PUT', AT, { form: formOf(2) }, { ifMatch: 0 })).status, 403);
  const { patient } = await world.arrive();
  assert.equal((await officer.call('GET', `/api/forms/open/phieu-thu?patient=${patient}`)).status, 403);
  assert.equal((await officer.call('GET', `/fhir/Patient/${patient}`)).status, 403);
});

test('a form that extracts into a slice which its profile does not have is not published, its place named', async () => {
  const profile = 'http://yba.vn/fhir/StructureDefinition/cong-dan';
  const at = '/api/forms/designs/phieu-lat';
  const into = (slice: string): Questionnaire => ({
    resourceType: 'Questionnaire',
    status: 'draft',
    title: 'Phiếu lát',
    extension: [
      {
        url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-definitionExtract',
        extension: [{ url: 'definition', valueCanonical: profile }],
      },
    ],
    item: [
      {
        linkId: 'so',
        type: 'string',
        text: 'Số',
        definition: `${profile}#Patient.identifier:${slice}.value`,
      },
    ],
  });
  const saved = await officer.call<{ version: number }>(
    'PUT',
    at,
    { form: into('khong-co') },
    { ifMatch: 0 },
  );
  const refused = await officer.call<{ error: { issues: { expression: string }[] } }>(
    'POST',
    `${at}/publish`,
    { from: DAY },
    { ifMatch: saved.body.version },
  );
  assert.equal(refused.status, 422);
  assert.deepEqual(
    refused.body.error.issues.map(({ expression }) => expression),
    ['Questionnaire.item[0].definition'],
  );
  const mended = await officer.call<{ version: number }>(
    'PUT',
    at,
    { form: into('cccd') },
    { ifMatch: saved.body.version },
  );
  const done = await officer.call('POST', `${at}/publish`, { from: DAY }, { ifMatch: mended.body.version });
  assert.equal(done.status, 200);
});
