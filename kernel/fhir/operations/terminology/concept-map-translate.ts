/** `ConceptMap/$translate`: what a code is in another system. R4 conceptmap-operation-translate.html. */
import { Failure } from '../../../failure.ts';
import {
  type ConceptMapJson,
  type MapConcept,
  type MapMatch,
  translate,
} from '../../terminology/concept-map.ts';
import { codingsOf } from './coded.ts';
import { defined, inputs, outputs, repeatedParts } from './defined.ts';
import { type CodingJson, type Input, wrongInput } from './input.ts';
import { type OutParameter, parametersOf, value } from './output.ts';
import type { Terms } from './terms.ts';

export const CONCEPT_MAP_TRANSLATE = defined({
  name: 'translate',
  resource: 'ConceptMap',
  at: ['type', 'instance'],
  title: { en: 'Concept Translation', vi: 'Chuyển mã' },
  description: {
    en: 'The codes that a code becomes by a concept map, or by all maps from its system.',
    vi: 'Một mã chuyển thành những mã nào theo một bảng chuyển mã, hoặc theo mọi bảng từ hệ mã của nó.',
  },
  parameters: [
    ...inputs(
      'url:uri',
      'conceptMap:ConceptMap',
      'conceptMapVersion:string',
      'code:code',
      'system:uri',
      'version:string',
      'source:uri',
      'coding:Coding',
      'codeableConcept:CodeableConcept',
      'target:uri',
      'targetsystem:uri',
    ),
    repeatedParts('in', 'dependency', ...inputs('element:uri', 'concept:CodeableConcept')),
    ...inputs('reverse:boolean'),
    ...outputs('result:boolean!', 'message:string'),
    repeatedParts(
      'out',
      'match',
      ...outputs('equivalence:code', 'concept:Coding'),
      repeatedParts('out', 'product', ...outputs('element:uri', 'concept:Coding')),
      ...outputs('source:uri'),
    ),
  ],
});

const NO_MATCH = new Set(['unmatched', 'disjoint']);
/** Maps that one code may be handed through (`unmapped.mode` other-map). */
const MOST_MAPS = 20;

export async function translateCode(terms: Terms, input: Input, id?: string): Promise<object> {
  const codings = codingsOf(input, {
    code: 'code',
    coding: 'coding',
    codeableConcept: 'codeableConcept',
    system: 'system',
    version: 'version',
  });
  if (input.has('code') && !input.has('system')) {
    throw wrongInput('system', 'Cần tham số system cùng với code.', 'Parameter system is needed with code.');
  }
  const matches: MapMatch[] = [];
  for (const coding of codings) {
    for (const map of await mapsOf(terms, input, coding, id)) {
      const ofMap = await follow(terms, input, map, coding, []);
      matches.push(...(leadsToTarget(map, input) ? ofMap : await inTarget(terms, input, ofMap)));
    }
  }
  const found = matches.some(({ equivalence }) => !NO_MATCH.has(equivalence));
  const [code] = codings;
  return parametersOf([
    value('result', 'valueBoolean', found),
    found
      ? undefined
      : value(
          'message',
          'valueString',
          `Không có mã tương ứng của "${code!.system ?? ''}|${code!.code}". (Nothing corresponds to "${code!.system ?? ''}|${code!.code}".)`,
        ),
    ...matches.map(matchOf),
  ]);
}

/** One map, or every map that begins at the code's system (ends there, in reverse). */
async function mapsOf(
  terms: Terms,
  input: Input,
  coding: CodingJson,
  id: string | undefined,
): Promise<ConceptMapJson[]> {
  const named = [input.has('url'), input.has('conceptMap'), id !== undefined].filter(Boolean).length;
  if (named > 1) {
    throw wrongInput(
      'url',
      'Chỉ nêu một ConceptMap: theo id trong địa chỉ, url hoặc conceptMap.',
      'Name one map: by the id in the address, url or conceptMap.',
    );
  }
  if (id !== undefined) return [(await terms.instance('ConceptMap', id)) as ConceptMapJson];
  if (input.has('conceptMap')) return [input.resource('conceptMap') as ConceptMapJson];
  const url = input.text('url');
  if (url !== undefined)
    return [(await terms.conceptMap(url, input.text('conceptMapVersion'))) as ConceptMapJson];
  if (coding.system === undefined) {
    throw wrongInput(
      'system',
      'Cần url của ConceptMap, hoặc hệ mã của mã.',
      'The url of a map or the system of the code is needed.',
    );
  }
  const reverse = input.flag('reverse') === true;
  const maps = [
    ...terms.lists.conceptMapsOf(coding.system, reverse),
    ...((await terms.conceptMapsOf(coding.system, reverse)) as ConceptMapJson[]),
  ];
  return maps.filter((map) => isAsked(map, input, reverse));
}

