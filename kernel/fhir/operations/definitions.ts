/**
 * The operations of this room and of its neighbours in `kernel/fhir`, but terminology's. HL7's keep HL7's address and inputs; what of
 * them is not carried out is not listed.
 */
import { inBody, input, type Operation, output, withParts } from './definition.ts';

const R4 = 'http://hl7.org/fhir/OperationDefinition/';
const BULK = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/';
const OWN = 'http://yba.vn/fhir/OperationDefinition/';

const CHANGED = [
  input(
    '_since:instant',
    'Only what was changed then or later.',
    'Chỉ lấy những gì đã thay đổi từ thời điểm này.',
  ),
  input('_type:code*', 'Only resources of these types.', 'Chỉ lấy tài nguyên thuộc các loại này.'),
  input(
    '_count:integer',
    'Pages of so many resources; without it the whole record is one answer.',
    'Trả theo trang, mỗi trang chừng ấy tài nguyên; không có thì trả cả hồ sơ một lần.',
  ),
];
const RECORD = output(
  'return:Bundle!',
  'A searchset with the record and what it refers to.',
  'Một searchset gồm hồ sơ và những gì hồ sơ nhắc tới.',
);

/** R4 operation-patient-everything.html; on one person. Whole provinces are exported, not answered. */
export const PATIENT_EVERYTHING: Operation = {
  name: 'everything',
  definition: `${R4}Patient-everything`,
  version: '4.0.1',
  title: { en: 'Fetch Patient Record', vi: 'Lấy toàn bộ hồ sơ người bệnh' },
  description: {
    en: 'The whole record of one person, with what it refers to outside itself.',
    vi: 'Toàn bộ hồ sơ của một người, cùng những gì hồ sơ nhắc tới.',
  },
  resource: ['Patient'],
  at: ['instance'],
  parameters: [
    input(
      'start:date',
      'Clinical dates from this day on; what has no date is always in.',
      'Từ ngày này (ngày lâm sàng); dữ liệu không có ngày luôn được lấy.',
    ),
    input('end:date', 'Clinical dates until this day.', 'Đến hết ngày này (ngày lâm sàng).'),
    ...CHANGED,
    RECORD,
  ],
};

/** R4 operation-encounter-everything.html; on one visit. */
export const ENCOUNTER_EVERYTHING: Operation = {
  name: 'everything',
  definition: `${R4}Encounter-everything`,
  version: '4.0.1',
  title: { en: 'Fetch Encounter Record', vi: 'Lấy toàn bộ hồ sơ một lượt khám' },
  description: {
    en: 'A visit, what refers to it, what it refers to, and its person.',
    vi: 'Một lượt khám, những gì nhắc tới nó, những gì nó nhắc tới, và người bệnh.',
  },
  resource: ['Encounter'],
  at: ['instance'],
  parameters: [...CHANGED, RECORD],
};

/**
 * Erasure of a person. FHIR R4 has no such operation; name and form are those of R6's Patient $purge, with the reason that
 * the law wants written down.
 */
export const PATIENT_PURGE: Operation = {
  name: 'purge',
  definition: `${OWN}Patient-purge`,
  version: '1.0.0',
  title: { en: 'Erase a Person', vi: 'Xoá vĩnh viễn dữ liệu của một người' },
  description: {
    en: 'Removes every version of everything stored under a person, for good; the audit keeps the reason.',
    vi: 'Xoá vĩnh viễn mọi phiên bản của mọi dữ liệu lưu theo một người; nhật ký giữ lý do.',
  },
  resource: ['Patient'],
  at: ['instance'],
  affectsState: true,
  postOnly: true,
  parameters: [
    input('reason:string!', 'Why, in words; kept in the audit.', 'Lý do, bằng lời; được ghi vào nhật ký.'),
    output('return:OperationOutcome!', 'What was erased.', 'Đã xoá những gì.'),
  ],
};

