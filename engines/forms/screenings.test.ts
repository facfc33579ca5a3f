/** Points and levels of the screening forms of the content (PHQ-9, GAD-7, AUDIT-C, ASSIST), at the edges of each band. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { openForm } from './browser.ts';
import { formVersions } from './content.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
type Opened = ReturnType<typeof opened>;

function opened(key: string, gender: 'female' | 'male' = 'female', birthDate = '1980-01-01') {
  const { value } = formVersions(content).find((one) => one.key === key)!;
  return openForm(value, {
    now: new Date('2026-11-23T08:00:00+07:00'),
    context: { patient: { resourceType: 'Patient', gender, birthDate } },
  });
}

function choose(form: Opened, place: string, code: string): void {
  const found = form.read(place)!.options!.find((one) => (one.value as { code?: string }).code === code);
  assert.ok(found, `${place} has no ${code}`);
  form.set(place, [found.value]);
}

const level = (form: Opened) => (form.read('diem/muc')!.values[0] as { code: string } | undefined)?.code;
const total = (form: Opened) => form.read('diem/tong')!.values[0];
const isRefused = (form: Opened) => form.read('xu-tri')!.issues.length > 0;

/** Answers `points` as high as they go, question by question. */
function answered(form: Opened, questions: number, points: number): Opened {
  let left = points;
  for (let question = 1; question <= questions; question += 1) {
    if (question === questions)
      assert.equal(total(form), undefined, 'no total before every question is answered');
    const here = Math.min(3, left);
    choose(form, `hoi/c${question}`, String(here));
    left -= here;
  }
  return form;
}

test('PHQ-9 (Kroenke 2001): bands of 5, 10, 15, 20; no answer counts before all nine are given', () => {
  const levels = (points: number) => {
    const form = answered(opened('phq-9'), 9, points);
    assert.equal(total(form), points);
    return level(form);
  };
  assert.deepEqual([0, 4, 5, 9, 10, 14, 15, 19, 20, 27].map(levels), [
    'toi-thieu',
    'toi-thieu',
    'nhe',
    'nhe',
    'vua',
    'vua',
    'kha-nang',
    'kha-nang',
    'nang',
    'nang',
  ]);
});

test('PHQ-9: a thought of death at any score asks for safety at once, ten points for a doctor', () => {
  const form = answered(opened('phq-9'), 9, 0);
  choose(form, 'xu-tri', 'theo-doi');
  assert.equal(isRefused(form), false);
  choose(form, 'hoi/c9', '1');
  assert.equal(isRefused(form), true);
  choose(form, 'xu-tri', 'an-toan');
  assert.equal(isRefused(form), false);
  const high = answered(opened('phq-9'), 9, 10);
  choose(high, 'xu-tri', 'tu-van');
  assert.equal(isRefused(high), true);
  choose(high, 'xu-tri', 'kham');
  assert.equal(isRefused(high), false);
});

test('GAD-7 (Spitzer 2006): bands of 5, 10, 15', () => {
  const levels = (points: number) => level(answered(opened('gad-7'), 7, points));
  assert.deepEqual([4, 5, 9, 10, 14, 15, 21].map(levels), [
    'lo-au-toi-thieu',
    'lo-au-nhe',
    'lo-au-nhe',
    'lo-au-vua',
    'lo-au-vua',
    'lo-au-nang',
    'lo-au-nang',
  ]);
});

test('AUDIT-C (Bush 1998): hazardous from 3 for women, from 4 for men', () => {
  const drinks = (gender: 'female' | 'male', points: [number, number, number]) => {
    const form = opened('audit-c', gender);
    choose(form, 'hoi/lan', `lan-${points[0]}`);
    choose(form, 'hoi/luong', `luong-${points[1]}`);
    assert.equal(total(form), undefined);
    choose(form, 'hoi/nhieu', `nhieu-${points[2]}`);
    return [total(form), level(form)];
  };
  assert.deepEqual(drinks('female', [2, 0, 0]), [2, 'it-nguy-co']);
  assert.deepEqual(drinks('female', [2, 1, 0]), [3, 'nguy-co']);
  assert.deepEqual(drinks('male', [2, 1, 0]), [3, 'it-nguy-co']);
  assert.deepEqual(drinks('male', [2, 1, 1]), [4, 'nguy-co']);
  assert.deepEqual(drinks('male', [4, 4, 4]), [12, 'nguy-co']);
});

