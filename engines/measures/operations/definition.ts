/** `$evaluate-measure` as it is announced and served. R4 operation-measure-evaluate-measure.html. */
import { input, type Operation, output } from '../../../kernel/fhir/operations/definition.ts';

export const EVALUATE_MEASURE: Operation = {
  name: 'evaluate-measure',
  definition: 'http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure',
  version: '4.0.1',
  title: { en: 'Evaluate Measure', vi: 'Tính chỉ số' },
  description: {
    en: 'Counts a measure whose criteria are FHIRPath (text/fhirpath) or searches (application/x-fhir-query) over the persons whom the client may see. The report is not kept.',
    vi: 'Tính một chỉ số có tiêu chí viết bằng FHIRPath (text/fhirpath) hoặc bằng tìm kiếm (application/x-fhir-query) trên những người mà bên hỏi được xem. Báo cáo không được lưu lại.',
  },
  resource: ['Measure'],
  at: ['type', 'instance'],
  parameters: [
    input(
      'periodStart:date!',
      'First day of the period; of a year or a month its first day.',
      'Ngày đầu của kỳ; nếu cho năm hoặc tháng thì là ngày đầu của năm, tháng ấy.',
    ),
    input(
      'periodEnd:date!',
      'Last day of the period; of a year or a month its last day.',
      'Ngày cuối của kỳ; nếu cho năm hoặc tháng thì là ngày cuối của năm, tháng ấy.',
    ),
    input(
      'measure:string',
      'Canonical address, id or reference of the measure; needed where the address names none.',
      'Địa chỉ chuẩn, mã hoặc tham chiếu của chỉ số; bắt buộc khi địa chỉ không nêu chỉ số nào.',
    ),
    input(
      'reportType:code',
      'subject, subject-list or population; when absent, subject for one person and population for several.',
      'subject, subject-list hoặc population; không có thì là subject khi tính cho một người, population khi tính cho nhiều người.',
    ),
    input(
      'subject:string',
      'Patient/id or Group/id; when absent, everybody whom the client may see.',
      'Patient/mã hoặc Group/mã; không có thì tính cho mọi người mà bên hỏi được xem.',
    ),
    input(
      'practitioner:string',
      'Only persons whose generalPractitioner it is.',
      'Chỉ những người có generalPractitioner là người này.',
    ),
    input(
      'lastReceivedOn:dateTime',
      'In a report of one person: only what was changed later is named as evaluated.',
      'Trong báo cáo của một người: evaluatedResource chỉ nêu những gì thay đổi sau thời điểm này.',
    ),
    output('return:MeasureReport!', 'What was counted.', 'Kết quả tính.'),
  ],
};
