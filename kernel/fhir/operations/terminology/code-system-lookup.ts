/** `CodeSystem/$lookup`: what a code means on a day. R4 codesystem-operation-lookup.html. */
import { Failure } from '../../../failure.ts';
import type { CodeSystemView, SystemConcept } from '../../terminology/system.ts';
import { codingsOf, displayIn, speaks, systemOf } from './coded.ts';
import { defined, inputs, outputs, repeatedParts } from './defined.ts';
import type { Input } from './input.ts';
import { type OutParameter, parametersOf, value } from './output.ts';
import { USE_SUPPLEMENT } from './supplements.ts';
import type { Terms } from './terms.ts';

export const CODE_SYSTEM_LOOKUP = defined({
  name: 'lookup',
  resource: 'CodeSystem',
  at: ['type'],
  title: { en: 'Concept Look Up', vi: 'Tra cứu mã' },
  description: {
    en: 'The name, designations and properties of a code in its system, as of a day.',
    vi: 'Tên, các tên khác và thuộc tính của một mã trong hệ mã, theo một ngày.',
  },
  parameters: [
    ...inputs(
      'code:code',
      'system:uri',
      'version:string',
      'coding:Coding',
      'date:dateTime',
      'displayLanguage:code',
      'property:code*',
      `${USE_SUPPLEMENT}:canonical*`,
    ),
    ...outputs('name:string!', 'version:string', 'display:string!'),
    repeatedParts('out', 'designation', ...outputs('language:code', 'use:Coding', 'value:string!')),
    repeatedParts(
      'out',
      'property',
      ...outputs('code:code!', 'value:Element', 'description:string'),
      repeatedParts('out', 'subproperty', ...outputs('code:code!', 'value:Element!', 'description:string')),
    ),
  ],
});

/** Fails with `not-found` for a system or a code that is not there. */
export async function lookUp(terms: Terms, input: Input): Promise<object> {
  const [coding] = codingsOf(input, { code: 'code', coding: 'coding', system: 'system', version: 'version' });
  const { system, code, version } = coding!;
  const view = await systemOf(terms, system, version, input.has('coding') ? 'coding' : 'system');
  const concept = view.concept(code!);
  if (!concept) {
    throw new Failure('not-found', `Hệ mã ${view.name} không có mã "${code}" vào ngày ${terms.date}.`, {
      textEn: `${view.name} has no code "${code}" on ${terms.date}.`,
      expression: input.has('coding') ? 'coding' : 'code',
    });
  }
  const asked = new Set(input.texts('property'));
  const wants = (name: string) => asked.size === 0 || asked.has(name);
  return parametersOf([
    value('name', 'valueString', view.name),
    value('version', 'valueString', view.version),
    value('display', 'valueString', displayIn(view, concept, input.text('displayLanguage')) || concept.code),
    ...designationsOf(concept, asked),
    ...propertiesOf(view, concept)
      .filter(({ code: name }) => wants(name))
      .map(({ part }) => part),
  ]);
}

/** All, or those in the languages that are asked for as `lang.vi` (R4 codesystem-operation-lookup.html, property). */
function designationsOf({ designations }: SystemConcept, asked: ReadonlySet<string>): OutParameter[] {
  const languages = [...asked].flatMap((one) => (one.startsWith('lang.') ? [one.slice(5)] : []));
  const all = asked.size === 0 || asked.has('designation');
  const shown = designations.filter(({ language }) => all || languages.some((one) => speaks(language, one)));
  return shown.map(({ language, use, value: text }) => ({
    name: 'designation',
    part: [
      value('language', 'valueCode', language),
      value('use', 'valueCoding', use),
      value('value', 'valueString', text),
    ].filter((one) => one !== undefined),
  }));
}

function propertiesOf(view: CodeSystemView, concept: SystemConcept): { code: string; part: OutParameter }[] {
  const own = concept.properties.filter(
    ({ code }) => !['parent', 'child', 'inactive', 'definition'].includes(code),
  );
  const list = [
    ...(concept.definition === undefined
      ? []
      : [{ code: 'definition', kind: 'valueString', value: concept.definition }]),
    { code: 'inactive', kind: 'valueBoolean', value: concept.inactive },
    ...view.parents(concept.code).map((code) => ({ code: 'parent', kind: 'valueCode', value: code })),
    ...view.children(concept.code).map((code) => ({ code: 'child', kind: 'valueCode', value: code })),
    ...own,
  ];
  return list.map(({ code, kind, value: given }) => {
    const named = code === 'parent' || code === 'child' ? view.concept(String(given))?.display : undefined;
    const parts = [
      value('code', 'valueCode', code),
      value('value', kind, given),
      value('description', 'valueString', named || undefined),
    ];
    return { code, part: { name: 'property', part: parts.filter((one) => one !== undefined) } };
  });
}
