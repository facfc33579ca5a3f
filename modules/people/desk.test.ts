/** What the desk asks of a new person is content: a version that is published asks more, and nothing that the desk cannot go on with is published. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { formVersions } from '../../engines/forms/index.ts';
import { openContent } from '../../kernel/content/content.ts';
import type { Patient, Questionnaire, RelatedPerson } from '../../kernel/fhir/types.ts';
import { type Browser, DAY, openWorld, type World } from '../clinic/testing.ts';
import { DESK_FORM, type DeskForm, deskFaults } from './desk-form.ts';
import type { PersonLine } from './index.ts';

const versions = formVersions(openContent(join(import.meta.dirname, '../../content'))).filter(
  ({ key }) => key === DESK_FORM,
);
const ours = versions.at(-1)!.value;
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const MARITAL = 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus';

describe('what the desk could not go on with', () => {
  test('every version of the content may stand', () => {
    assert.ok(versions.length > 0);
    for (const { value } of versions) assert.deepEqual(deskFaults(value), []);
  });
  const without = (linkId: string) => ours.item!.filter((one) => one.linkId !== linkId);
  const faults: [string, Questionnaire['item'], string][] = [
    ['no name', without('name'), 'Questionnaire.item'],
    [
      'a name of another type',
      [{ linkId: 'name', type: 'text' }, ...without('name')],
      'Questionnaire.item[0].type',
    ],
    [
      'a fact that may be said twice',
      [...without('phone'), { linkId: 'phone', type: 'string', repeats: true }],
      `Questionnaire.item[${ours.item!.length - 1}]`,
    ],
    [
      'a fact within what may be said twice',
      [
        ...without('phone'),
        { linkId: 'lien-he', type: 'group', repeats: true, item: [{ linkId: 'phone', type: 'string' }] },
      ],
      `Questionnaire.item[${ours.item!.length - 1}].item[0]`,
    ],
    [
      'a file of somebody who has no record yet',
      [...ours.item!, { linkId: 'anh', type: 'attachment', definition: `${CORE}Patient#Patient.photo` }],
      `Questionnaire.item[${ours.item!.length}]`,
    ],
    [
      'an answer that is written nowhere',
      [...ours.item!, { linkId: 'ton-giao', type: 'string', text: 'Tôn giáo' }],
      `Questionnaire.item[${ours.item!.length}]`,
    ],
    [
      'the name of what the desk asks itself',
      [...ours.item!, { linkId: 'reason', type: 'string', definition: `${CORE}Patient#Patient.language` }],
      `Questionnaire.item[${ours.item!.length}].linkId`,
    ],
  ];
  test('what repeats, references and every other type that says where its answer goes are right', () => {
    const item: Questionnaire['item'] = [
      ...ours.item!,
      { linkId: 'bac-si', type: 'reference', definition: `${CORE}Patient#Patient.generalPractitioner` },
      {
        linkId: 'nguoi-nha',
        type: 'group',
        repeats: true,
        item: [{ linkId: 'ten', type: 'string', definition: `${CORE}RelatedPerson#RelatedPerson.name.text` }],
      },
    ];
    assert.deepEqual(deskFaults({ ...ours, item }), []);
  });
  for (const [name, item, place] of faults)
    test(name, () => {
      assert.deepEqual(
        deskFaults({ ...ours, item: item! }).map(({ expression }) => expression),
        [place],
      );
    });
});

/** Compulsory occupation, a new question of the person, and a relative by the same form. */
const further: Questionnaire = {
  ...ours,
  extension: [
    { url: `${SDC}definitionExtract`, extension: [{ url: 'definition', valueCanonical: `${CORE}Patient` }] },
  ],
  item: [
    ...ours.item!.map((one) => (one.linkId === 'occupation' ? { ...one, required: true } : one)),
    {
      linkId: 'hon-nhan',
      text: 'Tình trạng hôn nhân',
      type: 'choice',
      definition: `${CORE}Patient#Patient.maritalStatus`,
      answerOption: [
        { valueCoding: { system: MARITAL, code: 'M', display: 'Có vợ, có chồng' } },
        { valueCoding: { system: MARITAL, code: 'S', display: 'Chưa kết hôn' } },
      ],
    },
    {
      linkId: 'nguoi-nha',
      text: 'Người nhà',
      type: 'group',
      extension: [
        {
          url: `${SDC}definitionExtract`,
          extension: [{ url: 'definition', valueCanonical: `${CORE}RelatedPerson` }],
        },
      ],
      item: [
        {
          linkId: 'ten-nguoi-nha',
          text: 'Tên người nhà',
          type: 'string',
          definition: `${CORE}RelatedPerson#RelatedPerson.name.text`,
        },
      ],
    },
  ],
};

