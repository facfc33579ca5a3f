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

/** R4 plandefinition-operation-apply.html. */
export const APPLY_PLAN: Operation = {
  name: 'apply',
  definition: 'http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply',
  version: '4.0.1',
  title: { en: 'Apply', vi: 'Áp dụng chương trình' },
  description: {
    en: 'A CarePlan of what the definition asks to be done for a person now: a RequestGroup and a Task for each, contained. It is not kept.',
    vi: 'CarePlan gồm những việc mà định nghĩa yêu cầu làm cho một người lúc này: một RequestGroup và mỗi việc một Task, nằm bên trong. Không lưu lại.',
  },
  resource: ['PlanDefinition'],
  at: ['instance'],
  parameters: [
    input('subject:string!', 'Patient/id.', 'Patient/mã.'),
    input('encounter:string', 'Encounter/id, named in what is made.', 'Encounter/mã, được ghi vào kết quả.'),
    input(
      'practitioner:string',
      'Practitioner/id, author of what is made.',
      'Practitioner/mã, là tác giả của kết quả.',
    ),
    input(
      'organization:string',
      'Organization/id, owner of the tasks.',
      'Organization/mã, đơn vị nhận việc.',
    ),
    output('return:CarePlan!', 'What is to be done.', 'Những việc cần làm.'),
  ],
};

export const PROGRAMME_OPERATIONS: readonly Operation[] = [IMMDS_FORECAST, APPLY_PLAN];
