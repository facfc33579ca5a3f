/** The profiles of the content as data: valid by R4, each rule with reason and source, each with a bad example. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { type ContentProfile, profilesOf } from '../../kernel/content/profiles.ts';
import { ext } from '../../kernel/fhir/systems.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { examplesOf } from './profiles/examples.ts';
import { guidePages } from './profiles/guide.ts';
import { elementsIn, rulesOf } from './profiles/rules.ts';

const content = openContent(join(import.meta.dirname, '..'));
const profiles = profilesOf(content);
const each = (check: (profile: ContentProfile) => unknown[]) =>
  assert.deepEqual(
    profiles.flatMap((profile) => check(profile).map((one) => `${profile.id}: ${one}`)),
    [],
  );

test('every definition is valid by R4, and named after its file', () => {
  assert.ok(profiles.length >= 34);
  each((profile) => validateResource(profile).map(({ expression, textEn }) => `${expression} ${textEn}`));
  each(({ id }) => (content.json<ContentProfile>(`profiles/${id}`).id === id ? [] : ['another file name']));
});

test('every extension that the program writes has its definition', () => {
  const known = new Set(profiles.map(({ url }) => url));
  assert.deepEqual(
    Object.values(ext).filter((url) => !known.has(url)),
    [],
  );
});

test('every extension of ours in the content has its definition', () => {
  const known = new Set(profiles.map(({ url }) => url));
  const used = ['programmes', 'rules', 'forms'].flatMap((folder) =>
    content
      .files(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => [
        ...readFileSync(join(import.meta.dirname, '..', folder, name), 'utf8').matchAll(
          /"(http:\/\/yba\.vn\/fhir\/ext\/[a-z0-9-]+)"/g,
        ),
      ]),
  );
  const urls = new Set(used.map(([, url]) => url!));
  assert.deepEqual([...urls].filter((url) => !known.has(url)).sort(), [CALCULATOR]);
});

/** Of rules that ask a calculator: its parts are named by the calculator itself. */
const CALCULATOR = 'http://yba.vn/fhir/ext/may-tinh';

test('every rule says its reason and its source, and how sure the source is', () => {
  const told = /Nguồn: .+ \[(?:văn bản|thứ cấp|chưa kiểm chứng|quy ước)\]$/;
  each((profile) =>
    rulesOf(profile)
      .filter(({ why }) => !told.test(why))
      .map(({ id }) => id),
  );
});

test('a constraint has one key in all profiles, and its words in two languages', () => {
  const keys = profiles.flatMap((profile) =>
    elementsIn(profile).flatMap(({ constraint = [] }) => constraint.map(({ key }) => key)),
  );
  assert.equal(new Set(keys).size, keys.length);
  each((profile) =>
    elementsIn(profile).flatMap(({ constraint = [] }) =>
      constraint.filter((one) => !('_human' in one) || !one.key.startsWith('yba-')).map(({ key }) => key),
    ),
  );
});

test('every rule has a bad example, and every bad example breaks a rule that is there', () => {
  each((profile) => {
    const rules = rulesOf(profile).map(({ id }) => id);
    const shown = examplesOf(content, profile.id).bad.map(({ rule }) => rule);
    return [
      ...rules.filter((id) => !shown.includes(id)).map((id) => `${id} has no bad example`),
      ...shown.filter((id) => !rules.includes(id)).map((id) => `${id} is no rule`),
    ];
  });
});

test('the province digits that are let through are those of the list', () => {
  const element = elementsIn(profiles.find(({ id }) => id === 'cong-dan')!).find(
    ({ id }) => id === 'Patient.identifier:cccd',
  );
  const { expression } = element!.constraint!.find(({ key }) => key === 'yba-cccd-3')!;
  const pattern = /'(\^0\([^']+\))'/.exec(expression)![1]!;
  const passing = Array.from({ length: 1000 }, (_, at) => String(at).padStart(3, '0')).filter((digits) =>
    new RegExp(pattern).test(`${digits}185000001`),
  );
  assert.deepEqual(
    passing,
    content.table('people/cccd-provinces').map(({ code }) => code),
  );
});

test('the committed guide is what the generator makes of the content', () => {
  const folder = join(import.meta.dirname, '../../docs/profiles');
  const pages = guidePages(content);
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(pages).sort());
  for (const [name, text] of Object.entries(pages)) {
    assert.equal(
      readFileSync(join(folder, name), 'utf8'),
      text,
      `docs/profiles/${name}: run content/convert/profiles.ts`,
    );
  }
});