/** R4 operation-observation-lastn.html; beside `max` it takes the search parameters of Observation. */
export const OBSERVATION_LASTN: Operation = {
  name: 'lastn',
  definition: `${R4}Observation-lastn`,
  version: '4.0.1',
  title: { en: 'Last N Observations Query', vi: 'Những kết quả gần nhất' },
  description: {
    en: 'Of what a search of one person’s observations finds, the newest of each code.',
    vi: 'Trong các Observation của một người mà tìm kiếm thấy, lấy những kết quả mới nhất của từng mã.',
  },
  resource: ['Observation'],
  at: ['type'],
  searches: true,
  parameters: [
    input(
      'max:positiveInt',
      'So many of each code; 1 when absent.',
      'Số kết quả của mỗi mã; không có thì là 1.',
    ),
    output('return:Bundle!', 'A searchset, the newest first.', 'Một searchset, mới nhất đứng trước.'),
  ],
};

/** R4 operation-composition-document.html; documents are made of what is kept here, `graph` is not taken. */
export const COMPOSITION_DOCUMENT: Operation = {
  name: 'document',
  definition: `${R4}Composition-document`,
  version: '4.0.1',
  title: { en: 'Generate a Document', vi: 'Tạo tài liệu từ Composition' },
  description: {
    en: 'The composition with everything that it refers to, as one Bundle of type document; it is not kept.',
    vi: 'Composition cùng mọi thứ nó nhắc tới, thành một Bundle kiểu document; không được lưu lại.',
  },
  resource: ['Composition'],
  at: ['type', 'instance'],
  parameters: [
    input(
      'id:uri',
      'The composition, when the address does not name it.',
      'Composition nào, khi địa chỉ không nêu.',
    ),
    input(
      'persist:boolean',
      'false: documents are not kept here.',
      'Chỉ nhận false: tài liệu không được lưu ở đây.',
    ),
    output('return:Bundle!', 'The document.', 'Tài liệu.'),
  ],
};

/** R4 resource-operation-validate.html. */
export const RESOURCE_VALIDATE: Operation = {
  name: 'validate',
  definition: `${R4}Resource-validate`,
  version: '4.0.1',
  title: { en: 'Validate a Resource', vi: 'Kiểm tra một tài nguyên' },
  description: {
    en: 'Whether a resource could be stored, and whether it conforms to profiles; nothing is written.',
    vi: 'Tài nguyên có lưu được không, có theo các profile không; không ghi gì cả.',
  },
  resource: ['Resource'],
  at: ['type', 'instance'],
  postOnly: 'type',
  parameters: [
    input(
      'resource:Resource',
      'The resource: in Parameters, or as the body itself; without it the one that the address names.',
      'Tài nguyên: trong Parameters, hoặc là chính phần thân; nếu không có thì là tài nguyên mà địa chỉ nêu.',
    ),
    input('mode:code', 'create, update, delete or profile.', 'create, update, delete hoặc profile.'),
    input(
      'profile:uri',
      'A profile to check besides those that the resource declares.',
      'Profile cần kiểm thêm ngoài các profile mà tài nguyên khai báo.',
    ),
    output(
      'return:OperationOutcome!',
      'What is wrong with it, or that nothing is.',
      'Sai ở đâu, hoặc không có gì sai.',
    ),
  ],
};

const MARKS = 'Profiles, tags and labels; other parts of it are left as they are.';
const MARKS_VI = 'Profile, thẻ và nhãn bảo mật; các phần khác của meta giữ nguyên.';
const META_RETURN = output('return:Meta!', 'The meta of the resource.', 'meta của tài nguyên.');

/** R4 resource-operation-meta.html; of one resource, not of the whole system or a type. */
export const RESOURCE_META: Operation = {
  name: 'meta',
  definition: `${R4}Resource-meta`,
  version: '4.0.1',
  title: {
    en: 'Access a list of profiles, tags, and security labels',
    vi: 'Xem profile, thẻ và nhãn bảo mật',
  },
  description: {
    en: 'The profiles, tags and security labels of one resource.',
    vi: 'Profile, thẻ và nhãn bảo mật của một tài nguyên.',
  },
  resource: ['Resource'],
  at: ['instance'],
  parameters: [META_RETURN],
};

