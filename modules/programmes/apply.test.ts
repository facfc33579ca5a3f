/** `$apply` of plans and activities over HTTP: of the content, of the record, and sent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../../kernel/fhir/testing.ts';
import type { CarePlan } from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
  await world.send('PUT', '/fhir/Patient/be', {
    resourceType: 'Patient',
    id: 'be',
    birthDate: '2026-08-15',
    name: [{ text: 'Bé' }],
  });
  await world.send('PUT', '/fhir/Practitioner/bs', { resourceType: 'Practitioner', id: 'bs' });
  await world.send('PUT', '/fhir/Organization/don-vi', {
    resourceType: 'Organization',
    id: 'don-vi',
    name: 'Trạm',
  });
});
after(() => world.stop());

test('$apply of a programme makes a CarePlan with its Tasks and their windows', async () => {
  const answer = await world.send('GET', '/fhir/PlanDefinition/tiem-chung-mo-rong/$apply?subject=Patient/be');
  assert.equal(answer.status, 200, answer.text);
  const plan = answer.body as CarePlan;
  assert.deepEqual(validateResource(plan), []);
  assert.deepEqual(plan.instantiatesCanonical, [
    'http://yba.vn/fhir/PlanDefinition/tiem-chung-mo-rong|2026-11-15',
  ]);
  const types = plan.contained!.map(({ resourceType }) => resourceType);
  assert.equal(types[0], 'RequestGroup');
  assert.ok(types.length > 5 && types.slice(1).every((type) => type === 'Task'));
});

test('$apply of any other definition takes the actions whose conditions hold', async () => {
  const action = (id: string, expression: string) => ({
    id,
    title: id,
    condition: [{ kind: 'applicability', expression: { language: 'text/fhirpath', expression } }],
  });
  const definition = {
    resourceType: 'PlanDefinition',
    id: 'rieng',
    status: 'active',
    action: [action('yes', 'birthDate > @2026-01-01'), action('no', 'Condition.exists()')],
  };
  assert.equal((await world.send('PUT', '/fhir/PlanDefinition/rieng', definition)).status, 201);
  const answer = await world.send('GET', '/fhir/PlanDefinition/rieng/$apply?subject=be');
  assert.deepEqual(
    answer.body.contained.map(({ id }: { id: string }) => id),
    ['nhom-viec', 'viec-1'],
    answer.text,
  );
  assert.equal(answer.body.contained[1].code.text, 'yes');
});

const apply = (definition: object, more: object[] = [], type = 'PlanDefinition') =>
  world.send('POST', `/fhir/${type}/$apply`, {
    resourceType: 'Parameters',
    parameter: [
      {
        name: `${type.charAt(0).toLowerCase()}${type.slice(1)}`,
        resource: { resourceType: type, status: 'draft', ...definition },
      },
      { name: 'subject', valueString: 'Patient/be' },
      ...more,
    ],
  });
const fhirpath = (expression: string) => ({ language: 'text/fhirpath', expression });

test('$apply of a plan that is sent keeps the actions as they are nested, with what stands between them, and drops what does not apply', async () => {
  const answer = await apply(
    {
      action: [
        {
          id: 'nhom',
          title: 'Nhóm',
          groupingBehavior: 'logical-group',
          selectionBehavior: 'all',
          action: [
            {
              id: 'mot',
              title: 'Một',
              timingDateTime: '2026-12-01',
              participant: [{ type: 'patient' }, { type: 'practitioner' }],
            },
            {
              id: 'hai',
              title: 'Hai',
              relatedAction: [
                {
                  actionId: 'mot',
                  relationship: 'after-end',
                  offsetDuration: { value: 3, unit: 'd', system: 'http://unitsofmeasure.org', code: 'd' },
                },
                { actionId: 'khong', relationship: 'after-end' },
              ],
            },
            {
              id: 'khong',
              title: 'Không',
              condition: [{ kind: 'applicability', expression: fhirpath('false') }],
            },
          ],
        },
        {
          id: 'rong',
          title: 'Rỗng',
          action: [{ title: 'x', condition: [{ kind: 'applicability', expression: fhirpath('{}') }] }],
        },
      ],
    },
    [{ name: 'practitioner', valueString: 'Practitioner/bs' }],
  );
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(validateResource(answer.body), []);
  const [group, ...requests] = answer.body.contained;
  assert.equal(group.action.length, 1);
  assert.deepEqual(
    group.action[0].action.map(({ id }: { id: string }) => id),
    ['mot', 'hai'],
  );
  const [one, two] = group.action[0].action;
  assert.deepEqual(
    [one.timingDateTime, one.participant, one.resource, group.action[0].groupingBehavior],
    [
      '2026-12-01',
      [{ reference: 'Patient/be' }, { reference: 'Practitioner/bs' }],
      { reference: '#viec-1' },
      'logical-group',
    ],
  );
  assert.deepEqual(
    two.relatedAction.map(
      ({ actionId, offsetDuration }: { actionId: string; offsetDuration: { value: number } }) => [
        actionId,
        offsetDuration.value,
      ],
    ),
    [['mot', 3]],
  );
  assert.equal(two.timingDateTime, '2026-12-04', 'three days after the first');
  assert.deepEqual(
    requests.map(({ restriction }: { restriction: object }) => restriction),
    [{ period: { start: '2026-12-01' } }, { period: { start: '2026-12-04' } }],
  );
  assert.deepEqual(
    requests.map(({ code }: { code: { text: string } }) => code.text),
    ['Một', 'Hai'],
  );
});

test('an action that refers to an activity makes its request, with values computed for the person and the setting', async () => {
  const activity = {
    resourceType: 'ActivityDefinition',
    id: 'xet-nghiem',
    url: 'http://example.org/ActivityDefinition/xet-nghiem',
    status: 'active',
    kind: 'ServiceRequest',
    intent: 'plan',
    code: { text: 'Công thức máu' },
    dynamicValue: [
      { path: 'occurrence', expression: fhirpath("'2026-12-24'") },
      { path: 'note[0].text', expression: fhirpath("'Sinh ' + Patient.birthDate.toString()") },
    ],
  };
  assert.equal((await world.send('PUT', '/fhir/ActivityDefinition/xet-nghiem', activity)).status, 201);
  const plan = {
    action: [
      {
        title: 'Xét nghiệm',
        definitionCanonical: activity.url,
        condition: [{ kind: 'applicability', expression: fhirpath("%setting.text = 'Tại nhà'") }],
        dynamicValue: [
          { path: 'priority', expression: fhirpath("iif(birthDate > @2026-01-01, 'urgent', 'routine')") },
        ],
      },
    ],
  };
  const setting = { name: 'setting', valueCodeableConcept: { text: 'Tại nhà' } };
  const answer = await apply(plan, [setting]);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(validateResource(answer.body), []);
  const { id: _, authoredOn: __, ...made } = answer.body.contained[1];
  assert.deepEqual(made, {
    resourceType: 'ServiceRequest',
    instantiatesCanonical: [activity.url],
    status: 'draft',
    intent: 'plan',
    code: { text: 'Công thức máu' },
    subject: { reference: 'Patient/be' },
    occurrenceDateTime: '2026-12-24',
    note: [{ text: 'Sinh 2026-08-15' }],
    priority: 'urgent',
  });
  assert.equal((await apply(plan)).body.contained.length, 1, 'no setting: the condition does not hold');
  const alone = await world.send(
    'GET',
    '/fhir/ActivityDefinition/xet-nghiem/$apply?subject=be&organization=don-vi',
  );
  assert.deepEqual(
    [alone.status, alone.body.resourceType, alone.body.occurrenceDateTime],
    [200, 'ServiceRequest', '2026-12-24'],
    alone.text,
  );
  const medicine = await apply(
    {
      kind: 'MedicationRequest',
      intent: 'order',
      productCodeableConcept: { text: 'Vitamin A' },
      dosage: [{ text: 'Một viên' }],
    },
    [],
    'ActivityDefinition',
  );
  assert.deepEqual(
    [medicine.body.medicationCodeableConcept?.text, medicine.body.dosageInstruction?.[0]?.text],
    ['Vitamin A', 'Một viên'],
    medicine.text,
  );
});

test('each of several subjects has its own plan', async () => {
  await world.send('PUT', '/fhir/Patient/anh', {
    resourceType: 'Patient',
    id: 'anh',
    birthDate: '2020-01-01',
  });
  const answer = await apply(
    {
      action: [
        {
          title: 'Nhỏ',
          condition: [{ kind: 'applicability', expression: fhirpath('birthDate > @2026-01-01') }],
        },
      ],
    },
    [{ name: 'subject', valueString: 'anh' }],
  );
  assert.equal(answer.body.resourceType, 'Parameters', answer.text);
  assert.deepEqual(
    answer.body.parameter.map(({ name, resource }: { name: string; resource: CarePlan }) => [
      name,
      resource.subject.reference,
      resource.contained!.length,
    ]),
    [
      ['return', 'Patient/be', 2],
      ['return', 'Patient/anh', 1],
    ],
  );
});

test('a Group of persons stands for its members: those who left are not asked, and each has a plan', async () => {
  const member = (id: string, more = {}) => ({ entity: { reference: `Patient/${id}` }, ...more });
  const put = (id: string, more: object) =>
    world.send('PUT', `/fhir/Group/${id}`, {
      resourceType: 'Group',
      id,
      type: 'person',
      actual: true,
      ...more,
    });
  await world.send('PUT', '/fhir/Patient/chi', {
    resourceType: 'Patient',
    id: 'chi',
    birthDate: '2021-01-01',
  });
  await put('lop', { member: [member('be'), member('chi'), member('anh', { inactive: true })] });
  const of = (subject: string) =>
    apply({ action: [{ title: 'Nhỏ' }] }, [{ name: 'subject', valueString: subject }]);
  const answer = await of('Group/lop');
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(
    answer.body.parameter.map(({ resource }: { resource: CarePlan }) => resource.subject.reference),
    ['Patient/be', 'Patient/chi'],
  );
  await put('mo-ta', { actual: false });
  await put('lan', { member: [{ entity: { reference: 'Practitioner/bs' } }] });
  for (const [group, status, words] of [
    ['Group/mo-ta', 400, /names no persons/],
    ['Group/lan', 400, /no Patient/],
    ['Group/khong-co', 404, /./],
  ] as const) {
    const refused = await of(group);
    assert.equal(refused.status, status, refused.text);
    assert.match(issueOf(refused).diagnostics ?? '', words);
  }
});

test('what $apply cannot do is refused with its place', async () => {
  const refused = async (answer: ReturnType<typeof apply>, status: number, words: RegExp) => {
    const { status: given, body, text } = await answer;
    assert.equal(given, status, text);
    assert.match(`${body.issue[0].expression?.[0]}: ${body.issue[0].diagnostics}`, words);
  };
  const action = (more: object) => ({ action: [{ title: 'Việc' }, { title: 'Hai', ...more }] });
  const value = (path: string, expression: string) =>
    action({ dynamicValue: [{ path, expression: fhirpath(expression) }] });
  await refused(
    apply(action({ definitionCanonical: 'http://example.org/khong-co' })),
    422,
    /action\[1\]\.definitionCanonical.*no definition/,
  );
  await refused(
    apply(action({ condition: [{ kind: 'applicability', expression: fhirpath('a.b(') }] })),
    422,
    /action\[1\]\.condition\[0\]\.expression/,
  );
  await refused(
    apply(
      action({
        condition: [{ kind: 'applicability', expression: { language: 'text/cql', expression: 'x' } }],
      }),
    ),
    422,
    /text\/cql/,
  );
  await refused(apply(value('khongCo', "'x'")), 422, /action\[1\]\.dynamicValue\[0\]\.path.*khongCo/);
  await refused(apply(value("note.where(text = 'x').text", "'x'")), 422, /no simple path/);
  await refused(apply(value('priority', "'rat-gap'")), 422, /action\[1\].*not valid/);
  await refused(apply({ kind: 'Appointment' }, [], 'ActivityDefinition'), 422, /ActivityDefinition\.kind/);
  await refused(
    apply({ kind: 'MedicationRequest' }, [], 'ActivityDefinition'),
    422,
    /not valid.*medication/i,
  );
  await refused(apply({}, [{ name: 'colour', valueString: 'red' }]), 400, /colour/);
  await refused(apply({}, [{ name: 'userType', valueString: 'bs' }]), 400, /CodeableConcept/);
  await refused(apply({}, [{ name: 'subject', valueString: 'Device/1' }]), 400, /subject/);
  await refused(apply({}, [{ name: 'encounter', valueString: 'Encounter/khong' }]), 404, /Encounter/);
  await refused(apply({}, [{ name: 'subject', valueString: 'khong-co-ai' }]), 404, /khong-co-ai/);
  await refused(
    world.send('POST', '/fhir/PlanDefinition/$apply', {
      resourceType: 'Parameters',
      parameter: [{ name: 'subject', valueString: 'be' }],
    }),
    400,
    /planDefinition/,
  );
  const loop = { resourceType: 'PlanDefinition', status: 'active' };
  const to = (other: string) => [{ title: other, definitionCanonical: `http://example.org/${other}` }];
  for (const [id, other] of [
    ['vong-a', 'vong-b'],
    ['vong-b', 'vong-a'],
  ] as const)
    assert.equal(
      (
        await world.send('PUT', `/fhir/PlanDefinition/${id}`, {
          ...loop,
          id,
          url: `http://example.org/${id}`,
          action: to(other),
        })
      ).status,
      201,
    );
  await refused(world.send('GET', '/fhir/PlanDefinition/vong-a/$apply?subject=be'), 422, /refers to itself/);
});

test('a programme with a loop, a wrong expression or an unknown product is refused when it is stored', async () => {
  const refused = async (definition: object) => {
    const answer = await world.send('POST', '/fhir/PlanDefinition', {
      resourceType: 'PlanDefinition',
      status: 'draft',
      ...definition,
    });
    assert.equal(answer.status, 422, answer.text);
    return `${issueOf(answer).expression?.[0]}: ${issueOf(answer).diagnostics}`;
  };
  const after = (id: string, other: string) => ({
    id,
    title: id,
    relatedAction: [{ actionId: other, relationship: 'after-end' }],
  });
  assert.match(await refused({ action: [after('a', 'b'), after('b', 'a')] }), /waits for itself: a → b → a/);
  const content = (await world.send('GET', '/fhir/PlanDefinition/tang-huyet-ap')).body;
  const broken = JSON.parse(JSON.stringify(content).replace('"expression":"', '"expression":"(')) as {
    id?: string;
    url: string;
  };
  delete broken.id;
  assert.match(await refused({ ...broken, url: 'http://example.org/x' }), /expression/i);
});

test('programmes of the content are read and announced', async () => {
  const found = await world.send(
    'GET',
    '/fhir/PlanDefinition?url=http://yba.vn/fhir/PlanDefinition/tang-huyet-ap',
  );
  assert.equal(found.body.entry.length, 1, found.text);
  const { rest } = (await world.send('GET', '/fhir/metadata')).body;
  const names = JSON.stringify(rest[0]);
  assert.match(names, /immds-forecast/);
  assert.match(names, /PlanDefinition-apply/);
});
