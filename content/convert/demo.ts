/**
 * Converts the tables the demo province is generated from into `content/demo/`: stations of the 36 units, names, ages,
 * deaths, vaccines. Run: `node content/convert/demo.ts [shared folder]`. The tables beside them that this script does
 * not write (illnesses, chronic diseases, prescriptions …) are compiled by hand; content/README.md says which.
 */
import { type Cells, readShared, sharedFolder, writeContent } from './files.ts';

const shared = sharedFolder(process.argv[2]);

/** Hospitals and centres of the area (Decision 1557/QĐ-UBND, 2020) under demo codes; where each stands today. */
const HOSPITALS: [code: string, type: string, name: string, unit: string][] = [
  ['25D50', 'benh-vien', 'Bệnh viện đa khoa tỉnh (cơ sở Vĩnh Yên)', '08716'],
  ['25D51', 'benh-vien', 'Bệnh viện đa khoa khu vực Phúc Yên', '08740'],
  ['25D52', 'benh-vien', 'Bệnh viện Sản - Nhi', '08716'],
  ['25D53', 'benh-vien', 'Bệnh viện Y dược cổ truyền', '08716'],
  ['25D54', 'benh-vien', 'Bệnh viện Phục hồi chức năng', '08707'],
  ['25D55', 'benh-vien', 'Bệnh viện Tâm thần', '08707'],
  ['25D56', 'ttyt', 'Trung tâm Y tế khu vực Vĩnh Yên', '08707'],
  ['25D57', 'ttyt', 'Trung tâm Y tế khu vực Phúc Yên', '08740'],
  ['25D58', 'ttyt', 'Trung tâm Y tế khu vực Lập Thạch', '08761'],
  ['25D59', 'ttyt', 'Trung tâm Y tế khu vực Tam Dương', '08869'],
  ['25D5A', 'ttyt', 'Trung tâm Y tế khu vực Tam Đảo', '08911'],
  ['25D5B', 'ttyt', 'Trung tâm Y tế khu vực Bình Xuyên', '08950'],
  ['25D5C', 'ttyt', 'Trung tâm Y tế khu vực Yên Lạc', '09025'],
  ['25D5D', 'ttyt', 'Trung tâm Y tế khu vực Vĩnh Tường', '09076'],
  ['25D5E', 'ttyt', 'Trung tâm Y tế khu vực Sông Lô', '08824'],
];

/** Where the demo's people are sent, and where they are born. */
const GENERAL = '25D50';
const MATERNITY = '25D52';

convertFacilities();
convertNames();
convertPopulation();
convertVaccines();

/** 36 stations in the order of their units' codes; `population` shares a district's census among its old communes. */
function convertFacilities(): void {
  const crosswalk = readShared(shared, 'admin/vinh-phuc-crosswalk.csv');
  const census = new Map(
    readShared(shared, 'population/vinh-phuc-district-population-census.csv').map((row) => [
      row.district_code!,
      Number(row.population_2019_04_01),
    ]),
  );
  const communes = new Map<string, number>();
  for (const row of crosswalk)
    communes.set(row.old_district_code!, (communes.get(row.old_district_code!) ?? 0) + 1);
  const units = new Map<string, { name: string; people: number }>();
  for (const row of crosswalk) {
    const share = census.get(row.old_district_code!)! / communes.get(row.old_district_code!)!;
    const unit = units.get(row.new_ward_code!) ?? { name: row.new_ward_name!, people: 0 };
    units.set(row.new_ward_code!, { ...unit, people: unit.people + share });
  }
  const offices: Cells[] = [
    { id: 'so-y-te', type: 'so-y-te', name: 'Sở Y tế tỉnh Phú Thọ', unit: '08716' },
    {
      id: 'cdc',
      type: 'cdc',
      name: 'Trung tâm Kiểm soát bệnh tật tỉnh Phú Thọ',
      unit: '08716',
      part_of: 'so-y-te',
    },
    { id: 'bhxh', type: 'bhxh', name: 'Bảo hiểm xã hội tỉnh Phú Thọ', unit: '08716' },
  ];
  const stations = [...units]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, unit], at): Cells => {
      const facility = `25D${String(at + 1).padStart(2, '0')}`;
      const name = `Trạm Y tế ${unit.name.replace(/^\S+/, (kind) => kind.toLowerCase())}`;
      return facilityRow(facility, 'tram-y-te', name, code, String(Math.round(unit.people)));
    });
  const hospitals = HOSPITALS.map(([code, type, name, unit]) => ({
    ...facilityRow(code, type, name, unit, ''),
    service: type !== 'benh-vien' ? '' : code === GENERAL ? 'general' : code === MATERNITY ? 'maternity' : '',
  }));
  writeContent(
    'demo/facilities.csv',
    ['id', 'code', 'type', 'name', 'unit', 'part_of', 'population', 'service'],
    [...offices, ...stations, ...hospitals],
  );
}