/** R4 resource-operation-meta-add.html; the change is a version of its own. */
export const RESOURCE_META_ADD: Operation = {
  name: 'meta-add',
  definition: `${R4}Resource-meta-add`,
  version: '4.0.1',
  title: { en: 'Add profiles, tags, and security labels', vi: 'Thêm profile, thẻ và nhãn bảo mật' },
  description: {
    en: 'Adds profiles, tags and security labels to a resource, as a new version; what it has already stays once.',
    vi: 'Thêm profile, thẻ và nhãn bảo mật vào tài nguyên, thành một phiên bản mới; cái đã có không lặp lại.',
  },
  resource: ['Resource'],
  at: ['instance'],
  affectsState: true,
  postOnly: true,
  parameters: [inBody(input('meta:Meta!', MARKS, MARKS_VI)), META_RETURN],
};

/** R4 resource-operation-meta-delete.html. */
export const RESOURCE_META_DELETE: Operation = {
  ...RESOURCE_META_ADD,
  name: 'meta-delete',
  definition: `${R4}Resource-meta-delete`,
  title: { en: 'Delete profiles, tags, and security labels', vi: 'Bỏ profile, thẻ và nhãn bảo mật' },
  description: {
    en: 'Takes profiles, tags and security labels away from a resource, as a new version; what it has not is no fault.',
    vi: 'Bỏ profile, thẻ và nhãn bảo mật khỏi tài nguyên, thành một phiên bản mới; cái không có thì bỏ qua.',
  },
};

const EXPORTED = [
  input(
    '_outputFormat:string',
    'application/fhir+ndjson, application/ndjson or ndjson.',
    'application/fhir+ndjson, application/ndjson hoặc ndjson.',
  ),
  input(
    '_since:instant',
    'What was changed later; the manifest also says what was deleted.',
    'Những gì thay đổi sau đó; bản kê cũng nêu những gì đã xoá.',
  ),
  input('_type:string*', 'Only resources of these types.', 'Chỉ lấy tài nguyên thuộc các loại này.'),
  input(
    '_typeFilter:string*',
    'Type?query: of a type only what one of its searches finds.',
    'Loại?truy-vấn: của một loại chỉ lấy những gì một trong các truy vấn thấy.',
  ),
  input(
    '_elements:string*',
    'Only these elements, and those that must be there.',
    'Chỉ lấy các phần tử này và các phần tử bắt buộc.',
  ),
];
const PERSONS = inBody(
  input(
    'patient:Reference*',
    'Only the records of these persons; by POST.',
    'Chỉ lấy hồ sơ của những người này; gửi bằng POST.',
  ),
);

const EXPORT = {
  name: 'export',
  later: true as const,
  version: '2.0.0',
  description: {
    en: 'NDJSON files of much at once, made in the background (Bulk Data Access): 202, then a manifest.',
    vi: 'Xuất nhiều dữ liệu thành tệp NDJSON, chạy nền (Bulk Data Access): trả 202, sau đó là bản kê.',
  },
};

/** Bulk Data Access 2.0, at three levels; parameters are read in `kernel/fhir/bulk`. */
const EXPORTS: readonly Operation[] = [
  {
    ...EXPORT,
    definition: `${BULK}export`,
    title: { en: 'FHIR Bulk Data System Level Export', vi: 'Xuất dữ liệu toàn hệ thống' },
    resource: [],
    at: ['system'],
    parameters: EXPORTED,
  },
  {
    ...EXPORT,
    definition: `${BULK}patient-export`,
    title: { en: 'FHIR Bulk Data Patient Level Export', vi: 'Xuất hồ sơ của mọi người bệnh' },
    resource: ['Patient'],
    at: ['type'],
    parameters: [...EXPORTED, PERSONS],
  },
  {
    ...EXPORT,
    definition: `${BULK}group-export`,
    title: { en: 'FHIR Bulk Data Group Level Export', vi: 'Xuất hồ sơ của một nhóm người' },
    resource: ['Group'],
    at: ['instance'],
    parameters: [...EXPORTED, PERSONS],
  },
];

