/** Random contained resources and random criteria of them, against a naive reading of R4 search.html#contained. `SEED=…` repeats a run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom } from '../../fhir/validation/random.testing.ts';
import { heldIn } from './index.ts';
import { withStored } from './stored.testing.ts';

const SEED = Number(process.env.SEED ?? 20261123);
const QUESTIONS = 400;
const random = randomFrom(SEED);
const whole = (below: number) => Math.floor(random() * below);
const pick = <T>(items: readonly T[]): T => items[whole(items.length)]!;

interface Medicine {
  resourceType: 'Medication';
  id: string;
  status?: string;
  code?: { coding: { system: string; code: string }[] };
  batch?: { lotNumber: string; expirationDate: string };
}

const CODES = ['a', 'b', 'c'];
const STATUSES = ['active', 'inactive'];
const SYSTEM = 'http://example.org/random';

function medicine(at: number): Medicine {
  const year = 2020 + whole(4);
  return {
    resourceType: 'Medication',
    id: `m${at}`,
    ...(random() < 0.8 ? { status: pick(STATUSES) } : {}),
    ...(random() < 0.8 ? { code: { coding: [{ system: SYSTEM, code: pick(CODES) }] } } : {}),
    ...(random() < 0.7 ? { batch: { lotNumber: `L${whole(3)}`, expirationDate: `${year}-06-01` } } : {}),
  };
}

const requests = Array.from({ length: 80 }, (_, at) => {
  const contained = Array.from({ length: whole(4) }, (_one, n) => medicine(n));
  return {
    resourceType: 'MedicationRequest',
    id: `r${at}`,
    status: pick(['active', 'completed']),
    intent: 'order',
    subject: { reference: `Patient/p${at % 7}` },
    ...(contained.length > 0 ? { medicationReference: { reference: '#m0' }, contained } : {}),
  };
});

const stored = withStored(async (store) => {
  await store.commit(
    requests.map((resource) => ({ op: 'update' as const, resource: resource as never })),
    [],
  );
});

interface Asked {
  criterion: [string, string];
  test: (one: Medicine) => boolean;
}

function ask(): Asked {
  const code = pick(CODES);
  const status = pick(STATUSES);
  const codeOf = (one: Medicine) => one.code?.coding[0]?.code;
  const wanted = random() < 0.5;
  const year = String(2020 + whole(4));
  const lot = `L${whole(3)}`;
  return pick<Asked>([
    { criterion: ['code', `${SYSTEM}|${code}`], test: (one) => codeOf(one) === code },
    { criterion: ['code:not', code], test: (one) => codeOf(one) !== code },
    { criterion: ['code', `${code},a`], test: (one) => [code, 'a'].includes(codeOf(one) ?? '') },
    { criterion: ['status', status], test: (one) => one.status === status },
    { criterion: ['status:not', status], test: (one) => one.status !== status },
    { criterion: ['status:missing', String(wanted)], test: (one) => (one.status === undefined) === wanted },
    {
      criterion: ['expiration-date', `lt${year}`],
      test: (one) => (one.batch?.expirationDate ?? '9') < year,
    },
    { criterion: ['lot-number', lot], test: (one) => one.batch?.lotNumber === lot },
    { criterion: ['_id', 'm1'], test: (one) => one.id === 'm1' },
    { criterion: ['_content', lot], test: (one) => one.batch?.lotNumber === lot },
    {
      criterion: ['_filter', `not (code eq ${code}) or status eq ${status}`],
      test: (one) => codeOf(one) !== code || one.status === status,
    },
  ]);
}

test(`${QUESTIONS} random questions about what is contained are answered as a naive reading answers them`, async () => {
  for (let n = 0; n < QUESTIONS; n++) {
    const asked = Array.from({ length: 1 + whole(3) }, ask);
    const criterion: [string, string] = [
      '_contained:Medication',
      new URLSearchParams(asked.map((one) => one.criterion)).toString(),
    ];
    const right = requests.flatMap(({ id, contained }) =>
      (contained ?? [])
        .filter((one) => asked.every((each) => each.test(one)))
        .map((one) => `${id}#${one.id}`),
    );
    const query = new URLSearchParams([criterion, ['_count', '1000']]).toString();
    const { matches } = await stored.search(`MedicationRequest?${query}`);
    const inside = heldIn('MedicationRequest', criterion);
    const found = matches.flatMap(({ id, body }) =>
      inside(JSON.parse(body.toString())).map((one) => `${id}#${one.id}`),
    );
    assert.deepEqual(found.sort(), right.sort(), `SEED=${SEED} ${criterion[1]}`);
    const containers = new Set(right.map((one) => one.split('#')[0]));
    assert.equal(matches.length, containers.size, `SEED=${SEED} ${criterion[1]}`);
    const { total } = await stored.search(`MedicationRequest?${query}&_summary=count`);
    assert.equal(total, containers.size, `SEED=${SEED} ${criterion[1]} counted`);
  }
});
