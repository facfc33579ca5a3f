/** `$populate`, `$extract` and `$assemble` as they are announced and served. http://hl7.org/fhir/uv/sdc */
import { input, type Operation, output, withParts } from '../../../kernel/fhir/operations/definition.ts';

const SDC = 'http://hl7.org/fhir/uv/sdc/OperationDefinition/';

export const POPULATE: Operation = {
  name: 'populate',
  definition: `${SDC}Questionnaire-populate`,
  version: '3.0.0',
  title: { en: 'Populate Questionnaire', vi: 'Điền trước biểu mẫu' },
  description: {
    en: 'A QuestionnaireResponse that begins with what is handed in and with what the client may see in the record: initial values, initialExpression, itemPopulationContext, calculatedExpression, Observations of the codes of items (observationLinkPeriod). Nothing is stored.',
    vi: 'Một QuestionnaireResponse bắt đầu bằng những gì được gửi kèm và những gì bên hỏi được xem trong hồ sơ: giá trị ban đầu, initialExpression, itemPopulationContext, calculatedExpression, Observation theo mã của câu hỏi (observationLinkPeriod). Không lưu gì.',
  },
  resource: ['Questionnaire'],
  at: ['type', 'instance'],
  parameters: [
    input('identifier:Identifier', 'Identifier of the Questionnaire.', 'Định danh của biểu mẫu.'),
    input(
      'canonical:canonical',
      'Canonical address of the Questionnaire; url|version for one version.',
      'Địa chỉ chuẩn của biểu mẫu; url|version để nêu một phiên bản.',
    ),
    input(
      'questionnaire:Questionnaire',
      'The Questionnaire itself, its canonical address or a reference to it.',
      'Chính biểu mẫu, địa chỉ chuẩn của nó hoặc tham chiếu tới nó.',
    ),
    input('questionnaireRef:Reference', 'Reference to the Questionnaire.', 'Tham chiếu tới biểu mẫu.'),
    input('subject:Reference', 'Whom the response is about.', 'Người được hỏi.'),
    withParts(
      input(
        'context:string*',
        'What expressions know by a name: a launchContext, or a variable of the root that is a search.',
        'Những gì biểu thức gọi bằng tên: launchContext, hoặc biến ở gốc vốn là một tìm kiếm.',
      ),
      input('name:string!', 'The name, without %.', 'Tên, không có dấu %.'),
      input(
        'content:Resource!*',
        'The resource, or a reference to it.',
        'Tài nguyên, hoặc tham chiếu tới nó.',
      ),
    ),
    input(
      'local:boolean',
      'False: only what is handed in is used, the record is not read.',
      'false: chỉ dùng những gì được gửi kèm, không đọc hồ sơ.',
    ),
    output(
      'response:QuestionnaireResponse!',
      'In progress, with what could be filled in.',
      'Đang điền, với những gì điền trước được.',
    ),
    output('issues:OperationOutcome', 'What could not be found out.', 'Những gì không tìm hiểu được.'),
  ],
};

export const EXTRACT: Operation = {
  name: 'extract',
  definition: `${SDC}QuestionnaireResponse-extract`,
  version: '3.0.0',
  title: { en: 'Extract resources from a QuestionnaireResponse', vi: 'Trích tài nguyên từ phiếu đã điền' },
  description: {
    en: 'A transaction Bundle of the resources that the answers are: Observations of items with observationExtract, resources by item.definition (itemExtractionContext, definitionExtract), resources by contained templates (templateExtract). What was extracted from the same response before is updated, not made again. Nothing is stored: send the Bundle to the base address.',
    vi: 'Một Bundle giao dịch gồm các tài nguyên rút từ câu trả lời: Observation của câu có observationExtract, tài nguyên theo item.definition (itemExtractionContext, definitionExtract), tài nguyên theo khuôn kèm trong biểu mẫu (templateExtract). Những gì từng trích từ cùng phiếu được cập nhật, không tạo lại. Không lưu gì: hãy gửi Bundle tới địa chỉ gốc.',
  },
  resource: ['QuestionnaireResponse'],
  at: ['type', 'instance'],
  postOnly: 'type',
  parameters: [
    input(
      'questionnaire-response:QuestionnaireResponse',
      'The response, where the address names none.',
      'Phiếu đã điền, khi địa chỉ không nêu phiếu nào.',
    ),
    input(
      'questionnaire:Questionnaire',
      'The form, where it is not known here.',
      'Biểu mẫu, khi nơi này không có.',
    ),
    output('return:Bundle', 'A transaction.', 'Một giao dịch.'),
    output('issues:OperationOutcome', 'What could not be carried out.', 'Những gì không làm được.'),
  ],
};

export const ASSEMBLE: Operation = {
  name: 'assemble',
  definition: `${SDC}Questionnaire-assemble`,
  version: '3.0.0',
  title: { en: 'Assemble a modular Questionnaire', vi: 'Ghép biểu mẫu' },
  description: {
    en: 'The form with the forms that its items refer to (subQuestionnaire) put in, each with the linkIdPrefix of its place, and with what item.definition says of a question. Its version ends in "-assembled". Nothing is stored.',
    vi: 'Biểu mẫu với các biểu mẫu mà mục của nó dẫn tới (subQuestionnaire) đã ghép vào, mỗi phần theo linkIdPrefix của chỗ ghép, cùng những gì item.definition nói về câu hỏi. Phiên bản có đuôi "-assembled". Không lưu gì.',
  },
  resource: ['Questionnaire'],
  at: ['type', 'instance'],
  parameters: [
    input(
      'questionnaire:Questionnaire',
      'The modular Questionnaire, its canonical address or a reference to it, where the address names none.',
      'Biểu mẫu cần ghép, địa chỉ chuẩn hoặc tham chiếu tới nó, khi địa chỉ không nêu.',
    ),
    output('return:Questionnaire', 'The assembled form.', 'Biểu mẫu đã ghép.'),
    output('outcome:OperationOutcome', 'Warnings, where there are any.', 'Cảnh báo, nếu có.'),
  ],
};

export const FORM_OPERATIONS: readonly Operation[] = [POPULATE, EXTRACT, ASSEMBLE];
