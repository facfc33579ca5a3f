/** Points of the content's FINDRISC form (Lindström and Tuomilehto 2003), at the edges of each band. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { openForm } from './browser.ts';
import { formVersions } from './content.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const { value } = formVersions(content).find(({ key }) => key === 'findrisc')!;

interface Asked {
  gender: 'male' | 'female';
  birthDate: string;
  kg: number;
  waist: number;
  active: boolean;
  greens: boolean;
  medicine: boolean;
  glucose: boolean;
  family: 'khong' | 'xa' | 'gan';
}
const LOW: Asked = {
  gender: 'female',
  birthDate: '1990-01-01',
  kg: 60,
  waist: 79.9,
  active: true,
  greens: true,
  medicine: false,
  glucose: false,
  family: 'khong',
};

/** All are 160 cm tall: a BMI of 25 is 64 kg. */
function score(asked: Partial<Asked>) {
  const one = { ...LOW, ...asked };
  const form = openForm(value, {
    now: new Date('2026-11-23T08:00:00+07:00'),
    context: { patient: { resourceType: 'Patient', gender: one.gender, birthDate: one.birthDate } },
  });
  const choice = (place: string, code: string) =>
    form.read(place)!.options!.find((each) => (each.value as { code?: string }).code === code)!.value;
  form.set('hoi/can-nang', [one.kg]);
  form.set('hoi/chieu-cao', [160]);
  form.set('hoi/vong-eo', [one.waist]);
  form.set('hoi/van-dong', [one.active]);
  form.set('hoi/rau', [one.greens]);
  form.set('hoi/thuoc', [one.medicine]);
  assert.deepEqual(form.read('diem/tong')?.values, [], 'no total before every question is answered');
  form.set('hoi/duong', [one.glucose]);
  form.set('hoi/gia-dinh', [choice('hoi/gia-dinh', one.family)]);
  const level = (form.read('diem/muc')!.values[0] as { code: string }).code;
  form.set('xu-tri', [choice('xu-tri', 'tu-van')]);
  return {
    total: form.read('diem/tong')?.values[0],
    level,
    isRefused: form.read('xu-tri')!.issues.length > 0,
  };
}
const total = (asked: Partial<Asked>) => score(asked).total;

test('each answer gives its points', () => {
  assert.equal(total({}), 0);
  const born = (year: number) => ({ birthDate: `${year}-01-01` });
  assert.deepEqual(
    [1982, 1981, 1971, 1962, 1961].map((year) => total(born(year))),
    [0, 2, 3, 3, 4],
  );
  assert.deepEqual(
    [63.9, 64, 76.8, 77.1].map((kg) => total({ kg })),
    [0, 1, 1, 3],
  );
  assert.deepEqual(
    [79.9, 80, 88, 88.1].map((waist) => total({ waist })),
    [0, 3, 3, 4],
  );
  assert.deepEqual(
    [93.9, 94, 102, 102.1].map((waist) => total({ gender: 'male', waist })),
    [0, 3, 3, 4],
  );
  assert.deepEqual(
    [
      total({ active: false }),
      total({ greens: false }),
      total({ medicine: true }),
      total({ glucose: true }),
      total({ family: 'xa' }),
      total({ family: 'gan' }),
    ],
    [2, 1, 2, 5, 3, 5],
  );
});

test('the whole is 26 at most; from 15 points on a glucose test or a referral is asked for', () => {
  const all: Asked = {
    gender: 'male',
    birthDate: '1950-01-01',
    kg: 90,
    waist: 110,
    active: false,
    greens: false,
    medicine: true,
    glucose: true,
    family: 'gan',
  };
  assert.deepEqual(score(all), { total: 26, level: 'rat-cao', isRefused: true });
  assert.deepEqual(score({}), { total: 0, level: 'thap', isRefused: false });
  assert.equal(score({ glucose: true, family: 'xa', active: false, greens: false }).level, 'hoi-cao');
  assert.equal(score({ glucose: true, family: 'gan', medicine: true }).level, 'vua');
  assert.deepEqual(score({ glucose: true, family: 'gan', medicine: true, waist: 80 }), {
    total: 15,
    level: 'cao',
    isRefused: true,
  });
});
