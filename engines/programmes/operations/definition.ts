/** The operations as they are announced and served. */
import { inBody, input, type Operation, output } from '../../../kernel/fhir/operations/definition.ts';

/** HL7 Immunization Decision Support Forecast guide 1.0, OperationDefinition ImmDSForecastOperation; here of a person of the record, too. */
export const IMMDS_FORECAST: Operation = {
  name: 'immds-forecast',
  definition: 'http://hl7.org/fhir/us/immds/OperationDefinition/ImmDSForecastOperation',
  version: '1.0.0',
  title: { en: 'Immunization Forecast', vi: 'Dự báo tiêm chủng' },
  description: {
    en: 'Which doses count, and when the next of each series is due, by the immunisation programmes in force. The person and the doses are given, or those of the record; nothing is kept.',
    vi: 'Mũi nào hợp lệ và mũi kế tiếp của từng chuỗi đến hạn khi nào, theo các chương trình tiêm chủng đang có hiệu lực. Người và các mũi được gửi kèm, hoặc lấy từ hồ sơ; không lưu lại gì.',
  },
  resource: ['Patient'],
  at: ['system', 'instance'],
  parameters: [
    input(
      'assessmentDate:date',
      'Day of the forecast; today when absent.',
      'Ngày dự báo; không có thì là hôm nay.',
    ),
    inBody(
      input(
        'patient:Patient',
        'The person; needed when the address names none.',
        'Người được dự báo; cần khi địa chỉ không nêu ai.',
      ),
    ),
    inBody(input('immunization:Immunization*', 'Doses given.', 'Các mũi đã tiêm.')),
    output(
      'evaluation:ImmunizationEvaluation*',
      'Of each dose and series, whether it counts and why not.',
      'Từng mũi của từng chuỗi: có hợp lệ không, vì sao.',
    ),
    output(
      'recommendation:ImmunizationRecommendation!',
      'What is due, by series.',
      'Những mũi sắp tới theo từng chuỗi.',
    ),
  ],
};

/** Where and for whom it is applied: expressions of the definition may ask for it (`%userType`). */
export const CONTEXT = ['userType', 'userLanguage', 'userTaskContext', 'setting', 'settingContext'] as const;

const contextInputs = () =>
  CONTEXT.map((name) =>
    inBody(
      input(
        `${name}:CodeableConcept`,
        `Expressions of the definition may ask for it as %${name}.`,
        `Biểu thức của định nghĩa dùng được dưới tên %${name}.`,
      ),
    ),
  );

const aboutInputs = () => [
  input('encounter:string', 'Encounter/id, named in what is made.', 'Encounter/mã, được ghi vào kết quả.'),
  input(
    'practitioner:string',
    'Practitioner/id, author of what is made.',
    'Practitioner/mã, là tác giả của kết quả.',
  ),
  input('organization:string', 'Organization/id, owner of the tasks.', 'Organization/mã, đơn vị nhận việc.'),
  ...contextInputs(),
];

/** R4 plandefinition-operation-apply.html. */
export const APPLY_PLAN: Operation = {
  name: 'apply',
  definition: 'http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply',
  version: '4.0.1',
  title: { en: 'Apply', vi: 'Áp dụng chương trình' },
  description: {
    en: 'A CarePlan of what the definition asks to be done for a person now: a RequestGroup and what it asks for, contained. It is not kept. Of several subjects each has its own.',
    vi: 'CarePlan gồm những việc mà định nghĩa yêu cầu làm cho một người lúc này: một RequestGroup và các yêu cầu, nằm bên trong. Không lưu lại. Nhiều người thì mỗi người một CarePlan.',
  },
  resource: ['PlanDefinition'],
  at: ['type', 'instance'],
  postOnly: 'type',
  parameters: [
    inBody(
      input(
        'planDefinition:PlanDefinition',
        'The definition, where the address names none.',
        'Định nghĩa, khi địa chỉ không nêu cái nào.',
      ),
    ),
    input('subject:string!*', 'Patient/id.', 'Patient/mã.'),
    ...aboutInputs(),
    output('return:CarePlan!*', 'What is to be done.', 'Những việc cần làm.'),
  ],
};

/** R4 activitydefinition-operation-apply.html. */
export const APPLY_ACTIVITY: Operation = {
  name: 'apply',
  definition: 'http://hl7.org/fhir/OperationDefinition/ActivityDefinition-apply',
  version: '4.0.1',
  title: { en: 'Apply', vi: 'Áp dụng hoạt động' },
  description: {
    en: 'The request that the definition describes, for a person now: a draft that is not kept.',
    vi: 'Yêu cầu mà định nghĩa mô tả, cho một người lúc này: bản nháp, không lưu lại.',
  },
  resource: ['ActivityDefinition'],
  at: ['type', 'instance'],
  postOnly: 'type',
  parameters: [
    inBody(
      input(
        'activityDefinition:ActivityDefinition',
        'The definition, where the address names none.',
        'Định nghĩa, khi địa chỉ không nêu cái nào.',
      ),
    ),
    input('subject:string!', 'Patient/id.', 'Patient/mã.'),
    ...aboutInputs(),
    output('return:Resource!', 'The request.', 'Yêu cầu.'),
  ],
};

export const PROGRAMME_OPERATIONS: readonly Operation[] = [IMMDS_FORECAST, APPLY_PLAN, APPLY_ACTIVITY];
