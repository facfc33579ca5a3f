/**
 * Identifier systems, code systems and extensions by name, so that no URL is typed twice.
 * One system per kind of number (IHE PIXm: never reuse one system for two). The table with meanings is docs/model.md.
 */

const SID = 'http://yba.vn/fhir/sid/';
const CS = 'http://yba.vn/fhir/cs/';
const EXT = 'http://yba.vn/fhir/ext/';

export const sid = {
  /** Số định danh cá nhân / căn cước, 12 digits. */
  cccd: `${SID}cccd`,
  /** Old identity card, 9 digits. */
  cmnd: `${SID}cmnd`,
  passport: `${SID}passport`,
  /** Insurance card number, 15 characters. */
  bhyt: `${SID}bhyt`,
  /** Social insurance number, 10 digits. */
  bhxh: `${SID}bhxh`,
  /** Facility code of the insurer, 5 characters. */
  cskcb: `${SID}cskcb`,
  /** Practice licence. */
  gphn: `${SID}gphn`,
  /** Patient code of a facility (MA_BN). */
  patientCode: `${SID}ma-bn`,
  /** Treatment episode (MA_LK). */
  episode: `${SID}ma-lk`,
  /** One charge of an episode: `<MA_LK>.<line number>`, the same when the visit is billed again. */
  chargeLine: `${SID}dong-chi-phi`,
  /** Queue ticket. */
  ticket: `${SID}so-thu-tu`,
  /** National prescription code: facility, seven random characters, dash, kind (Circular 26/2025, annex I). */
  prescription: `${SID}ma-don-thuoc`,
  /** One line of a prescription: `<number>.<line>`, in the order the prescriber wrote. */
  prescriptionLine: `${SID}dong-don-thuoc`,
  household: `${SID}ho-gia-dinh`,
  /** A filled form (QuestionnaireResponse). */
  response: `${SID}phieu`,
  /** What was extracted of one answer: number of the filled form, then the place of the answer in it. */
  answer: `${SID}cau-tra-loi`,
  /** Number of an issued paper: `<unit>/<series>/<year>/<number>`, or the number that the record gave it before. */
  paper: `${SID}so-giay-to`,
  /** What an issued paper was made of, as a fingerprint: the same versions of the record give the same paper. */
  paperSource: `${SID}nguon-giay-to`,
  /** Sign-in name of a staff member. */
  user: `${SID}tai-khoan`,
} as const;

export const cs = {
  icd10: 'http://hl7.org/fhir/sid/icd-10',
  loinc: 'http://loinc.org',
  ucum: 'http://unitsofmeasure.org',
  atc: 'http://www.whocc.no/atc',
  snomed: 'http://snomed.info/sct',
  cvx: 'http://hl7.org/fhir/sid/cvx',
  /** Administrative unit, codes of the statistics office. */
  unit: `${CS}don-vi-hanh-chinh`,
  ethnicity: `${CS}dan-toc`,
  occupation: `${CS}nghe-nghiep`,
  /** A medicine of the facility's list. */
  medicine: `${CS}thuoc`,
  ingredient: `${CS}hoat-chat`,
  route: `${CS}duong-dung`,
  /** Rights of a person over the data (Law 91/2025), code of a Task. */
  right: `${CS}quyen-du-lieu`,
  /** Technical service with price (dịch vụ kỹ thuật). */
  service: `${CS}dich-vu-ky-thuat`,
  costGroup: `${CS}nhom-chi-phi`,
  /** Scope of the fund (PHAM_VI): 1 paid by the fund, 2 by the patient, 3 army, police, cipher. */
  scope: `${CS}pham-vi`,
  visitType: `${CS}loai-kcb`,
  patientCategory: `${CS}doi-tuong-kcb`,
  outcome: `${CS}ket-qua-dieu-tri`,
  dischargeType: `${CS}loai-ra-vien`,
  department: `${CS}khoa`,
  /** Why a warning was overridden before signing. */
  overrideReason: `${CS}ly-do-bo-qua-canh-bao`,
  alertKind: `${CS}loai-canh-bao`,
  role: `${CS}vai-tro`,
  facilityType: `${CS}loai-co-so`,
  /** Kind of an issued paper: the key of its definition in content/documents. */
  paper: `${CS}loai-giay-to`,
  /** Category of a file that was attached to a record: content/documents/attachment-kinds.csv. */
  attachmentKind: `${CS}loai-dinh-kem`,
  /** DocumentReference.content.format: what a further rendering of the same file is for. */
  rendering: `${CS}dang-the-hien`,
  actReason: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
} as const;

export const ext = {
  /** Encounter: MA_DOITUONG_KCB, valueCoding in cs.patientCategory. */
  patientCategory: `${EXT}doi-tuong-kcb`,
  /** Encounter: KET_QUA_DTRI, valueCoding in cs.outcome. */
  outcome: `${EXT}ket-qua-dieu-tri`,
  /** Address: 5-digit commune code with the date it was valid, valueCoding in cs.unit. */
  unit: `${EXT}don-vi-hanh-chinh`,
  /** Patient: valueCoding in cs.ethnicity. */
  ethnicity: `${EXT}dan-toc`,
  /** Patient: valueCoding in cs.occupation. */
  occupation: `${EXT}nghe-nghiep`,
  /** Coverage: facility registered for first care, valueIdentifier in sid.cskcb. */
  registeredFacility: `${EXT}noi-dang-ky-kcb`,
  /** Coverage: date of five continuous years, valueDate. */
  fiveYears: `${EXT}nam-nam-lien-tuc`,
  /** Coverage: living area K1–K3, valueCode. */
  livingArea: `${EXT}khu-vuc`,
  /** Coverage: start of exemption from co-payment, valueDate. */
  copayExemption: `${EXT}mien-cung-chi-tra`,
  /** Claim.insurance.coverage: versionId of the card that the visit was billed with, valueString. */
  billedVersion: `${EXT}phien-ban-the`,
  /** Claim.item: the money fields of tables 2 and 3, one sub-extension a field (modules/billing/README.md). */
  lineMoney: `${EXT}tien-dong-chi-phi`,
  /** Claim: the money fields of table 1 (modules/billing/README.md). */
  visitMoney: `${EXT}tien-luot-kham`,
  /** Encounter: when the consultation was last written, valueDateTime; each writing is a version of the visit. */
  consultedAt: `${EXT}luu-kham-luc`,
  /** Encounter: number of the signed prescription, valueIdentifier in sid.prescription. */
  prescription: `${EXT}don-thuoc`,
  /** DocumentReference: definition of the issued paper with its version, valueCanonical. */
  paper: `${EXT}mau-giay-to`,
  /** Attachment: SHA-256 of its bytes in hexadecimal, valueString (R4 itself has SHA-1). */
  sha256: `${EXT}sha-256`,
  /** DocumentReference: why, by whom and when an issued paper was cancelled: ly-do, nguoi-huy, luc. */
  cancelled: `${EXT}huy-giay-to`,
  /** Questionnaire: why this version was published, valueString; of a roll back it must be said. */
  versionReason: `${EXT}ly-do-phien-ban`,
  /** How the person was identified at reception, valueCode: qr-cccd, qr-bhyt, typed, search. */
  identifiedBy: `${EXT}cach-nhan-dien`,
} as const;

/** Every generated person and record carries this security label: test health data (HL7 v3 ActReason HTEST). */
export const DEMO_LABEL = { system: cs.actReason, code: 'HTEST', display: 'test health data' } as const;