/** Bulk Data has no published definition of an import: the form is that of its proposal. */
const IMPORT: Operation = {
  name: 'import',
  definition: `${OWN}import`,
  version: '1.0.0',
  title: { en: 'Bulk Import', vi: 'Nhập nhiều dữ liệu' },
  description: {
    en: 'Fetches NDJSON files and loads them, made in the background: 202, then a manifest with counts and refusals.',
    vi: 'Tải các tệp NDJSON về và nạp vào, chạy nền: trả 202, sau đó là bản kê số dòng và lỗi.',
  },
  resource: [],
  at: ['system'],
  affectsState: true,
  postOnly: true,
  later: true,
  parameters: [
    input('inputFormat:string!', 'application/fhir+ndjson.', 'application/fhir+ndjson.'),
    withParts(
      input('input!*', 'The files, one after the other.', 'Các tệp, lần lượt.'),
      input('type:code!', 'Resource type of its lines.', 'Loại tài nguyên của các dòng.'),
      input('url:url!', 'Where it is fetched.', 'Địa chỉ để tải.'),
    ),
  ],
};

/** Passes over older records for search parameters of now; `kernel/fhir/http/reindex.ts`. */
const REINDEX: Operation = {
  name: 'reindex',
  definition: `${OWN}reindex`,
  version: '1.0.0',
  title: { en: 'Index Older Records', vi: 'Lập lại chỉ mục tìm kiếm' },
  description: {
    en: 'By GET how far the index is; by POST a pass is asked for, stopped or resumed. For those who may write SearchParameter.',
    vi: 'GET: chỉ mục đã lập tới đâu; POST: yêu cầu, dừng hoặc tiếp tục. Dành cho người được ghi SearchParameter.',
  },
  resource: [],
  at: ['system'],
  affectsState: true,
  parameters: [
    inBody(input('type:code', 'Records of this type; by POST.', 'Dữ liệu thuộc loại này; gửi bằng POST.')),
    inBody(
      input(
        'parameter:string',
        'For this search parameter; by POST.',
        'Cho tham số tìm kiếm này; gửi bằng POST.',
      ),
    ),
    inBody(
      input(
        'action:code',
        'start (standard), stop or resume; by POST.',
        'start (mặc định), stop hoặc resume; gửi bằng POST.',
      ),
    ),
    withParts(
      output('index*', 'A type that is not level.', 'Một loại chưa lập xong.'),
      output('type:code!', 'The type.', 'Loại tài nguyên.'),
      output('state:code!', 'How its pass stands.', 'Lượt lập đang thế nào.'),
      output('why:code', 'What asked for it.', 'Vì sao phải lập.'),
      output('seen:decimal!', 'Records that were read.', 'Số bản ghi đã đọc.'),
      output('changed:decimal!', 'Records whose index changed.', 'Số bản ghi có chỉ mục thay đổi.'),
      output('total:decimal!', 'Records of the type.', 'Số bản ghi thuộc loại này.'),
      output('done:decimal!', 'Share that is done, 0 to 1.', 'Phần đã xong, từ 0 đến 1.'),
      output('error:string', 'Why it stands still.', 'Vì sao dừng lại.'),
    ),
  ],
};

/** What is announced, served and described of `kernel/fhir`, but terminology. Another room's list goes beside (`main/operations.ts`). */
export const KERNEL_OPERATIONS: readonly Operation[] = [
  RESOURCE_VALIDATE,
  RESOURCE_META,
  RESOURCE_META_ADD,
  RESOURCE_META_DELETE,
  PATIENT_EVERYTHING,
  ENCOUNTER_EVERYTHING,
  PATIENT_PURGE,
  OBSERVATION_LASTN,
  COMPOSITION_DOCUMENT,
  ...EXPORTS,
  IMPORT,
  REINDEX,
];
