/** Diagnoses: what may be entered, and how they stand in the record. Pure. */

import { dayOf, daysBetween } from '../../../engines/rules/index.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Terminology } from '../../../kernel/fhir/terminology/index.ts';
import type { Condition, Encounter, Patient } from '../../../kernel/fhir/types.ts';
import type { DiagnosisInput, Warning } from '../contract.ts';
import type { Fields } from '../fields.ts';
import { codeOf, idOf } from '../text.ts';
import { originWarning } from './origin.ts';

const MOST_DIAGNOSES = 20;

/** Reads `body.diagnoses`; unknown codes, repeated ones and codes that may not be the main one are field faults. */
export function readDiagnoses(
  body: Record<string, unknown>,
  fields: Fields,
  terminology: Terminology,
  day: string,
): DiagnosisInput[] {
  const list = fields.list(body, 'diagnoses');
  if (list.length > MOST_DIAGNOSES) {
    fields.fault('diagnoses', `Tối đa ${MOST_DIAGNOSES} chẩn đoán.`, `At most ${MOST_DIAGNOSES} diagnoses.`);
    return [];
  }
  const read = list.map((one, index) => readOne(one, index, fields, terminology, day));
  const codes = read.flatMap((one) => (one ? [one.code] : []));
  for (const [index, code] of codes.entries()) {
    if (codes.indexOf(code) === index) continue;
    fields.fault(
      `diagnoses[${index}].code`,
      `Mã ${code} đã có trong danh sách.`,
      `${code} is already listed.`,
    );
  }
  return read.flatMap((one) => one ?? []);
}

function readOne(
  one: Record<string, unknown>,
  index: number,
  fields: Fields,
  terminology: Terminology,
  day: string,
): DiagnosisInput | null {
  const place = `diagnoses[${index}].code`;
  const code = fields.text(one, 'code', place).toUpperCase();
  const status = one.status === 'provisional' ? 'provisional' : 'confirmed';
  const found = terminology.validate(cs.icd10, code, day);
  if (found.result === 'not-in-force') {
    fields.fault(
      place,
      `Mã ${code} không còn dùng vào ngày khám.`,
      `${code} is not in force on the day of the visit.`,
    );
    return null;
  }
  if (found.result !== 'valid') {
    fields.fault(
      place,
      `Không có mã ICD-10 "${code}". Gõ tên bệnh để chọn trong danh mục.`,
      `There is no ICD-10 code "${code}". Type the name and choose from the list.`,
    );
    return null;
  }
  if (index === 0 && found.concept.properties.not_principal === '1') {
    fields.fault(
      place,
      `Mã ${code} không được làm bệnh chính. Chọn mã khác làm bệnh chính rồi để mã này ở bệnh kèm theo.`,
      `${code} may not be the main diagnosis.`,
    );
  }
  return { code: found.concept.code, status };
}

/**
 * What is allowed but looks wrong: a group code, a disease of the other sex or of another age, an asterisk code without
 * the disease it comes from, an external cause as the main diagnosis.
 */
export function diagnosisWarnings(
  diagnoses: DiagnosisInput[],
  patient: Patient,
  terminology: Terminology,
  content: Content,
  day: string,
): Warning[] {
  return diagnoses.flatMap(({ code }, index) => {
    const properties = terminology.lookup(cs.icd10, code, day)?.properties;
    if (!properties) return [];
    const field = `diagnoses[${index}].code`;
    const warnings: Warning[] = [];
    if (properties.leaf === '0') {
      warnings.push({
        field,
        text: `Mã ${code} là mã nhóm: chọn mã chi tiết hơn để bảo hiểm thanh toán.`,
        textEn: `${code} is a category: choose a more detailed code.`,
      });
    }
    const sex = sexWarning(code, properties.sex ?? '', patient, field);
    const age = ageWarning(code, properties.age_rules ?? '', patient, content, day, field);
    const origin = properties.mark === '*' ? originWarning(code, diagnoses, terminology, content, day) : [];
    const cause = index === 0 && properties.chapter === EXTERNAL_CAUSES ? [causeWarning(code, field)] : [];
    return [...warnings, ...sex, ...age, ...origin.map((text) => ({ field, ...text })), ...cause];
  });
}

/** Chapter XX, V01–Y98: how something happened, never what the patient has (ICD-10 volume 2, 4.1.1). */
const EXTERNAL_CAUSES = 'XX';

function causeWarning(code: string, field: string): Warning {
  return {
    field,
    text: `Mã ${code} là nguyên nhân bên ngoài: ghi tổn thương hoặc bệnh làm bệnh chính, mã này ở bệnh kèm theo.`,
    textEn: `${code} is an external cause: the injury or disease is the main diagnosis.`,
  };
}

function sexWarning(code: string, sex: string, patient: Patient, field: string): Warning[] {
  const wanted = { M: 'male', F: 'female', male: 'male', female: 'female' }[sex];
  if (!wanted || !patient.gender || patient.gender === wanted || patient.gender === 'unknown') return [];
  const name = wanted === 'male' ? 'nam' : 'nữ';
  return [
    {
      field,
      text: `Mã ${code} chỉ dùng cho ${name}. Xem lại mã hoặc giới tính.`,
      textEn: `${code} is for ${wanted} only.`,
    },
  ];
}

function ageWarning(
  code: string,
  rules: string,
  patient: Patient,
  content: Content,
  day: string,
  field: string,
): Warning[] {
  if (rules === '' || !patient.birthDate) return [];
  const days = daysBetween(dayOf(patient.birthDate), day);
  const named = rules.split(/[|; ]+/);
  const broken = content
    .inForce('terminology/icd10-age-rules', day)
    .filter((row) => named.includes(row.code!))
    .find(
      (row) =>
        days < Number(row.min_age_days || 0) || (row.max_age_days !== '' && days > Number(row.max_age_days)),
    );
  if (!broken) return [];
  return [
    {
      field,
      text: `Mã ${code}: ${broken.display}. Xem lại mã hoặc ngày sinh.`,
      textEn: `${code} does not fit the age.`,
    },
  ];
}

/** Diagnoses of a visit in the order of their rank. */
export function diagnosesOf(encounter: Encounter, conditions: Condition[]): Condition[] {
  const rank = new Map((encounter.diagnosis ?? []).map((one) => [idOf(one.condition), one.rank ?? 99]));
  return conditions
    .filter((condition) => !isMistaken(condition) && codeOf(condition.code, cs.icd10) !== '')
    .sort((a, b) => (rank.get(a.id ?? '') ?? 99) - (rank.get(b.id ?? '') ?? 99));
}

export function isMistaken(condition: Condition): boolean {
  return condition.verificationStatus?.coding?.some((coding) => coding.code === 'entered-in-error') ?? false;
}

export function diagnosisInput(condition: Condition): DiagnosisInput {
  const status = condition.verificationStatus?.coding?.[0]?.code;
  return {
    code: codeOf(condition.code, cs.icd10),
    status: status === 'provisional' ? 'provisional' : 'confirmed',
  };
}
