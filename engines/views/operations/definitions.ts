/** The operations of SQL on FHIR v2 as their OperationDefinitions state them, with what of them is carried out. */
import { input, type Operation, output, withParts } from '../../../kernel/fhir/operations/definition.ts';

const BOUNDS = [
  input(
    'patient:Reference*',
    'Only what lies in the records of these persons.',
    'Chỉ lấy dữ liệu trong hồ sơ của những người này.',
  ),
  input(
    'group:Reference*',
    'Only what lies in the records of the active members.',
    'Chỉ lấy dữ liệu trong hồ sơ của các thành viên còn trong nhóm.',
  ),
  input(
    '_since:instant',
    'Only what was changed then or later.',
    'Chỉ lấy những gì đã thay đổi từ thời điểm này.',
  ),
  input(
    'header:boolean',
    'CSV begins with the names of the columns; true when absent.',
    'CSV bắt đầu bằng dòng tên cột; không có thì là true.',
  ),
];
const VIEW = [
  input(
    'viewReference:Reference',
    'A view of the program, a Library that holds one, or its canonical address.',
    'Một view của chương trình, một Library chứa view, hoặc địa chỉ chuẩn của nó.',
  ),
  input('viewResource:Resource', 'The ViewDefinition itself.', 'Chính ViewDefinition.'),
];

const canonicalOf = (name: string) => `http://sql-on-fhir.org/OperationDefinition/$${name}`;
const VERSION = '2.1.0-pre';

export const VIEW_OPERATIONS: readonly Operation[] = [
  {
    name: 'viewdefinition-run',
    definition: canonicalOf('viewdefinition-run'),
    version: VERSION,
    title: { en: 'ViewDefinition Run', vi: 'Chạy một view' },
    description: {
      en: 'Rows of a view over the record, answered as they are read.',
      vi: 'Các dòng của một view trên hồ sơ, trả ngay khi đọc.',
    },
    resource: ['Library'],
    at: ['system', 'instance'],
    alsoAt: ['/ViewDefinition/$viewdefinition-run', '/ViewDefinition/{id}/$viewdefinition-run'],
    produces: ['application/x-ndjson', 'text/csv', 'application/json'],
    parameters: [
      input('_format:code', 'ndjson (standard), csv or json.', 'ndjson (mặc định), csv hoặc json.'),
      ...VIEW,
      ...BOUNDS,
      input('_limit:integer', 'Rows at most.', 'Số dòng nhiều nhất.'),
      input(
        'resource:Resource*',
        'Resources to be read instead of the record.',
        'Các tài nguyên được đọc thay cho hồ sơ.',
      ),
      output('return:Binary!', 'The rows, as the format says.', 'Các dòng, theo định dạng đã chọn.'),
    ],
  },
  {
    name: 'viewdefinition-export',
    definition: canonicalOf('viewdefinition-export'),
    version: VERSION,
    title: { en: 'ViewDefinition Export', vi: 'Xuất các view thành tệp' },
    description: {
      en: 'Files of several views over the record, asynchronous.',
      vi: 'Tệp của nhiều view trên hồ sơ, chạy nền.',
    },
    resource: [],
    at: ['system'],
    postOnly: true,
    later: true,
    alsoAt: ['/ViewDefinition/$viewdefinition-export'],
    parameters: [
      withParts(
        input('view!*', 'Each a view.', 'Mỗi mục là một view.'),
        input('name:string', 'Name of its file.', 'Tên tệp.'),
        ...VIEW,
      ),
      input('_format:code', 'ndjson (standard), csv or parquet.', 'ndjson (mặc định), csv hoặc parquet.'),
      ...BOUNDS,
      input('clientTrackingId:string', 'Given back with the answer.', 'Được trả lại cùng kết quả.'),
      output('exportId:string!', 'Of the export.', 'Mã của lượt xuất.'),
      output('status:code!', 'completed.', 'completed.'),
      withParts(
        output('output*', 'Each a view.', 'Mỗi mục là một view.'),
        output('name:string!', 'As asked for.', 'Như đã yêu cầu.'),
        output('location:uri!*', 'Address of a file.', 'Địa chỉ của một tệp.'),
      ),
    ],
  },
];
