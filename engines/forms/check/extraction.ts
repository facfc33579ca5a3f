/** What extraction needs of an item: codes, elements that R4 has, templates that are there. Pure. */
import { isResourceName } from '../../../kernel/fhir/definitions/elements.ts';
import { EXT, extensionOf, extensionsOf, onlyValueOf, partOf } from '../extension.ts';
import { templateNamed, templateOf } from '../extract/contained.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../form/types.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';
import { hasElement } from './element.ts';
import { extractionExpressionFaults } from './extraction-expressions.ts';

/** The one language of an extraction context. */
const QUERY = 'application/x-fhir-query';

export function extractionFaults(question: Question, plan: Plan): Fault[] {
  return [
    ...observationFaults(question),
    ...definitionFaults(question),
    ...templateFaults(question, plan),
    ...extractionExpressionFaults(question, plan),
    ...otherLanguageFaults(question),
  ];
}

/** Ways of SDC that are not carried out here: a form that counts on them would give less than it promises. */
function otherLanguageFaults({ item, place }: Question): Fault[] {
  const maps = [EXT.targetStructureMap, EXT.sourceStructureMap].flatMap((url) =>
    extensionsOf(item, url).map((_, at) =>
      fault(
        `${place}.extension.where(url = '${url}')[${at}]`,
        'language',
        'dùng StructureMap, thứ không chạy ở đây: hãy trích bằng definitionExtract, templateExtract hoặc observationExtract, và điền trước bằng initialExpression',
        'uses a StructureMap, which is not carried out here: extract by definitionExtract, templateExtract or observationExtract, and populate by initialExpression',
      ),
    ),
  );
  const libraries = extensionsOf(item, EXT.cqfLibrary).map((_, at) =>
    fault(
      `${place}.extension.where(url = '${EXT.cqfLibrary}')[${at}]`,
      'language',
      'nêu một thư viện CQL, thứ không đọc ở đây: hãy viết các biểu thức bằng FHIRPath',
      'names a library of CQL, which is not read here: write the expressions in FHIRPath',
      'warning',
    ),
  );
  return [...maps, ...libraries];
}

function observationFaults({ item, place, isGroup, parent }: Question): Fault[] {
  const told = onlyValueOf(extensionOf(item, EXT.observationExtract));
  if (!parent || isGroup || told === undefined || told === false || (item.code?.length ?? 0) > 0) return [];
  return [
    fault(
      `${place}.code`,
      'no-code',
      'thiếu mã, mà câu trả lời được trích thành Observation (observationExtract)',
      'is missing, and the answer is extracted as an Observation (observationExtract)',
    ),
  ];
}

/** `http://hl7.org/fhir/StructureDefinition/Patient#Patient.name.given` */
function definitionFaults(question: Question): Fault[] {
  const { item, place } = question;
  const named: [string, string][] = item.definition ? [[`${place}.definition`, item.definition]] : [];
  for (const [at, one] of extensionsOf(item, EXT.definitionExtractValue).entries()) {
    const definition = partOf(one, 'definition');
    const here = `${place}.extension.where(url = '${EXT.definitionExtractValue}')[${at}]`;
    if (typeof definition === 'string') named.push([here, definition]);
    else named.push([here, '#']);
  }
  const found = named.flatMap(([here, definition]) => elementFaults(question, here, definition));
  for (const [at, { valueCode, valueExpression }] of extensionsOf(item, EXT.extractionContext).entries()) {
    const text = valueCode ?? valueExpression?.expression ?? '';
    const language = valueExpression?.language as string | undefined;
    const here = `${place}.extension.where(url = '${EXT.extractionContext}')[${at}].value`;
    if (language !== undefined && language !== QUERY)
      found.push(
        fault(
          `${here}.language`,
          'language',
          `không tính được ngôn ngữ "${language}" (chỉ ${QUERY})`,
          `asks for "${language}": only ${QUERY} is carried out`,
        ),
      );
    else if (/[?/]/.test(text))
      found.push(
        fault(
          here,
          'language',
          'tìm tài nguyên có sẵn để sửa, việc ấy không làm ở đây và sẽ thành một tài nguyên mới: hãy nêu loại tài nguyên, và điền sẵn mã của nó vào một câu ẩn có definition …#Loại.id',
          'searches for the resource to change, which is not carried out here and would make a new one: name the type, and fill its id into a hidden item whose definition is …#Type.id',
        ),
      );
    else if (!isResourceName(text))
      found.push(fault(here, 'type', 'không nêu loại tài nguyên R4', 'names no resource type of R4'));
  }
  return found;
}

/** An element that nothing extracts is a note of the author; one that is extracted must be there. */
function elementFaults({ lineage }: Question, here: string, definition: string): Fault[] {
  const isExtracted = lineage.some(
    ({ item }) => extensionOf(item, EXT.definitionExtract) || extensionOf(item, EXT.extractionContext),
  );
  const [, path = ''] = definition.split('#');
  if (!isExtracted || hasElement(path)) return [];
  return [
    fault(
      here,
      'type',
      `nêu "${path || definition}", phần tử mà R4 không có`,
      `names "${path || definition}", which R4 does not have`,
    ),
  ];
}

function templateFaults({ item, place }: Question, { questionnaire }: Plan): Fault[] {
  return [EXT.templateExtract, EXT.templateExtractBundle].flatMap((url) =>
    extensionsOf(item, url).flatMap((one, at) => {
      const here = `${place}.extension.where(url = '${url}')[${at}]`;
      const template = templateOf(questionnaire, one);
      if (!template)
        return [
          fault(
            here,
            'unknown-questionnaire',
            `nêu khuôn "${templateNamed(one)}" không có trong contained`,
            `names the template "${templateNamed(one)}", which is not contained`,
          ),
        ];
      if (url === EXT.templateExtract || template.resourceType === 'Bundle') return [];
      return [
        fault(
          here,
          'type',
          `cần một Bundle làm khuôn, "${templateNamed(one)}" là ${template.resourceType}`,
          `needs a Bundle as its template, "${templateNamed(one)}" is a ${template.resourceType}`,
        ),
      ];
    }),
  );
}
