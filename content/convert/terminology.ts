/**
 * Converts the international classifications of the shared reference data into `content/terminology/`.
 * Run: `node content/convert/terminology.ts [shared folder]`. Sources and licences: NOTICE and content/README.md.
 */
import { type Cells, readShared, sharedFolder, writeContent, writeList } from './files.ts';

const shared = sharedFolder(process.argv[2]);

/**
 * English titles that the annex of Decision 4469/QĐ-BYT repeats from the line above. The WHO titles (ICD-10, 2019)
 * stand in their place; Vietnamese names are never touched.
 */
const ENGLISH_TITLES: Record<string, string> = {
  C86: 'Other specified types of T/NK-cell lymphoma',
  D45: 'Polycythaemia vera',
  H82: 'Vertiginous syndromes in diseases classified elsewhere',
  I10: 'Essential (primary) hypertension',
  I48: 'Atrial fibrillation and flutter',
  K64: 'Haemorrhoids and perianal venous thrombosis',
  'T08.0': 'Fracture of spine, level unspecified, closed',
  'T08.1': 'Fracture of spine, level unspecified, open',
};

/** LOINC codes of docs/model.md that the table of common tests lacks; LOINC long names, unchanged. */
const MODEL_CODES: Cells[] = [
  { code: '85354-9', display: 'Huyết áp', display_en: 'Blood pressure panel with all children optional' },
  { code: '10154-3', display: 'Lý do đến khám', display_en: 'Chief complaint Narrative - Reported' },
  { code: '10164-2', display: 'Bệnh sử', display_en: 'History of Present illness Narrative' },
  { code: '29545-1', display: 'Khám thực thể', display_en: 'Physical findings Narrative' },
  {
    code: '11885-1',
    display: 'Tuổi thai (tuần)',
    display_en: 'Gestational age Estimated from last menstrual period',
  },
  { code: '11778-8', display: 'Ngày dự sinh', display_en: 'Delivery date Estimated' },
  { code: '8665-2', display: 'Ngày đầu kỳ kinh cuối', display_en: 'Last menstrual period start date' },
  { code: '11881-0', display: 'Chiều cao tử cung', display_en: 'Uterus Fundal height Tape measure' },
  { code: '55283-6', display: 'Tim thai', display_en: 'Fetal Heart rate' },
  { code: '8339-4', display: 'Cân nặng khi sinh', display_en: 'Birth weight Measured' },
];

convertIcd10();
convertIcd10Relations();
convertIcd9();
convertServices();
convertLaboratory();
convertVaccines();
convertUnits();

/** A17.0† → A17.0; a category printed with and without its mark is one concept and keeps the marked name. */
function convertIcd10(): void {
  const source = 'QĐ 4469/QĐ-BYT 28/10/2020';
  const ages = new Map(
    readShared(shared, 'terminology/icd10-vn-age-rules.csv').map((row) => [row.rule!, row]),
  );
  const concepts = new Map<string, Cells>();
  for (const row of readShared(shared, 'terminology/icd10-vn-2020.csv.gz')) {
    const code = row.code!.replace(/[†*]/, '');
    const before = concepts.get(code);
    if (before && before.mark !== '') continue;
    const mark = row.code!.includes('†') ? '†' : row.code!.includes('*') || row.asterisk === '1' ? '*' : '';
    const rules = [...new Set(row.age_rules!.split(';').filter(Boolean))];
    concepts.set(code, {
      code,
      display: row.name_vi!,
      display_en: ENGLISH_TITLES[code] ?? row.name_en!,
      block: row.block!,
      chapter: row.chapter_no!,
      leaf: '1',
      mark,
      not_principal: row.not_principal!,
      sex: row.sex!,
      age_rules: rules.join(';'),
      note: icdNote(
        row,
        mark,
        rules.map((rule) => ages.get(rule)!),
      ),
      valid_from: '2020-10-28',
      source,
      status: 'official',
    });
  }
  for (const code of concepts.keys()) {
    const parent = concepts.get(code.includes('.') ? parentOf(code) : '');
    if (parent) parent.leaf = '0';
  }
  for (const concept of concepts.values()) {
    concept.rank = String(rankOf(concept));
    if (concept.leaf === '0')
      concept.note = ['mã nhóm: chọn mã chi tiết hơn', concept.note].filter(Boolean).join('; ');
  }
  const own = [
    'display_en',
    'block',
    'chapter',
    'leaf',
    'mark',
    'not_principal',
    'sex',
    'age_rules',
    'note',
    'rank',
  ];
  writeList('terminology/icd10.csv.gz', own, [...concepts.values()]);
}