function facilityRow(code: string, type: string, name: string, unit: string, population: string): Cells {
  return { id: `cs-${code}`, code, type, name, unit, part_of: 'so-y-te', population };
}

/** Surnames below 0.4 % are left out: among them are words that are no surname of the area. */
function convertNames(): void {
  writeContent(
    'demo/surnames.csv',
    ['surname', 'weight', 'ethnicity'],
    [
      ...readShared(shared, 'names/surnames-north.csv')
        .filter((row) => Number(row.weight_percent) >= 0.4)
        .map((row) => ({ surname: row.surname!, weight: row.weight_percent! })),
      ...['Kim:0.5', 'Khổng:0.4', 'Triệu:0.3', 'Quách:0.1', 'Nghiêm:0.1', 'Tô:0.2', 'Hạ:0.1'].map((text) => {
        const [surname, weight] = text.split(':');
        return { surname: surname!, weight: weight! };
      }),
      ...surnamesOf(
        '18',
        'Lâm:14 Trương:12 Lưu:10 Lý:9 Ôn:8 Diệp:7 Trần:9 Lục:6 Đàm:5 Ninh:4 Tô:4 Từ:4 Phó:2 Hoàng:6',
      ),
      ...surnamesOf('15', 'Hoàng:12 Trần:14 Ninh:8 Tống:5 Lâm:8 Đặng:7 Lý:6 Trương:6 Vi:4'),
      ...surnamesOf('09', 'Triệu:14 Bàn:10 Đặng:10 Lý:9 Phùng:8 Dương:6'),
      ...surnamesOf('02', 'Hoàng:12 Nông:11 Lương:9 Ma:6 Hà:7 Nguyễn:10'),
      ...surnamesOf('07', 'Nông:12 Hoàng:11 Lương:8 Vi:7 Lý:7 Triệu:5'),
      ...surnamesOf('06', 'Bùi:20 Đinh:13 Quách:12 Hà:9 Nguyễn:10'),
    ],
  );
  const cohorts: Record<string, string> = {
    'born before 1970': '0',
    'born 1970-1999': '1970',
    'born from 2000': '2000',
  };
  writeContent(
    'demo/given-words.csv',
    ['sex', 'born_from', 'word', 'weight'],
    readShared(shared, 'names/given-word-weights-estimate.csv').map((row) => ({
      sex: row.sex!,
      born_from: cohorts[row.cohort!]!,
      word: row.given_word!,
      weight: row.weight!,
    })),
  );
  writeContent('demo/hamlets.csv', ['hamlet', 'type'], readShared(shared, 'names/hamlet-names.csv'));
}

/** `Lâm:14 Trương:12` → rows of an ethnic group; weights compiled. */
function surnamesOf(ethnicity: string, text: string): Cells[] {
  return text.split(' ').map((pair) => {
    const [surname, weight] = pair.split(':');
    return { surname: surname!, weight: weight!, ethnicity };
  });
}

function convertPopulation(): void {
  writeContent(
    'demo/age-sex.csv',
    ['age_from', 'male_thousand', 'female_thousand'],
    readShared(shared, 'population/vietnam-age-sex-wpp2019.csv')
      .filter((row) => row.year === '2025')
      .map((row) => ({
        age_from: String(Number.parseInt(row.age_group!, 10)),
        male_thousand: row.male_thousand!,
        female_thousand: row.female_thousand!,
      })),
  );
  writeContent(
    'demo/mortality.csv',
    ['age_from', 'male', 'female'],
    readShared(shared, 'population/vietnam-mortality-mx-wpp2019.csv')
      .filter((row) => row.period === '2020-2025')
      .map((row) => ({ age_from: row.age!, male: row.mx_male!, female: row.mx_female! })),
  );
}

/** The children's part of the national schedule (Circular 10/2024/TT-BYT); tetanus of pregnancy follows its own days. */
function convertVaccines(): void {
  writeContent(
    'demo/vaccines.csv',
    ['key', 'name', 'disease', 'cvx', 'dose', 'age_days', 'latest_days', 'route', 'source'],
    readShared(shared, 'vaccine/epi-vietnam-schedule.csv').map((row) => ({
      key: row.key!,
      name: row.name_vi!.replace(/ (mũi|lần) \d+$/, ''),
      disease: row.disease_vi!,
      cvx: row.cvx!,
      dose: row.dose_no!,
      age_days: row.min_age_days!,
      latest_days: row.max_age_days!,
      route: row.route!,
      source: 'TT 10/2024/TT-BYT; CVX đối chiếu biên soạn',
    })),
  );
}
