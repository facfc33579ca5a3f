/**
 * What is asked of a definition under an address of the house when it becomes active, by itself: it must be one that can be carried out.
 * Drafts and the definitions of others are kept as they are and refused when somebody asks for them. Pure.
 */
import { checkForm } from '../engines/forms/index.ts';
import { measureIssues } from '../engines/measures/index.ts';
import { compileView, type ViewDefinition } from '../engines/views/index.ts';
import { Failure, type Issue } from '../kernel/failure.ts';
import { compileCriterion } from '../kernel/fhir/person/index.ts';
import type { ActivityDefinition, Library, Questionnaire, Resource } from '../kernel/fhir/types.ts';

export const HOUSE = 'http://yba.vn/fhir/';

export function isOfHouse(resource: Resource): boolean {
  const { url, status } = resource as { url?: unknown; status?: unknown };
  return typeof url === 'string' && url.startsWith(HOUSE) && status === 'active';
}

/** @param resource right by R4 */
export function publicationIssues(resource: Resource): Issue[] {
  if (!isOfHouse(resource)) return [];
  if (resource.resourceType === 'Questionnaire') return formIssues(resource);
  if (resource.resourceType === 'Measure') return measureIssues(resource);
  if (resource.resourceType === 'Library') return viewIssues(resource);
  return resource.resourceType === 'ActivityDefinition' ? dynamicIssues(resource) : [];
}

/** R4 says of questions with one name only that there are some; the form's own check says which. */
export function sharedNames(resource: Resource): Issue[] {
  if (resource.resourceType !== 'Questionnaire') return [];
  return issuesIn(() => checkForm(resource).filter(({ code }) => code === 'duplicate'));
}

const wrong = (expression: string, text: string, textEn: string): Issue => ({
  severity: 'error',
  code: 'business-rule',
  text: `${expression} ${text}.`,
  textEn: `${expression} ${textEn}.`,
  expression,
});

function formIssues({ title = '', item = [] }: Questionnaire): Issue[] {
  return [
    ...(title.trim() === ''
      ? [wrong('Questionnaire.title', 'còn thiếu: tên mà người điền thấy', 'is missing: the name people see')]
      : []),
    ...(item.length === 0
      ? [wrong('Questionnaire.item', 'còn trống: biểu mẫu không hỏi gì', 'is empty: the form asks nothing')]
      : []),
  ];
}

/** A view that lies in a Library, as `$run` finds it. */
function viewIssues({ content = [] }: Library): Issue[] {
  return content.flatMap(({ contentType = '', data }, at) => {
    if (data === undefined || !/json/.test(contentType)) return [];
    const place = `Library.content[${at}].data`;
    const view = parsed(Buffer.from(data, 'base64').toString('utf8'));
    if (view === null) return [wrong(place, 'không phải JSON', 'is no JSON')];
    return view.resourceType === 'ViewDefinition' ? issuesIn(() => void compileView(view), place) : [];
  });
}

function parsed(text: string): ViewDefinition | null {
  try {
    return JSON.parse(text) as ViewDefinition;
  } catch {
    return null;
  }
}

function dynamicIssues({ dynamicValue = [] }: ActivityDefinition): Issue[] {
  return dynamicValue.flatMap(({ expression }, at) =>
    issuesIn(
      () =>
        void compileCriterion(expression, `ActivityDefinition.dynamicValue[${at}].expression`, {
          constants: new Map(),
        }),
    ),
  );
}

/** What a look throws is what is wrong. @param place of faults that name none */
function issuesIn(look: () => Issue[] | undefined | void, place?: string): Issue[] {
  try {
    return look() ?? [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.issues.map((issue) => ({ ...issue, expression: place ?? issue.expression ?? '' }));
  }
}
