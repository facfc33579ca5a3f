/** Rules that somebody stores over FHIR with something broken in them: refused with a place and words, or kept; never an error of the server. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
});
after(() => world.stop());

type Tree = Record<string, unknown>;

function nodesOf(holder: unknown): [Tree, string][] {
  if (typeof holder !== 'object' || holder === null) return [];
  const tree = holder as Tree;
  return Object.keys(tree).flatMap((name) => [[tree, name], ...nodesOf(tree[name])] as [Tree, string][]);
}

/** A linear congruence: the same changes on every machine. */
function seeded(seed: number): <T>(list: readonly T[]) => T {
  let state = seed;
  return (list) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return list[Math.floor((state / 2_147_483_648) * list.length)]!;
  };
}

const RUBBISH: readonly unknown[] = [
  null,
  '',
  'rác',
  5,
  true,
  [],
  {},
  [null],
  { url: 5 },
  '%day',
  '2026-02-30',
];

interface Stored {
  status: number;
  body: { issue?: { diagnostics?: string; details?: { text?: string } }[] };
}

const store = async (plan: PlanDefinition, key: string) =>
  (await world.send('POST', '/fhir/PlanDefinition', {
    ...plan,
    ...('url' in plan
      ? { url: typeof plan.url === 'string' ? `http://yba.vn/fhir/PlanDefinition/${key}` : plan.url }
      : {}),
  })) as unknown as Stored;

test('the rules of the content are stored under other names as they are; a broken one is refused with words or kept', async () => {
  const newest = new Map(
    datedFiles<PlanDefinition>(world.program.kernel.content, 'rules').map(({ key, value }) => [key, value]),
  );
  const plans = [...newest.values()];
  for (const [at, plan] of plans.entries()) {
    const whole = await store(plan, `nguyen-${at}`);
    assert.equal(whole.status, 201, `${plan.name}: ${JSON.stringify(whole.body)}`);
  }
  const pick = seeded(23);
  const statuses = new Map<number, number>();
  for (let at = 0; at < 150; at += 1) {
    const plan = structuredClone(pick(plans));
    const [holder, name] = pick(nodesOf(plan));
    if (pick([true, false]) && !Array.isArray(holder)) delete holder[name];
    else holder[name] = structuredClone(pick(RUBBISH));
    const { status, body } = await store(plan, `vo-${at}`);
    const change = `${plan.name} ${name}: ${status} ${JSON.stringify(body).slice(0, 300)}`;
    assert.ok([201, 400, 422].includes(status), change);
    if (status !== 201)
      for (const { diagnostics, details } of body.issue ?? [])
        assert.ok(diagnostics ?? details?.text, change);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  assert.ok((statuses.get(422) ?? 0) > 30 && (statuses.get(201) ?? 0) > 5, JSON.stringify([...statuses]));
});

test('the program goes on speaking with what was kept', async () => {
  const answer = await fetch(`${world.program.address}/cds-services`);
  assert.equal(answer.status, 200);
  const { body } = await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', gender: 'female' });
  const told = await fetch(`${world.program.address}/cds-services/yba-patient-view`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      context: { userId: 'Practitioner/x', patientId: body.id },
    }),
  });
  assert.equal(told.status, 200);
});
