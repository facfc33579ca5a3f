/** `CodeSystem/$validate-code`: whether a code is one of a system, and may be used on a day. R4 codesystem-operation-validate-code.html. */
import type { CodeSystemJson } from '../../terminology/stored-system.ts';
import type { CodeSystemView } from '../../terminology/system.ts';
import { bestOf, codingsOf, judge, no, systemOf, type Verdict } from './coded.ts';
import { defined, inputs, outputs } from './defined.ts';
import { type CodingJson, type Input, wrongInput } from './input.ts';
import { parametersOf, value } from './output.ts';
import { USE_SUPPLEMENT } from './supplements.ts';
import type { Terms } from './terms.ts';

export const CODE_SYSTEM_VALIDATE_CODE = defined({
  name: 'validate-code',
  resource: 'CodeSystem',
  at: ['type', 'instance'],
  title: { en: 'Code System based Validation', vi: 'Kiểm tra mã theo hệ mã' },
  description: {
    en: 'Whether a code is in a code system, named rightly, and in force on a day.',
    vi: 'Một mã có trong hệ mã, đúng tên và còn hiệu lực vào một ngày hay không.',
  },
  parameters: [
    ...inputs(
      'url:uri',
      'codeSystem:CodeSystem',
      'code:code',
      'version:string',
      'display:string',
      'coding:Coding',
      'codeableConcept:CodeableConcept',
      'date:dateTime',
      'abstract:boolean',
      'displayLanguage:code',
      `${USE_SUPPLEMENT}:canonical*`,
    ),
    ...outputs('result:boolean!', 'message:string', 'display:string'),
  ],
});

export async function validateInSystem(terms: Terms, input: Input, id?: string): Promise<object> {
  const codings = codingsOf(input, { code: 'code', coding: 'coding', codeableConcept: 'codeableConcept' });
  const view = await askedSystem(terms, input, codings, id);
  return verdictParameters(bestOf(codings.map((one) => verdict(terms, input, view, one))));
}

/** By instance, given with the question, by URL, or by what the coding itself says. */
async function askedSystem(
  terms: Terms,
  input: Input,
  codings: readonly CodingJson[],
  id: string | undefined,
): Promise<CodeSystemView> {
  const given = id === undefined ? input.resource('codeSystem') : await terms.instance('CodeSystem', id);
  if (given !== undefined) {
    const url = String(given.url);
    const own = terms.lists.system(url, terms.date) ? await terms.system(url) : undefined;
    const view = (id === undefined ? undefined : own) ?? (await terms.viewOf(given as CodeSystemJson));
    if (view) return view;
    throw wrongInput(
      'codeSystem',
      'CodeSystem này không có danh sách mã (concept).',
      'This CodeSystem lists no concepts.',
    );
  }
  const url = input.text('url') ?? (input.has('coding') ? codings[0]!.system : undefined);
  return systemOf(terms, url, input.text('version') ?? codings[0]!.version, 'url');
}

function verdict(terms: Terms, input: Input, view: CodeSystemView, coding: CodingJson): Verdict {
  const { system, code = '', display } = coding;
  if (system !== undefined && system !== view.url) {
    return no(
      `Mã "${code}" thuộc hệ mã "${system}", không phải "${view.url}".`,
      `Code "${code}" is of system "${system}", not "${view.url}".`,
    );
  }
  const concept = view.concept(code);
  if (!concept) return unknownCode(view, code, terms.date);
  return judge(view, concept, {
    display,
    abstract: input.flag('abstract'),
    language: input.text('displayLanguage'),
    date: terms.date,
  });
}

/** A part of a system cannot prove a code wrong, and says so. */
export function unknownCode(view: CodeSystemView, code: string, date: string): Verdict {
  return view.content === 'fragment'
    ? no(
        `Phần của ${view.name} có ở đây không có mã "${code}"; hệ mã đầy đủ có thể có.`,
        `The part of ${view.name} that is here has no code "${code}"; the whole system may.`,
      )
    : no(
        `${view.name} không có mã "${code}" vào ngày ${date}.`,
        `${view.name} has no code "${code}" on ${date}.`,
      );
}

export function verdictParameters({ result, message, display }: Verdict): object {
  return parametersOf([
    value('result', 'valueBoolean', result),
    value('message', 'valueString', message),
    value('display', 'valueString', display === '' ? undefined : display),
  ]);
}
