/**
 * Converts the shared code lists of the Ministry into `content/catalog/`: one file per list, every version in it, each
 * row with the days between which it is in force. Run: `node content/convert/catalog.ts [shared folder]`.
 * Which decision governs which list: `van-ban-ma-dung-chung.csv` of the reference data.
 */
import { type Cells, dayBefore, readShared, sharedFolder, writeList } from './files.ts';

const shared = sharedFolder(process.argv[2]);
const catalog = (name: string) => readShared(shared, `catalog/${name}.csv`);

/** The first rows end the day before the first day of the second ones. */
const until = (rows: Cells[], next: string): Cells[] =>
  rows.map((row) => ({ ...row, valid_to: dayBefore(next) }));

convertVisitLists();
convertDepartments();
convertMoneyLists();
convertPrintedValueLists();
convertProgrammeLists();
convertPeopleLists();

function convertVisitLists(): void {
  writeList(
    'catalog/loai-kcb.csv',
    ['note'],
    [
      ...until(named(catalog('loai-kcb'), 'QĐ 824/QĐ-BYT 2023 Phụ lục 1', 'official'), '2026-08-01'),
      ...named(catalog('loai-kcb-1804-2026'), '', 'official, secondary copy'),
    ],
  );
  const oldCategories = catalog('doi-tuong-kcb').map((row) => ({
    code: row.code!,
    display: row.name!,
    legal_basis: row.basis!,
    source: 'QĐ 824/QĐ-BYT 2023 Phụ lục 2',
    status: 'official',
  }));
  const categories = catalog('doi-tuong-kcb-3276-2025').map((row) => ({
    code: row.code!,
    display: row.case_vi!,
    legal_basis: row.legal_basis!,
    benefit: row.benefit_vi!,
    note: row.note!,
    valid_from: '2025-07-01',
    source: 'QĐ 3276/QĐ-BYT 17/10/2025 Phụ lục 1',
    status: 'official',
  }));
  writeList(
    'catalog/doi-tuong-kcb.csv',
    ['legal_basis', 'benefit', 'note'],
    [...until(oldCategories, '2025-07-01'), ...categories],
  );
  writeList(
    'catalog/ma-kham-benh.csv',
    ['specialty'],
    named(catalog('ma-kham-benh-2010-2025'), '', 'official, secondary copy'),
  );
  writeList(
    'catalog/tai-nan.csv',
    ['note'],
    [
      ...until(named(catalog('tai-nan'), 'biên soạn', 'compiled'), '2021-12-30'),
      ...named(catalog('tai-nan-5937-2021'), '', 'official, secondary copy'),
    ],
  );
}

/** Annex 6 of Decision 2010 (2025-08-01 to 2026-07-31) could not be had; the list before it stands in and says so. */
function convertDepartments(): void {
  const before = named(catalog('khoa'), 'QĐ 5937/QĐ-BYT 30/12/2021 Phụ lục 5', 'official').map((row) => ({
    ...row,
    valid_from: '2021-12-30',
    note: 'từ 2025-08-01 đến 2026-07-31 theo Phụ lục 6 QĐ 2010/QĐ-BYT: chưa có danh mục, tạm dùng danh mục này',
  }));
  writeList(
    'catalog/khoa.csv',
    ['parent', 'note'],
    [...until(before, '2026-08-01'), ...named(catalog('khoa-1804-2026'), '', 'official, secondary copy')],
  );
}

function convertMoneyLists(): void {
  writeList(
    'catalog/nhom-chi-phi.csv',
    ['note'],
    [
      ...until(named(catalog('nhom-chi-phi'), 'danh mục cũ, để đọc hồ sơ cũ', 'secondary'), '2021-12-30'),
      ...named(catalog('nhom-chi-phi-5937-2021'), '', 'official, secondary copy'),
    ],
  );
  writeList(
    'catalog/the-bhyt-quyen-loi.csv',
    ['benefit_percent', 'groups'],
    catalog('the-bhyt-quyen-loi').map((row) => ({
      code: row.code!,
      display: row.note!,
      benefit_percent: row.benefit_percent!,
      groups: row.examples!,
      source: 'QĐ 1351/QĐ-BHXH; nhóm đối tượng do nhóm biên soạn',
      status: 'compiled',
    })),
  );
  writeList(
    'catalog/nhien-lieu.csv',
    ['zone'],
    catalog('nhien-lieu-3276-2025').flatMap((row) =>
      ['1', '2'].map((zone) => ({
        code: row[`code_zone${zone}`]!,
        display: row.name_vi!,
        zone,
        valid_from: '2025-07-01',
        source: 'QĐ 3276/QĐ-BYT 17/10/2025 Phụ lục 2',
        status: 'official',
      })),
    ),
  );
  writeList(
    'catalog/tra-the-bhyt.csv',
    [],
    catalog('tra-the-bhyt-ma-ket-qua').map((row) => ({
      code: row.code!,
      display: row.message!,
      source: 'Hướng dẫn giao tiếp 1245/BHXH-CNTT 2024',
      status: 'secondary',
    })),
  );
}