describe('over HTTP', () => {
  let world: World;
  let desk: Browser;
  let officer: Browser;

  before(async () => {
    world = await openWorld();
    desk = await world.hire('tiepdon', 'reception');
    officer = await world.hire('noidung', 'content-officer', 'so-y-te');
  });
  after(() => world.stop());

  const at = `/api/forms/designs/${DESK_FORM}`;
  interface Problem {
    error?: { issues: { expression?: string }[] };
  }
  const publish = async (form: Questionnaire) => {
    const { body } = await officer.call<{ version: number }>('PUT', at, { form }, { ifMatch: 0 });
    return officer.call<{ version: string } & Problem>(
      'POST',
      `${at}/publish`,
      { from: DAY },
      { ifMatch: body.version },
    );
  };
  const opened = async () => (await desk.call<DeskForm>('GET', '/api/people/form')).body;
  const person = { name: 'Khuất Hồng Vân', birthDate: '1991-04', sex: 'female' };
  const places = ({ error }: Problem) => error?.issues.map(({ expression }) => expression);

  test('the desk is given the version in force with its short lists, and nobody else is', async () => {
    const { form, sets } = await opened();
    assert.equal(form.version, versions.at(-1)!.from);
    assert.deepEqual(
      Object.keys(sets).map((url) => url.split('/').at(-1)),
      ['dan-toc', 'nghe-nghiep'],
    );
    const cashier = await world.hire('thungan', 'cashier');
    assert.equal((await cashier.call('GET', '/api/people/form')).status, 403);
  });

  test('a version that the desk could not go on with is not published, its place named', async () => {
    const { status, body } = await publish({ ...ours, item: ours.item!.slice(1) });
    assert.equal(status, 422);
    assert.deepEqual(places(body), ['Questionnaire.item']);
    await officer.call('DELETE', at);
  });

  test('a new version asks more at once: what it makes compulsory, and where new answers go', async () => {
    assert.equal((await publish(further)).status, 200);
    const { form, sets } = await opened();
    assert.ok(form.item!.some(({ linkId }) => linkId === 'hon-nhan'));
    const refused = await desk.call<Problem>('POST', '/api/people', person);
    assert.equal(refused.status, 422);
    assert.deepEqual(places(refused.body), ['occupation']);

    const coding = (url: string, code: string) =>
      sets[`http://yba.vn/fhir/vs/${url}`]!.find((one) => one.code === code)!;
    const answers = {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      questionnaire: `${form.url}|${form.version}`,
      item: [
        { linkId: 'name', answer: [{ valueString: person.name }] },
        { linkId: 'birthDate', answer: [{ valueDate: person.birthDate }] },
        {
          linkId: 'sex',
          answer: [{ valueCoding: { system: 'http://hl7.org/fhir/administrative-gender', code: 'female' } }],
        },
        { linkId: 'occupation', answer: [{ valueCoding: coding('nghe-nghiep', '01') }] },
        { linkId: 'hon-nhan', answer: [{ valueCoding: { system: MARITAL, code: 'M' } }] },
        {
          linkId: 'nguoi-nha',
          item: [{ linkId: 'ten-nguoi-nha', answer: [{ valueString: 'Khuất Văn Bảo' }] }],
        },
      ],
    };
    const wrong = structuredClone(answers);
    wrong.item[4]!.answer = [{ valueCoding: { system: MARITAL, code: 'XX' } }];
    const judged = await desk.call<Problem>('POST', '/api/people', { answers: wrong });
    assert.equal(judged.status, 422);
    assert.deepEqual(places(judged.body), ['hon-nhan']);

    const made = await desk.call<{ person: PersonLine }>('POST', '/api/people', { answers });
    assert.equal(made.status, 201);
    const session = world.program.kernel.gate.system('test');
    const patient: Patient = await session.read('Patient', made.body.person.id);
    assert.equal(patient.name?.[0]?.text, person.name);
    assert.equal(patient.maritalStatus?.coding?.[0]?.code, 'M');
    const { matches } = await session.search('RelatedPerson', [['patient', `Patient/${patient.id}`]]);
    assert.deepEqual(
      matches.map((one: RelatedPerson) => one.name?.[0]?.text),
      ['Khuất Văn Bảo'],
    );
    assert.equal(
      patient.extension?.some(({ valueCoding }) => valueCoding?.code === '01'),
      true,
    );
  });

  test('what was opened before a new version came is judged by what it answers', async () => {
    const answers = {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      questionnaire: `${ours.url}|${ours.version}`,
      item: [
        { linkId: 'name', answer: [{ valueString: 'Cấn Thị Mơ' }] },
        { linkId: 'birthDate', answer: [{ valueDate: '1958' }] },
        {
          linkId: 'sex',
          answer: [{ valueCoding: { system: 'http://hl7.org/fhir/administrative-gender', code: 'female' } }],
        },
      ],
    };
    assert.equal((await desk.call('POST', '/api/people', { answers })).status, 201);
  });
});
