/**
 * Converts the administrative map of Viet Nam, before and after 2025-07-01, into `content/places/`.
 * Run: `node content/convert/places.ts [shared folder]`.
 */
import { type Cells, readShared, sharedFolder, writeContent, writeList } from './files.ts';

const shared = sharedFolder(process.argv[2]);
const REFORM = '2025-07-01';
const BEFORE = {
  valid_to: '2025-06-30',
  source: 'Danh mục Tổng cục Thống kê, trạng thái 11/06/2024',
  status: 'official',
};
const AFTER = {
  valid_from: REFORM,
  source: 'QĐ 19/2025/QĐ-TTg; thanglequoc/vietnamese-provinces-database (MIT), 04/2026',
  status: 'official',
};

const KINDS = ['Thành phố', 'Tỉnh', 'Quận', 'Huyện', 'Thị xã', 'Thị trấn', 'Phường', 'Xã', 'Đặc khu'];
const mergeMap = readShared(shared, 'admin/units-2025-merge-map.csv');

convertUnits();
convertSuccessors();

/** Provinces, districts (until the reform) and communes of both maps: one list, rows with dates. */
function convertUnits(): void {
  const early = new Map(
    mergeMap.filter((row) => row.match === 'inferred').map((row) => [row.old_commune_code!, row.via!]),
  );
  const oldProvinces = readShared(shared, 'admin/units-2024-06-provinces.csv').map((row) =>
    unit(row.province_code!, row.province_name!, 'province', '', ''),
  );
  const oldDistricts = readShared(shared, 'admin/units-2024-06-districts.csv').map((row) =>
    unit(
      row.district_code!,
      row.district_name!,
      'district',
      row.province_code!,
      nameIn(oldProvinces, row.province_code!),
    ),
  );
  const oldCommunes: Cells[] = readShared(shared, 'admin/units-2024-06-communes.csv')
    .filter((row) => row.commune_code !== '')
    .map((row) => ({
      ...unit(
        row.commune_code!,
        row.commune_name!,
        'commune',
        row.district_code!,
        `${row.district_name}, ${row.province_name}`,
      ),
      ...(early.has(row.commune_code!) ? { merged_early: earlyMerger(early.get(row.commune_code!)!) } : {}),
    }));
  const newProvinces = readShared(shared, 'admin/units-2026-provinces.csv').map((row) =>
    unit(row.province_code!, row.province_name!, 'province', '', ''),
  );
  const newCommunes = readShared(shared, 'admin/units-2026-wards.csv').map((row) =>
    unit(row.ward_code!, row.ward_name!, 'commune', row.province_code!, row.province_name!),
  );
  writeList(
    'places/units.csv.gz',
    ['level', 'kind', 'short', 'parent', 'merged_early', 'note', 'rank'],
    [
      ...[...newProvinces, ...newCommunes].map((row): Cells => ({ ...row, ...AFTER, rank: '2' })),
      ...[...oldProvinces, ...oldDistricts, ...oldCommunes].map(
        (row): Cells => ({
          ...row,
          ...BEFORE,
          rank: '0',
          note: row.note ? `${row.note} (đến 30/06/2025)` : 'đến 30/06/2025',
        }),
      ),
    ],
  );
}

/** `Xã Tây Sơn (1/2025)` and `merged 1/2025`: units of the six months before the reform, whose codes are not known. */
function earlyMerger(via: string): string {
  const name = /^(.*) \(1\/2025\)$/.exec(via)?.[1];
  return name ? `nhập vào ${name} từ 01/2025` : 'sáp nhập từ 01/2025';
}

function unit(code: string, name: string, level: string, parent: string, parentName: string): Cells {
  const kind = KINDS.find((word) => name.toLowerCase().startsWith(`${word.toLowerCase()} `)) ?? '';
  const short = name.slice(kind.length).trim();
  return {
    code,
    display: kind === '' ? name : `${kind} ${short}`,
    level,
    kind: kind.toLowerCase(),
    short,
    parent,
    note: parentName,
  };
}

function nameIn(units: Cells[], code: string): string {
  return units.find((row) => row.code === code)?.display ?? '';
}

/**
 * Which new unit holds an old one. `match` is kept: only `exact` rows may move a record without a person's look
 * (SOURCES.md). Province rows are read off the communes: an old province is partial when it went to several.
 */
function convertSuccessors(): void {
  const source = 'thanglequoc/vietnamese-provinces-database (MIT), bảng sáp nhập';
  const communes = mergeMap.map((row) => ({
    old_code: row.old_commune_code!,
    old_name: row.old_commune_name!,
    new_code: row.new_ward_code!,
    partial: row.partial!,
    match: row.match!,
    via: row.via!,
  }));
  const provinces = new Map<string, Set<string>>();
  for (const row of mergeMap.filter((line) => line.match === 'exact')) {
    provinces.set(
      row.old_province_code!,
      (provinces.get(row.old_province_code!) ?? new Set()).add(row.new_province_code!),
    );
  }
  const provinceRows = [...provinces].flatMap(([old, now]) =>
    [...now].map((code) => ({
      old_code: old,
      new_code: code,
      partial: now.size > 1 ? '1' : '0',
      match: 'exact',
    })),
  );
  writeContent(
    'places/unit-successors.csv.gz',
    [
      'old_code',
      'old_name',
      'new_code',
      'partial',
      'match',
      'via',
      'valid_from',
      'valid_to',
      'source',
      'status',
    ],
    [...provinceRows, ...communes].map((row) => ({
      ...row,
      valid_from: REFORM,
      source,
      status: 'secondary',
    })),
  );
}