/** Value lists printed inside the insurance tables: `danh-muc-xml.csv` holds all, the much used get a file each. */
function convertPrintedValueLists(): void {
  const printed = catalog('xml-value-lists-3176-2024').map((row) => ({
    code: row.code!,
    display: row.name_vi!,
    table: row.table!,
    field: row.field!,
    valid_from: row.valid_from!,
    valid_to: row.valid_to!,
    source: row.basis!,
    status: 'official, secondary copy',
  }));
  writeList('catalog/danh-muc-xml.csv', ['table', 'field'], printed);
  const fhir = new Map(catalog('gioi-tinh').map((row) => [row.code!, row.fhir!]));
  const files: [string, string][] = [
    ['KET_QUA_DTRI', 'ket-qua-dieu-tri'],
    ['MA_LOAI_RV', 'loai-ra-vien'],
    ['PHAM_VI', 'pham-vi'],
    ['MA_PTTT', 'phuong-thuc-thanh-toan'],
    ['NGUON_CTRA', 'nguon-chi-tra-thuoc'],
    ['PP_VO_CAM', 'phuong-phap-vo-cam'],
  ];
  const byCode = (a: Cells, b: Cells) =>
    a.code!.localeCompare(b.code!) || a.valid_from!.localeCompare(b.valid_from!);
  for (const [field, file] of files) {
    writeList(`catalog/${file}.csv`, [], printed.filter((row) => row.field === field).sort(byCode));
  }
  const sexes = printed
    .filter((row) => row.field === 'GIOI_TINH')
    .map((row) => ({ ...row, fhir: fhir.get(row.code)! }));
  writeList('catalog/gioi-tinh.csv', ['fhir'], sexes);
  writeList('catalog/khu-vuc.csv', [], named(catalog('khu-vuc'), 'Luật BHYT Điều 22', 'official'));
}

function convertProgrammeLists(): void {
  const copy = 'official, secondary copy';
  const regimens = (rows: Cells[]) =>
    rows.map((row) => ({ ...row, display: row.regimen!, source: row.basis!, status: copy }));
  writeList(
    'catalog/phac-do-hiv.csv',
    ['group', 'units_per_day'],
    regimens(catalog('hiv-phac-do-5937-2021')),
  );
  writeList('catalog/phac-do-lao.csv', ['group', 'note'], regimens(catalog('lao-phac-do-3176-2024')));
  const machines = named(catalog('ma-may-nhom-3176-2024'), '', copy);
  writeList(
    'catalog/nhom-may.csv',
    [],
    machines.filter((row) => row.part === 'group'),
  );
  writeList(
    'catalog/nguon-kinh-phi-may.csv',
    [],
    machines.filter((row) => row.part === 'funding'),
  );
  writeList(
    'catalog/doi-tuong-giam-dinh.csv',
    ['note'],
    named(catalog('giam-dinh-y-khoa-5937-2021'), '', copy),
  );
  writeList(
    'catalog/loai-giuong.csv',
    ['pattern'],
    catalog('ma-giuong-quy-tac').map((row) => ({
      code: row.prefix!,
      display: row.meaning!,
      pattern: row.pattern!,
      source: 'QĐ 130/QĐ-BYT, trường MA_GIUONG',
      status: 'official',
    })),
  );
  const routes = readShared(shared, 'drug/duong-dung.csv').map((row) => ({ ...row, display: row.name_vi! }));
  writeList('catalog/duong-dung.csv', ['group'], named(routes, 'QĐ 5086/QĐ-BYT, QĐ 7603/QĐ-BYT', copy));
}

function convertPeopleLists(): void {
  writeList(
    'catalog/dan-toc.csv',
    ['other_names'],
    named(catalog('dan-toc'), 'QĐ 121-TCTK/PPCĐ 02/3/1979', 'official'),
  );
  writeList(
    'catalog/nghe-nghiep.csv',
    [],
    [
      ...named(catalog('nghe-nghiep-cap-2'), 'QĐ 34/2020/QĐ-TTg (cấp 2)', 'official, secondary copy').map(
        (row) => ({
          ...row,
          display: row.display!.replace('Lao. động', 'Lao động'),
          valid_from: '2021-01-15',
        }),
      ),
    ],
  );
  writeList(
    'catalog/quoc-gia.csv',
    ['display_en', 'alpha3', 'numeric'],
    catalog('quoc-gia-iso3166').map((row) => ({
      code: row.alpha2!,
      display: row.name_vi!,
      display_en: row.name_en!,
      alpha3: row.alpha3!,
      numeric: row.numeric!,
      source: 'ISO 3166-1; tên tiếng Việt: Unicode CLDR 48',
      status: 'official codes, not those of TT 07/2016/TT-BCA',
    })),
  );
}

/** Rows whose name stands in `name` (or already in `display`); `basis` is used where the source prints none. */
function named(rows: Cells[], basis: string, status: string): Cells[] {
  return rows.map((row) => ({
    ...row,
    display: row.display ?? row.name!,
    source: row.basis || basis,
    status,
  }));
}
