/**
 * Rules at order signing: `node bench/rules.ts [rounds]`. Goal: 50 ms p95 with a person of 300 resources and the whole content.
 * The evaluation alone, in this process, and a call of `/cds-services/yba-order-sign` of the running program, which reads the
 * person from the record.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { evaluateRules, rulesOn } from '../engines/rules/index.ts';
import { openContent } from '../kernel/content/content.ts';
import { cs } from '../kernel/fhir/systems.ts';
import type { MedicationRequest, Patient, Resource } from '../kernel/fhir/types.ts';
import { type Figure, quantile, report } from './bench.ts';
import { type RunningProgram, runProgram } from './program.ts';
import { cpuOf, signingFigures } from './rules-signing.ts';

const ROUNDS = Number(process.argv[2] ?? 300);
/** Prescriptions signed over HTTP. */
const SIGNINGS = 40;
const RESOURCES = 300;
const DAY = new Date().toISOString().slice(0, 10);
const content = openContent(join(import.meta.dirname, '../content'));
const LINES = ['paracetamol', 'amoxicilin', 'amlodipin', 'metformin', 'ibuprofen'];
const VITALS: [loinc: string, value: number, unit: string][] = [
  ['8480-6', 138, 'mm[Hg]'],
  ['8462-4', 84, 'mm[Hg]'],
  ['8867-4', 78, '/min'],
  ['29463-7', 62, 'kg'],
  ['8302-2', 164, 'cm'],
  ['14682-9', 92, 'umol/L'],
  ['14647-2', 5.4, 'mmol/L'],
];

const patient: Patient = { resourceType: 'Patient', id: 'p', gender: 'male', birthDate: '1961-04-02' };
const dayBefore = (days: number) => new Date(Date.parse(DAY) - days * 86_400_000).toISOString().slice(0, 10);

function order(
  code: string,
  at: number,
  status: MedicationRequest['status'],
  day: string,
): MedicationRequest {
  return {
    resourceType: 'MedicationRequest',
    id: `${code}-${at}`,
    status,
    intent: 'order',
    subject: { reference: 'Patient/p' },
    authoredOn: `${day}T08:00:00+07:00`,
    medicationCodeableConcept: { text: code, coding: [{ system: cs.ingredient, code }] },
    dosageInstruction: [
      {
        timing: { repeat: { frequency: 3, period: 1, periodUnit: 'd' } },
        doseAndRate: [{ doseQuantity: { value: 500, unit: 'mg', system: cs.ucum, code: 'mg' } }],
      },
    ],
    dispenseRequest: { expectedSupplyDuration: { value: 7, system: cs.ucum, code: 'd' } },
  };
}

function recordOf(): Resource[] {
  return Array.from({ length: RESOURCES }, (_, at): Resource => {
    const day = dayBefore(at * 3);
    const subject = { reference: 'Patient/p' };
    const [loinc, value, unit] = VITALS[at % VITALS.length]!;
    if (at % 10 === 0)
      return {
        resourceType: 'Condition',
        id: `c${at}`,
        subject,
        recordedDate: day,
        code: { coding: [{ system: cs.icd10, code: at % 20 === 0 ? 'I10' : 'E11.9' }] },
      };
    if (at % 10 === 1) return order(LINES[at % LINES.length]!, at, 'active', day);
    if (at === 12)
      return {
        resourceType: 'AllergyIntolerance',
        id: 'a',
        patient: subject,
        clinicalStatus: {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
          ],
        },
        code: { coding: [{ system: cs.ingredient, code: 'ampicilin' }] },
      };
    return {
      resourceType: 'Observation',
      id: `o${at}`,
      status: 'final',
      subject,
      effectiveDateTime: `${day}T08:00:00+07:00`,
      code: { coding: [{ system: cs.loinc, code: loinc }] },
      valueQuantity: { value, unit, system: cs.ucum, code: unit },
    };
  });
}

function evaluation(): Figure[] {
  const rules = rulesOn(content, DAY);
  const resources = recordOf();
  const walls: number[] = [];
  let cards = 0;
  const ask = () => {
    const drafts = LINES.map((code, at) => order(code, at, 'draft', DAY));
    return evaluateRules(
      rules,
      {
        hook: 'order-sign',
        day: DAY,
        now: new Date(),
        patient,
        resources,
        drafts,
        roles: ['doctor'],
        place: null,
      },
      content,
    );
  };
  for (let round = 0; round < 30; round++) ask();
  const cpu = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    cards += ask().cards.length;
    walls.push(performance.now() - from);
  }
  const { user, system } = process.cpuUsage(cpu);
  return [
    { name: 'rules of the content', value: rules.length, unit: '' },
    { name: 'cards', value: cards / ROUNDS, unit: '' },
    { name: 'evaluation, p95', value: quantile(walls, 0.95), unit: 'ms', bar: { atMost: 50 } },
    { name: 'evaluation, CPU', value: (user + system) / 1000 / ROUNDS, unit: 'ms' },
  ];
}

async function overHttp(): Promise<Figure[]> {
  const program = await runProgram({ YBA_DEMO: 'on', YBA_PEOPLE: '10' });
  try {
    return [...(await signingFigures(program, SIGNINGS, recordOf)), ...(await hookFigures(program))];
  } finally {
    await program.stop();
  }
}

async function hookFigures(program: RunningProgram): Promise<Figure[]> {
  const authorization = await program.token();
  const headers = { authorization, 'content-type': 'application/fhir+json' };
  const entry = [patient, ...recordOf()].map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  const made = await program.send(
    'POST',
    '/fhir',
    { resourceType: 'Bundle', type: 'transaction', entry },
    headers,
  );
  if (made.status !== 200) throw new Error(made.text.slice(0, 500));
  const drafts = LINES.map((code, at) => ({ resource: order(code, at, 'draft', DAY) }));
  const walls: number[] = [];
  let cpu = 0;
  for (let round = 0; round < ROUNDS + 30; round++) {
    if (round === 30) cpu = cpuOf(program.pid).program;
    const body = {
      hook: 'order-sign',
      hookInstance: randomUUID(),
      context: {
        userId: 'Practitioner/x',
        patientId: 'p',
        draftOrders: { resourceType: 'Bundle', type: 'collection', entry: drafts },
      },
    };
    const from = performance.now();
    const answer = await program.send('POST', '/cds-services/yba-order-sign', body, {
      authorization,
      'content-type': 'application/json',
    });
    if (answer.status !== 200) throw new Error(answer.text.slice(0, 500));
    if (round >= 30) walls.push(performance.now() - from);
  }
  return [
    {
      name: 'CDS Hooks call with reading, p95',
      value: quantile(walls, 0.95),
      unit: 'ms',
      bar: { atMost: 500 },
    },
    { name: 'CDS Hooks call with reading, median', value: quantile(walls, 0.5), unit: 'ms' },
    {
      name: 'CDS Hooks call, CPU of the program',
      value: (cpuOf(program.pid).program - cpu) / ROUNDS,
      unit: 'ms',
    },
  ];
}

report({
  bench: 'rules',
  what: `rules at order signing: ${LINES.length} lines, a person of ${RESOURCES} resources, all rules of the content, ${ROUNDS} rounds`,
  figures: [...evaluation(), ...(await overHttp())],
});