/** Weight in search: the claim asks for the finest code, the unspecified one is the usual one, restrictions go last. */
function rankOf(concept: Cells): number {
  const external = ['XX', 'XXI'].includes(concept.chapter!) ? -6 : 0;
  const finest = concept.leaf === '1' ? 6 : 0;
  const usual = concept.code!.endsWith('.9') ? 8 : 0;
  const restricted = concept.mark === '*' ? -16 : concept.not_principal === '1' ? -6 : 0;
  return external + finest + usual + restricted;
}

/** A00.01 → A00.0, A00.0 → A00. */
function parentOf(code: string): string {
  const shorter = code.slice(0, -1);
  return shorter.endsWith('.') ? shorter.slice(0, -1) : shorter;
}

/** The limits of a code as one sentence for the person who picks it. */
function icdNote(row: Cells, mark: string, ages: Cells[]): string {
  const parts: string[] = [];
  if (row.not_principal === '1') parts.push('không dùng làm bệnh chính');
  if (mark === '*') parts.push('mã hoa thị: ghi kèm mã chữ thập của bệnh gốc');
  if (row.sex === 'F') parts.push('chỉ dùng cho nữ');
  if (row.sex === 'M') parts.push('chỉ dùng cho nam');
  for (const age of ages)
    parts.push(`tuổi: ${age.description!.replace(/^.*tuổi(?: hợp lệ)?\s*:\s*([^)]*?)\s*\).*$/, '$1')}`);
  return parts.join('; ');
}

function convertIcd10Relations(): void {
  const basis = { valid_from: '2020-10-28', source: 'QĐ 4469/QĐ-BYT 28/10/2020', status: 'official' };
  writeList(
    'terminology/icd10-chapters.csv',
    ['display_en', 'range'],
    readShared(shared, 'terminology/icd10-vn-chapters.csv').map((row) => ({
      code: row.chapter_no!,
      display: row.name_vi!,
      display_en: row.name_en!,
      range: row.range!,
      ...basis,
    })),
  );
  const blocks = new Map<string, Cells>();
  for (const row of readShared(shared, 'terminology/icd10-vn-2020.csv.gz')) {
    if (row.block === '' || blocks.has(row.block!)) continue;
    blocks.set(row.block!, { code: row.block!, display: row.block_vi!, chapter: row.chapter_no!, ...basis });
  }
  writeList('terminology/icd10-blocks.csv', ['chapter'], [...blocks.values()]);
  writeList(
    'terminology/icd10-age-rules.csv',
    ['min_age_days', 'max_age_days'],
    readShared(shared, 'terminology/icd10-vn-age-rules.csv').map((row) => ({
      code: row.rule!,
      display: row.description!,
      min_age_days: row.min_age_days!,
      max_age_days: row.max_age_days!,
      ...basis,
    })),
  );
  const dotted = (code: string) => (code.length > 3 ? `${code.slice(0, 3)}.${code.slice(3)}` : code);
  writeContent(
    'terminology/icd10-dagger-asterisk.csv.gz',
    ['dagger', 'asterisk', 'principal', 'valid_from', 'valid_to', 'source', 'status'],
    readShared(shared, 'terminology/icd10-vn-dagger-asterisk.csv').map((row) => ({
      dagger: dotted(row.dagger!),
      asterisk: dotted(row.asterisk!),
      principal: dotted(row.principal!),
      ...basis,
    })),
  );
}