test('ASSIST (WHO 2010): alcohol 0–10, 11–26, 27 and more; other substances 0–3, 4–26, 27 and more; a high risk asks for referral', () => {
  const risk = (substance: string, points: number) => {
    const form = opened('assist');
    form.set(`diem/${substance}`, [points]);
    return (form.read(`muc/m-${substance}`)!.values[0] as { code: string }).code;
  };
  assert.deepEqual(
    [10, 11, 26, 27].map((points) => risk('ruou-bia', points)),
    ['assist-thap', 'assist-vua', 'assist-vua', 'assist-cao'],
  );
  assert.deepEqual(
    [3, 4, 26, 27].map((points) => risk('ats', points)),
    ['assist-thap', 'assist-vua', 'assist-vua', 'assist-cao'],
  );
  const form = opened('assist');
  choose(form, 'xu-tri', 'thong-tin');
  assert.equal(isRefused(form), true, 'no substance has points');
  form.set('diem/opioid', [30]);
  assert.equal(isRefused(form), true);
  choose(form, 'xu-tri', 'chuyen-dieu-tri');
  assert.equal(isRefused(form), false);
  form.set('diem/thuoc-la', [32]);
  assert.ok(form.read('diem/thuoc-la')!.issues.length > 0, 'tobacco has no question of 8 points');
});

test('WHO 2019 cardiovascular risk: the form keeps what the model of the content gives, for both sexes, between 40 and 74 years only', () => {
  const model = content.inForce('cvd/who2019-model', '2026-11-23');
  for (const gender of ['male', 'female'] as const)
    for (const [year, systolic, cholesterol, diabetes, smoker] of [
      [1985, 124, 4.2, false, false],
      [1966, 158, 5.8, true, true],
      [1955, 176, 7.1, false, true],
    ] as const) {
      const form = opened('nguy-co-tim-mach', gender, `${year}-01-01`);
      form.set('vao/tam-thu', [systolic]);
      form.set('vao/cholesterol', [cholesterol]);
      form.set('vao/dai-thao-duong', [diabetes]);
      assert.deepEqual(form.read('ra/nguy-co')!.values, [], 'not before everything is known');
      form.set('vao/hut-thuoc', [smoker]);
      const wanted = modelRisk(model, { gender, age: 2026 - year, systolic, cholesterol, diabetes, smoker });
      assert.ok(
        Math.abs((form.read('ra/nguy-co')!.values[0] as number) - wanted) <= 0.051,
        `${gender} ${year}: ${form.read('ra/nguy-co')!.values[0]} is not ${wanted}`,
      );
    }
  const young = opened('nguy-co-tim-mach', 'male', '1990-01-01');
  for (const [place, value] of [
    ['vao/tam-thu', 150],
    ['vao/cholesterol', 5],
    ['vao/dai-thao-duong', true],
    ['vao/hut-thuoc', true],
  ] as const)
    young.set(place, [value]);
  assert.deepEqual(young.read('ra/nguy-co')!.values, []);
  assert.ok(young.read('vao/tuoi')!.issues.length > 0);
});

interface Person {
  gender: 'male' | 'female';
  age: number;
  systolic: number;
  cholesterol: number;
  diabetes: boolean;
  smoker: boolean;
}

/** Kaptoge 2019, equations of the supplement: per cent in ten years. */
function modelRisk(model: readonly Readonly<Record<string, string>>[], person: Person): number {
  const survives = ['coronary', 'stroke'].map((outcome) => {
    const row = model.find((one) => one.sex === person.gender && one.outcome === outcome)!;
    const of = (name: string) => Number(row[name]);
    const [a, c, s] = [person.age - 60, person.cholesterol - 6, person.systolic - 120];
    const [d, m] = [Number(person.diabetes), Number(person.smoker)];
    const main =
      of('age') * a + of('cholesterol') * c + of('systolic') * s + of('diabetes') * d + of('smoker') * m;
    const mixed =
      a *
      (of('age_cholesterol') * c + of('age_systolic') * s + of('age_diabetes') * d + of('age_smoker') * m);
    const uncalibrated = 1 - of('baseline') ** Math.exp(main + mixed);
    return Math.exp(-Math.exp(of('k0') + of('k1') * Math.log(-Math.log(1 - uncalibrated))));
  });
  return 100 * (1 - survives[0]! * survives[1]!);
}
