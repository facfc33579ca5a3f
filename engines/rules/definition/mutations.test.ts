/** Good rules of the content with something broken in them: refused with the place, or carried out without a defect. Never a defect at the bedside. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datedFiles } from '../../../kernel/content/dated.ts';
import type { PlanDefinition } from '../../../kernel/fhir/types.ts';
import { evaluateRules } from '../evaluate.ts';
import { content } from '../testing.ts';
import { casesOf } from './cases.ts';
import { checkRule } from './check.ts';
import { TRIGGERS } from './names.ts';
import { readRule } from './read.ts';
import type { RuleFile } from './rule.ts';

const FILES: RuleFile[] = datedFiles<PlanDefinition>(content, 'rules');
type Tree = Record<string | number, unknown>;
/** A node of a definition: what holds it, by which name, and where it is. */
interface Node {
  holder: Tree;
  name: string | number;
  path: (string | number)[];
}

function nodesOf(holder: unknown, path: (string | number)[] = []): Node[] {
  if (typeof holder !== 'object' || holder === null) return [];
  const names = Array.isArray(holder) ? holder.map((_, at) => at) : Object.keys(holder);
  return names.flatMap((name) => [
    { holder: holder as Tree, name, path: [...path, name] },
    ...nodesOf((holder as Tree)[name], [...path, name]),
  ]);
}

const placeOf = (path: readonly (string | number)[]) =>
  path.reduce<string>(
    (place, name) => place + (typeof name === 'number' ? `[${name}]` : `.${name}`),
    'PlanDefinition',
  );

/** Of every rule a copy with one change at each node that is meant. */
function* changed(isMeant: (node: Node) => boolean, change: (node: Node) => void) {
  for (const file of FILES)
    for (const { path } of nodesOf(file.value).filter(isMeant)) {
      const value = structuredClone(file.value);
      const node = nodesOf(value).find((one) => placeOf(one.path) === placeOf(path))!;
      change(node);
      yield { file: { ...file, value }, path };
    }
}

const isExpression = ({ holder, name }: Node) =>
  name === 'expression' && typeof holder.expression === 'string' && holder.language === 'text/fhirpath';

test('every expression of every rule, broken or asking for what nobody gives, is refused at its place', () => {
  const breaks: ((text: string) => string)[] = [
    (text) => `${text} and (`,
    (text) => `(${text}) and %khongCo`,
    (text) => `(${text}).khongCo()`,
    () => 'Patient.khongCo.exists()',
    () => '',
  ];
  let tried = 0;
  for (const broken of breaks)
    for (const { file, path } of changed(isExpression, ({ holder }) => {
      holder.expression = broken(holder.expression as string);
    })) {
      const faults = checkRule(file, content);
      const top = placeOf(path.slice(0, 2));
      assert.ok(
        faults.some(({ place, text, textEn }) => place.startsWith(top) && text !== '' && textEn !== ''),
        `${file.file} ${placeOf(path)}: ${JSON.stringify(faults)}`,
      );
      tried += 1;
    }
  assert.ok(tried > 300, `only ${tried} expressions`);
});

test('a hook, a calculator, a table, a kind, a reason and a role that nobody knows are refused in every rule', () => {
  const calculator = ({ holder, name }: Node) => name === 'valueCode' && holder.url === 'calculator';
  const table = ({ holder, name, path }: Node) =>
    name === 'valueString' && /^(drug|cvd|scores)\//.test(String(holder.valueString)) && path.length > 2;
  const trigger = ({ holder, name }: Node) => name === 'name' && holder.type === 'named-event';
  const coding =
    (system: string) =>
    ({ holder, name }: Node) =>
      name === 'code' && typeof holder.code === 'string' && String(holder.system).endsWith(system);
  let tried = 0;
  for (const isMeant of [
    calculator,
    table,
    trigger,
    coding('/loai-canh-bao'),
    coding('/ly-do-bo-qua'),
    coding('/vai-tro'),
    coding('plan-definition-type'),
    coding('action-type'),
  ])
    for (const { file, path } of changed(isMeant, ({ holder, name }) => {
      holder[name] = 'khong-co';
    })) {
      const faults = checkRule(file, content);
      const top = String(path[0]);
      assert.ok(
        faults.some(({ place }) => place.includes(top)),
        `${file.file} ${placeOf(path)}: ${JSON.stringify(faults)}`,
      );
      tried += 1;
    }
  assert.ok(tried > 150, `only ${tried} codes`);
});

test('a rule without a source, an owner, a description, an action or a hook is refused', () => {
  for (const name of [
    'relatedArtifact',
    'author',
    'description',
    'action',
    'title',
    'type',
    'url',
    'version',
  ])
    for (const file of FILES) {
      const { [name as 'title']: _, ...rest } = file.value;
      const value = name === 'author' ? { ...rest, publisher: undefined } : rest;
      if (name === 'relatedArtifact' && file.value.action?.every(({ documentation }) => documentation))
        continue;
      assert.notDeepEqual(
        checkRule({ ...file, value: value as PlanDefinition }, content),
        [],
        `${file.file} without ${name}`,
      );
    }
  for (const { file } of changed(
    ({ name, path }) => name === 'trigger' && path.length === 3,
    ({ holder }) => {
      holder.trigger = [];
    },
  ))
    assert.notDeepEqual(checkRule(file, content), [], `${file.file} without a hook`);
});

/** Mulberry32: the same changes on every machine. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const RUBBISH: readonly unknown[] = [
  null,
  '',
  'rác',
  5,
  -1,
  true,
  [],
  {},
  [null],
  { url: 5 },
  'x'.repeat(5000),
  '%day',
  '2026-02-30',
];

test('of a thousand random changes none is a defect: refused with a place and words, or asked of the cases without a fault of the program', () => {
  const random = seeded(23_11_2026);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  let refused = 0;
  for (let at = 0; at < 1000; at += 1) {
    const file = pick(FILES);
    const value = structuredClone(file.value);
    const { holder, name, path } = pick(nodesOf(value));
    const kind = Math.floor(random() * 4);
    if (kind === 0 && !Array.isArray(holder)) delete holder[name];
    else if (kind === 1 && Array.isArray(holder)) holder.push(structuredClone(holder[name as number]));
    else holder[name] = structuredClone(pick(RUBBISH));
    const change = `${at}: ${file.file} ${placeOf(path)}`;
    const broken = { ...file, value };
    const faults = checkRule(broken, content);
    if (faults.length > 0) {
      refused += 1;
      for (const { place, text, textEn } of faults)
        assert.ok(place !== '' && text !== '' && textEn !== '', `${change}: ${JSON.stringify(faults)}`);
      continue;
    }
    const rule = readRule(broken, content);
    for (const one of casesOf(content, file.key) ?? [])
      for (const hook of TRIGGERS) {
        const { faults: failed } = evaluateRules(
          [rule],
          {
            hook,
            day: one.day,
            now: new Date(`${one.day}T12:00:00+07:00`),
            patient: one.patient,
            resources: one.resources ?? [],
            drafts: one.draftOrders ?? [],
            roles: null,
            place: null,
          },
          content,
        );
        assert.deepEqual(
          failed.filter(({ failure }) => failure.code === 'internal').map(({ failure }) => failure),
          [],
          change,
        );
      }
  }
  assert.ok(refused > 300, `only ${refused} were refused`);
});