function convertIcd9(): void {
  writeList(
    'terminology/icd9cm.csv.gz',
    ['chapter', 'chapter_display'],
    readShared(shared, 'terminology/icd9cm-vn-2020.csv')
      .filter((row) => row.icd9_code !== '')
      .map((row) => ({
        code: row.icd9_code!,
        display: row.name_vi!,
        chapter: row.chapter_no!,
        chapter_display: row.chapter!,
        valid_from: '2020-01-01',
        source: 'QĐ 4440/QĐ-BYT 2020',
        status: 'official',
      })),
  );
}

/** Technical services; a service that maps to several procedures keeps all of them in `icd9`. */
function convertServices(): void {
  const services = new Map<string, Cells>();
  for (const row of readShared(shared, 'terminology/dvkt-icd9-map-2020.csv')) {
    const before = services.get(row.service_code!);
    if (before) {
      if (!before.icd9!.split(';').includes(row.icd9_code!)) before.icd9 += `;${row.icd9_code!}`;
      continue;
    }
    services.set(row.service_code!, {
      code: row.service_code!,
      display: row.service_name!,
      specialty: row.specialty!,
      level: row.level!,
      surgery_class: row.surgery_class!,
      icd9: row.icd9_code!,
      valid_from: '2020-01-01',
      source: 'QĐ 4440/QĐ-BYT 2020 Phụ lục 3 (tên theo TT 43/2013)',
      status: 'official, names of 2013',
    });
  }
  const own = ['specialty', 'level', 'surgery_class', 'icd9'];
  writeList('terminology/dich-vu-ky-thuat.csv.gz', own, [...services.values()]);
}

function convertLaboratory(): void {
  const own = [
    'display_en',
    'key',
    'group',
    'specimen',
    'ucum',
    'low_male',
    'high_male',
    'low_female',
    'high_female',
  ];
  writeList(
    'terminology/loinc.csv',
    [...own, 'critical_low', 'critical_high'],
    [
      ...readShared(shared, 'lab/common-tests-loinc.csv').map((row) => ({
        ...row,
        code: row.loinc!,
        display: row.name_vi!,
        display_en: row.loinc_name!,
      })),
      ...MODEL_CODES,
    ].map((row) => ({
      ...row,
      source: 'LOINC (loinc.org/license); tên tiếng Việt và khoảng tham chiếu do nhóm biên soạn',
      status: 'compiled',
    })),
  );
}

function convertVaccines(): void {
  const schedule = readShared(shared, 'vaccine/epi-vietnam-schedule.csv');
  const vietnamese = new Map(schedule.map((row) => [row.cvx!, row.name_vi!.replace(/ (mũi|lần) .*$/, '')]));
  writeList(
    'terminology/cvx.csv',
    ['display_en', 'short_name'],
    readShared(shared, 'vaccine/cvx-v2-0292.csv').map((row) => ({
      code: row.cvx!,
      display: vietnamese.get(row.cvx!) ?? row.full_name!,
      display_en: row.full_name!,
      short_name: row.short_name!,
      source: 'HL7 v2 table 0292 (FHIR STU3), CVX của US CDC',
      status: 'secondary',
    })),
  );
}

function convertUnits(): void {
  writeList(
    'terminology/ucum.csv',
    ['property', 'print_symbol'],
    readShared(shared, 'lab/ucum-units.csv').map((row) => ({
      code: row.code!.trim(),
      display: row.name!,
      property: row.property!,
      print_symbol: row.print_symbol!,
      source: 'UCUM (© Regenstrief Institute), @lhncbc/ucum-lhc 7.1.9',
      status: 'secondary',
    })),
  );
}