/** `source` names the value set (or system) that a map is from, in reverse the one it is to. */
function isAsked(map: ConceptMapJson, input: Input, reverse: boolean): boolean {
  const source = input.text('source');
  if (source === undefined) return true;
  const own = endOf(map, reverse ? 'target' : 'source');
  return own === undefined || own === source;
}

/** The map says itself that it leads to the value set that `target` names; it need not be stored here. */
function leadsToTarget(map: ConceptMapJson, input: Input): boolean {
  const target = input.text('target');
  const isReverse = input.flag('reverse') === true;
  return target !== undefined && endOf(map, isReverse ? 'source' : 'target') === target.split('|')[0];
}

/** The value set at an end of a map, without its version. */
function endOf(map: ConceptMapJson, end: 'source' | 'target'): string | undefined {
  const ends = map as Record<string, unknown>;
  const value = ends[`${end}Uri`] ?? ends[`${end}Canonical`];
  return typeof value === 'string' ? value.split('|')[0] : undefined;
}

async function follow(
  terms: Terms,
  input: Input,
  map: ConceptMapJson,
  coding: CodingJson,
  path: readonly string[],
): Promise<MapMatch[]> {
  const targetSystem = input.text('targetsystem');
  const { matches, otherMaps } = translate(map, {
    system: coding.system,
    code: coding.code!,
    reverse: input.flag('reverse') === true,
    dependencies: dependenciesOf(input),
    ...(targetSystem === undefined ? {} : { targetSystem }),
  });
  for (const other of otherMaps) {
    if (path.includes(other) || path.length >= MOST_MAPS) {
      throw new Failure('business-rule', `ConceptMap "${other}" gọi vòng lại chính nó.`, {
        textEn: `ConceptMap "${other}" refers to itself.`,
        expression: 'url',
      });
    }
    const next = (await terms.conceptMap(other)) as ConceptMapJson;
    matches.push(...(await follow(terms, input, next, coding, [...path, other])));
  }
  return matches;
}

function dependenciesOf(input: Input): Map<string, MapConcept[]> {
  const found = new Map<string, MapConcept[]>();
  for (const part of input.parts('dependency')) {
    const element = part.text('element');
    const concept = part.codeableConcept('concept');
    if (element === undefined || concept === undefined) {
      throw wrongInput(
        'dependency',
        'dependency cần element và concept.',
        'A dependency needs element and concept.',
      );
    }
    const codes = [
      ...(concept.coding ?? []),
      ...(concept.text === undefined ? [] : [{ code: concept.text }]),
    ];
    found.set(element, [...(found.get(element) ?? []), ...codes]);
  }
  return found;
}

/** `target`: only codes of this value set. */
async function inTarget(terms: Terms, input: Input, matches: MapMatch[]): Promise<MapMatch[]> {
  const target = input.text('target');
  if (target === undefined) return matches;
  const set = await terms.valueSet(target, 'target');
  return matches.filter(
    ({ concept }) => concept?.code !== undefined && set.has(concept.system ?? '', concept.code),
  );
}

function matchOf({ equivalence, concept, products, source }: MapMatch): OutParameter {
  return {
    name: 'match',
    part: [
      value('equivalence', 'valueCode', equivalence),
      value('concept', 'valueCoding', concept),
      ...products.map((one) => ({
        name: 'product',
        part: [value('element', 'valueUri', one.element), value('concept', 'valueCoding', one.concept)],
      })),
      value('source', 'valueUri', source),
    ].filter((one) => one !== undefined),
  };
}
