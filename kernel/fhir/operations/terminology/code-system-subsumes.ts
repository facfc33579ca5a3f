/** `CodeSystem/$subsumes`: whether one code lies below another. R4 codesystem-operation-subsumes.html. */
import { Failure } from '../../../failure.ts';
import type { CodeSystemJson } from '../../terminology/stored-system.ts';
import type { CodeSystemView } from '../../terminology/system.ts';
import { codingsOf, systemOf } from './coded.ts';
import { defined, inputs, outputs } from './defined.ts';
import { type CodingJson, type Input, wrongInput } from './input.ts';
import { parametersOf, value } from './output.ts';
import type { Terms } from './terms.ts';

export const CODE_SYSTEM_SUBSUMES = defined({
  name: 'subsumes',
  resource: 'CodeSystem',
  at: ['type', 'instance'],
  title: { en: 'Subsumption Testing', vi: 'So sánh cha con' },
  description: {
    en: 'Whether code A subsumes code B, by the hierarchy of their system.',
    vi: 'Mã A có bao hàm mã B hay không, theo cây của hệ mã.',
  },
  parameters: [
    ...inputs('codeA:code', 'codeB:code', 'system:uri', 'version:string', 'codingA:Coding', 'codingB:Coding'),
    ...outputs('outcome:code!'),
  ],
});

export async function subsumes(terms: Terms, input: Input, id?: string): Promise<object> {
  const [a] = codingsOf(input, { code: 'codeA', coding: 'codingA', system: 'system', version: 'version' });
  const [b] = codingsOf(input, { code: 'codeB', coding: 'codingB', system: 'system', version: 'version' });
  const view = await askedSystem(terms, input, a!, b!, id);
  for (const [name, { code = '' }] of [
    ['codeA', a!],
    ['codeB', b!],
  ] as const) {
    if (view.has(code)) continue;
    throw new Failure('not-found', `Hệ mã ${view.name} không có mã "${code}".`, {
      textEn: `${view.name} has no code "${code}".`,
      expression: input.has(name) ? name : name.replace('code', 'coding'),
    });
  }
  return parametersOf([value('outcome', 'valueCode', outcome(view, a!.code!, b!.code!))]);
}

async function askedSystem(
  terms: Terms,
  input: Input,
  a: CodingJson,
  b: CodingJson,
  id: string | undefined,
): Promise<CodeSystemView> {
  if (id !== undefined) {
    const json = await terms.instance('CodeSystem', id);
    const view =
      terms.lists.system(String(json.url), terms.date) ?? (await terms.viewOf(json as CodeSystemJson));
    if (view) return view;
    throw wrongInput(
      'system',
      'CodeSystem này không có danh sách mã (concept).',
      'This CodeSystem lists no concepts.',
    );
  }
  const systems = new Set([a.system, b.system].filter((one) => one !== undefined));
  if (systems.size > 1) {
    throw wrongInput('codingB', 'Hai mã thuộc hai hệ mã khác nhau.', 'The codes are of different systems.');
  }
  return systemOf(terms, [...systems][0], a.version, input.has('codingA') ? 'codingA' : 'system');
}

function outcome(view: CodeSystemView, a: string, b: string): string {
  const [first, second] = [view.concept(a)!.code, view.concept(b)!.code];
  if (first === second) return 'equivalent';
  if (view.isBelow(second, first)) return 'subsumes';
  return view.isBelow(first, second) ? 'subsumed-by' : 'not-subsumed';
}
