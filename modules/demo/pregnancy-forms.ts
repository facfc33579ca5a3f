/** What was typed into the forms of a pregnancy: antenatal visit, birth, visit after it. */
import { ageOn, daysFrom } from './days.ts';
import { personId } from './numbers.ts';
import type { Person } from './person.ts';
import type { Pregnancy } from './pregnancy.ts';
import { randomOf } from './random.ts';
import type { FilledForm, Measure, Vitals } from './visit.ts';

/** Forms stand behind the visits of the last days only: older ones would make a large province slow to generate, and no list shows them. */
export const FORM_DAYS = 60;

const pick = (isSo: boolean, one: string, other: string) => (isSo ? one : other);

export function antenatalForm(
  mother: Person,
  pregnancy: Pregnancy,
  day: string,
  week: number,
  vitals: Vitals,
  measures: readonly Measure[],
): FilledForm {
  const random = randomOf('antenatal-form', String(mother.serial), String(week));
  const number = (loinc: string) => measures.find((one) => one.loinc === loinc)?.value?.value;
  const [systolic = 110, diastolic = 70] = [vitals.systolic, vitals.diastolic];
  const earlier = mother.serial % 3;
  const haemoglobin = Math.round(random.normal(119, 8));
  const protein = pick(systolic >= 140 && random.chance(0.5), '1', '0');
  const isEarly = week < 14;
  const isUrgent = systolic >= 160 || diastolic >= 110 || haemoglobin < 70;
  const [fundus, heart] = [number('11881-0'), number('55283-6')];
  return {
    key: 'kham-thai',
    typed: {
      'thai-ky/kinh-cuoi': pregnancy.lastPeriod,
      'thai-ky/lan-thai': earlier + 1,
      'thai-ky/para': `${earlier}00${earlier}`,
      'me/can-nang': vitals.weight ?? 55,
      'me/chieu-cao': 146 + (mother.serial % 18),
      'me/huyet-ap/tam-thu': systolic,
      'me/huyet-ap/tam-truong': diastolic,
      ...(fundus ? { 'me/cao-tu-cung': fundus } : {}),
      'me/khung-chau': 'binh-thuong',
      'me/dau-hieu': 'khong',
      ...(heart ? { 'thai/tim-thai': heart } : {}),
      ...(week >= 28 ? { 'thai/ngoi': pick(random.chance(0.94), 'dau', 'mong') } : {}),
      'thai/so-thai': 1,
      'xet-nghiem/protein-nieu': protein,
      'xet-nghiem/hb': haemoglobin,
      ...(isEarly
        ? { 'xet-nghiem/hiv': 'am-tinh', 'xet-nghiem/hbsag': 'am-tinh', 'xet-nghiem/giang-mai': 'am-tinh' }
        : {}),
      'du-phong/uon-van': Math.min(2, earlier + (week >= 20 ? 1 : 0)),
      'du-phong/sat': 30,
      'du-phong/canxi': true,
      'ket-luan/tien-luong': pick(
        isUrgent,
        'chuyen',
        outlookOf(mother, day, week, systolic, diastolic, haemoglobin, protein),
      ),
    },
  };
}

/** Ordinary only where the form sets no flag of what is typed above. */
function outlookOf(
  mother: Person,
  day: string,
  week: number,
  systolic: number,
  diastolic: number,
  haemoglobin: number,
  protein: string,
): string {
  const years = ageOn(mother.birthDate, day);
  const isAnaemic = haemoglobin < (week >= 14 && week < 28 ? 105 : 110);
  const isFlagged =
    years < 18 ||
    years >= 35 ||
    systolic >= 140 ||
    diastolic >= 90 ||
    isAnaemic ||
    protein !== '0' ||
    week >= 36;
  return pick(isFlagged, 'nguy-co', 'thuong');
}

export function birthForms(child: Person, { lastPeriod, caesarean }: Pregnancy): FilledForm[] {
  const random = randomOf('birth-form', String(child.serial));
  const weeks = Math.floor(daysFrom(lastPeriod, child.birthDate) / 7);
  const grams = Math.round(random.normal(3120, 380) / 50) * 50;
  const mostly = (chance: number) => pick(random.chance(chance), 'co', 'khong');
  const birth: FilledForm = {
    key: 'ghi-nhan-sinh',
    typed: {
      'me/ngay-de': child.birthDate,
      'me/tuoi-thai': weeks,
      'me/noi-de': 'benh-vien',
      'me/nguoi-do': 'nu-ho-sinh',
      'me/cach-de': pick(caesarean, 'mo', 'thuong'),
      'me/tai-bien': 'khong',
      'me/me-tu-vong': false,
      'thai-ky/quan-ly-thai': 'co',
      'thai-ky/uon-van-du': mostly(0.93),
      'thai-ky/hiv': 'truoc',
      'thai-ky/hiv-duong': 'khong',
      'thai-ky/du-thang': 1 + (child.serial % 2),
      'thai-ky/de-non': 0,
      'thai-ky/say-pha': 0,
      'thai-ky/con-song': 1 + (child.serial % 2),
      'con#0/gioi': pick(child.sex === 'male', 'nam', 'nu'),
      'con#0/can-nang': Math.min(4600, Math.max(1900, grams)),
      'con#0/tinh-trang': 'song',
      'con#0/ho-so': { reference: `Patient/${personId(child.serial)}` },
      'con#0/bu-1-gio': mostly(0.8),
      'con#0/vitamin-k1': mostly(0.97),
      'con#0/viem-gan-b': mostly(0.9),
      'con#0/eenc': mostly(0.85),
      'con#0/ngat': 'khong',
      'con#0/sang-loc': mostly(0.6),
      'con#0/chung-sinh': 'co',
    },
  };
  const after: FilledForm = {
    key: 'kham-sau-sinh',
    typed: {
      'me/noi-kham': pick(random.chance(0.4), 'nha', 'tram'),
      'me/huyet-ap/tam-thu': 112,
      'me/huyet-ap/tam-truong': 70,
      'me/nhiet-do': 36.8,
      'me/dau-hieu-me': 'khong',
      'me/ket-luan-me': 'binh-thuong',
      'be/bu': 'co',
      'be/dau-hieu': 'khong',
    },
  };
  return [birth, after];
}
