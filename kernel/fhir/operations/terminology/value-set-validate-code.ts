/** `ValueSet/$validate-code`: whether a code is in a value set. R4 valueset-operation-validate-code.html. */
import type { CodeSet } from '../../terminology/code-set.ts';
import { askedValueSet } from './asked-value-set.ts';
import { unknownCode, verdictParameters } from './code-system-validate-code.ts';
import { bestOf, codingsOf, judge, no, type Verdict } from './coded.ts';
import { defined, inputs, outputs } from './defined.ts';
import { type CodingJson, type Input, wrongInput } from './input.ts';
import { USE_SUPPLEMENT } from './supplements.ts';
import type { Terms } from './terms.ts';

export const VALUE_SET_VALIDATE_CODE = defined({
  name: 'validate-code',
  resource: 'ValueSet',
  at: ['type', 'instance'],
  title: { en: 'Value Set based Validation', vi: 'Kiểm tra mã theo bộ giá trị' },
  description: {
    en: 'Whether a code is in a value set, named rightly, and in force on a day.',
    vi: 'Một mã có trong bộ giá trị, đúng tên và còn hiệu lực vào một ngày hay không.',
  },
  parameters: [
    ...inputs(
      'url:uri',
      'context:uri',
      'valueSet:ValueSet',
      'valueSetVersion:string',
      'code:code',
      'system:uri',
      'systemVersion:string',
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

export async function validateInSet(terms: Terms, input: Input, id?: string): Promise<object> {
  const codings = codingsOf(input, {
    code: 'code',
    coding: 'coding',
    codeableConcept: 'codeableConcept',
    system: 'system',
    version: 'systemVersion',
  });
  const { json, set } = await askedValueSet(terms, input, id);
  const name = String(json.title ?? json.name ?? json.url ?? 'ValueSet');
  const verdicts: Verdict[] = [];
  for (const coding of codings) verdicts.push(await verdict(terms, input, set, name, coding));
  return verdictParameters(bestOf(verdicts));
}

async function verdict(
  terms: Terms,
  input: Input,
  set: CodeSet,
  name: string,
  coding: CodingJson,
): Promise<Verdict> {
  const { code = '', display } = coding;
  const system = coding.system ?? impliedSystem(input, set);
  if (!set.has(system, code)) {
    const known = await terms.system(system, coding.version);
    const because = known && !known.has(code) ? ` ${unknownCode(known, code, terms.date).message}` : '';
    return no(
      `Mã "${system}|${code}" không thuộc ${name}.${because}`,
      `Code "${system}|${code}" is not in ${name}.`,
      known?.concept(code)?.display,
    );
  }
  const view = await terms.system(system, coding.version);
  if (!view) return { result: true };
  const concept = view.concept(code);
  if (!concept) return unknownCode(view, code, terms.date);
  return judge(view, concept, {
    display,
    abstract: input.flag('abstract'),
    language: input.text('displayLanguage'),
    date: terms.date,
  });
}

/** R4: a system is needed with `code`, unless the value set draws from one alone. */
function impliedSystem(input: Input, set: CodeSet): string {
  const systems = new Set(set.systems().map(({ url }) => url));
  if (systems.size === 1) return [...systems][0]!;
  const name = input.has('coding') ? 'coding' : input.has('codeableConcept') ? 'codeableConcept' : 'system';
  throw wrongInput(
    name,
    'Cần nói mã thuộc hệ mã nào (system): ValueSet này lấy mã từ nhiều hệ mã.',
    'Say which system the code is of: this value set does not draw from one system alone.',
  );
}
