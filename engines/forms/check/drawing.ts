/** What drawing and filling in need of an item beyond its answers: modes, columns, units, help from the record. Pure. */
import { isResourceName } from '../../../kernel/fhir/definitions/elements.ts';
import { PathSyntaxError, parsePath } from '../../../kernel/fhir/path/index.ts';
import { EXT, extensionsOf, onlyValueOf, partOf } from '../extension.ts';
import { fault } from '../fault.ts';
import { containedOptions } from '../form/options.ts';
import type { Fault } from '../form/types.ts';
import { UNIT_OPEN } from '../form/units.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../question.ts';
import type { CheckWith } from './knowing.ts';

const ENTRY_MODES: readonly string[] = ['sequential', 'prior-edit', 'random'];

export function drawingFaults(question: Question, plan: Plan, knowing: CheckWith): Fault[] {
  return [
    ...codeFaults(question, EXT.entryMode, ENTRY_MODES),
    ...codeFaults(question, EXT.unitOpen, UNIT_OPEN),
    ...unitSetFaults(question, plan, knowing),
    ...columnFaults(question),
    ...contextFaults(question),
    ...lookupFaults(question),
  ];
}

const placeOf = ({ place }: Question, url: string, at = 0) =>
  `${place}.extension.where(url = '${url}')[${at}]`;

function codeFaults(question: Question, url: string, codes: readonly string[]): Fault[] {
  return extensionsOf(question.item, url).flatMap((one, at) => {
    const code = onlyValueOf(one);
    if (typeof code === 'string' && codes.includes(code)) return [];
    return [
      fault(
        `${placeOf(question, url, at)}.value`,
        'not-an-option',
        `phải là một trong ${codes.join(', ')}`,
        `must be one of ${codes.join(', ')}`,
      ),
    ];
  });
}

function unitSetFaults(question: Question, { questionnaire }: Plan, { knowsValueSet }: CheckWith): Fault[] {
  return extensionsOf(question.item, EXT.unitValueSet).flatMap((one, at) => {
    const address = String(onlyValueOf(one) ?? '');
    const isKnown = address.startsWith('#')
      ? containedOptions(questionnaire, address) !== null
      : address !== '' && knowsValueSet?.(address) !== false;
    if (isKnown) return [];
    return [
      fault(
        `${placeOf(question, EXT.unitValueSet, at)}.value`,
        'unknown-set',
        `không ai ở đây biết bộ mã đơn vị "${address}"`,
        `nobody here knows the value set of units "${address}"`,
      ),
    ];
  });
}

function columnFaults(question: Question): Fault[] {
  return extensionsOf(question.item, EXT.choiceColumn).flatMap((one, at) => {
    const here = placeOf(question, EXT.choiceColumn, at);
    const path = partOf(one, 'path');
    if (typeof path !== 'string')
      return [fault(here, 'no-expression', 'thiếu đường dẫn của cột (path)', 'has no path of its column')];
    if (isPath(path)) return [];
    return [fault(here, 'invalid', `"${path}" không phải FHIRPath`, `"${path}" is no FHIRPath`)];
  });
}

function isPath(text: string): boolean {
  try {
    parsePath(text);
    return true;
  } catch (error) {
    if (error instanceof PathSyntaxError) return false;
    throw error;
  }
}

/** What is shown beside a question is a search of the record: `Observation?patient={{%patient.id}}`. */
function contextFaults(question: Question): Fault[] {
  return extensionsOf(question.item, EXT.contextExpression).flatMap((one, at) => {
    const here = placeOf(question, EXT.contextExpression, at);
    const { language, expression = '' } = (partOf(one, 'expression') ?? {}) as {
      language?: string;
      expression?: string;
    };
    const found: Fault[] = [];
    if (typeof partOf(one, 'label') !== 'string')
      found.push(
        fault(here, 'no-name', 'thiếu tên của phần xem thêm (label)', 'has no label for people', 'warning'),
      );
    if (expression !== '' && language !== 'application/x-fhir-query')
      found.push(
        fault(
          here,
          'language',
          'phải là một phép tìm (application/x-fhir-query)',
          'must be a query (application/x-fhir-query)',
        ),
      );
    else if (expression !== '' && !isResourceName(expression.split(/[?/]/)[0] ?? ''))
      found.push(
        fault(here, 'type', 'không tìm loại tài nguyên nào của R4', 'searches no resource type of R4'),
      );
    return found;
  });
}

function lookupFaults(question: Question): Fault[] {
  return extensionsOf(question.item, EXT.lookupQuestionnaire).flatMap((one, at) => {
    const address = onlyValueOf(one);
    if (typeof address === 'string' && address !== '') return [];
    return [
      fault(
        `${placeOf(question, EXT.lookupQuestionnaire, at)}.value`,
        'unknown-questionnaire',
        'không nêu biểu mẫu nào',
        'names no form',
      ),
    ];
  });
}
