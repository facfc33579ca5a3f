/** `ValueSet/$expand`: the codes of a value set on a day, all or those that fit what was typed. R4 valueset-operation-expand.html. */
import type { CodeSet, Member } from '../../terminology/code-set.ts';
import type { Designation } from '../../terminology/system.ts';
import { askedValueSet } from './asked-value-set.ts';
import { displayIn, speaks } from './coded.ts';
import { defined, inputs, outputs } from './defined.ts';
import { type Input, wrongInput } from './input.ts';
import { USE_SUPPLEMENT } from './supplements.ts';
import type { Terms, Versions } from './terms.ts';

export const VALUE_SET_EXPAND = defined({
  name: 'expand',
  resource: 'ValueSet',
  at: ['type', 'instance'],
  title: { en: 'Value Set Expansion', vi: 'Liệt kê bộ giá trị' },
  description: {
    en: 'The codes of a value set on a day: all, a page, or those that fit what a person typed.',
    vi: 'Các mã của bộ giá trị vào một ngày: tất cả, một trang, hoặc những mã khớp với chữ người dùng gõ.',
  },
  parameters: [
    ...inputs(
      'url:uri',
      'valueSet:ValueSet',
      'valueSetVersion:string',
      'context:uri',
      'contextDirection:code',
      'filter:string',
      'date:dateTime',
      'offset:integer',
      'count:integer',
      'includeDesignations:boolean',
      'designation:string*',
      'includeDefinition:boolean',
      'activeOnly:boolean',
      'excludeNested:boolean',
      'excludeNotForUI:boolean',
      'excludePostCoordinated:boolean',
      'displayLanguage:code',
      'exclude-system:canonical*',
      'system-version:canonical*',
      'check-system-version:canonical*',
      'force-system-version:canonical*',
      `${USE_SUPPLEMENT}:canonical*`,
    ),
    ...outputs('return:ValueSet!'),
  ],
});

/** An answer without `count` may have so many codes. */
const MOST = 20_000;

interface Contained {
  system?: string;
  abstract?: true;
  inactive?: true;
  version?: string;
  code: string;
  display?: string;
  designation?: Designation[];
  contains?: Contained[];
}

/** Fails with `too-costly` when the answer would be too large, naming the way out. */
export async function expand(terms: Terms, input: Input, id?: string): Promise<object> {
  const { json, set } = await askedValueSet(terms, input, id);
  const text = input.text('filter')?.trim();
  const members = kept(set.members(text === '' ? undefined : text), input);
  const offset = input.number('offset') ?? 0;
  const count = input.number('count');
  if (count === undefined && members.length > MOST) throw terms.tooMany(MOST);
  const page = members.slice(offset, count === undefined ? undefined : offset + Math.min(count, MOST));
  const contains = page.map((member) => containedOf(member, input));
  const isNested =
    input.flag('excludeNested') === false && count === undefined && offset === 0 && (text ?? '') === '';
  const list = isNested ? nested(page, contains) : contains;
  return {
    ...head(json, input),
    expansion: {
      ...(isOpen(set) ? { extension: [{ url: UNCLOSED, valueBoolean: true }] } : {}),
      identifier: `urn:uuid:${crypto.randomUUID()}`,
      timestamp: new Date().toISOString(),
      total: members.length,
      ...(offset > 0 || count !== undefined ? { offset } : {}),
      parameter: [...echoOf(input), ...usedOf(set)],
      ...(list.length === 0 ? {} : { contains: list }),
    },
  };
}

/** R4 extension: there are codes that the expansion does not hold, since only a part of their system is here. */
const UNCLOSED = 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed';

function isOpen(set: CodeSet): boolean {
  return set.systems().some(({ content }) => content === 'fragment');
}

/** @throws Failure when a version is not `system|version` */
export function versionsOf(input: Input): Versions {
  const pairs = (name: string) =>
    new Map(
      input.texts(name).map((one): [string, string] => {
        const at = one.lastIndexOf('|');
        if (at > 0 && at < one.length - 1) return [one.slice(0, at), one.slice(at + 1)];
        throw wrongInput(
          name,
          `Tham số ${name} có dạng hệ-mã|phiên-bản.`,
          `Parameter ${name} is system|version.`,
        );
      }),
    );
  return {
    otherwise: pairs('system-version'),
    check: pairs('check-system-version'),
    force: pairs('force-system-version'),
    supplements: input.texts(USE_SUPPLEMENT),
  };
}

function kept(members: Member[], input: Input): Member[] {
  const excluded = new Set(input.texts('exclude-system').map((one) => one.split('|')[0]));
  const activeOnly = input.flag('activeOnly') === true;
  const choosable = input.flag('excludeNotForUI') === true;
  if (excluded.size === 0 && !activeOnly && !choosable) return members;
  return members.filter(
    (member) =>
      !excluded.has(member.system) &&
      !(activeOnly && isInactive(member)) &&
      !(choosable && isAbstract(member)),
  );
}

const isInactive = ({ inactive, view, code }: Member) => inactive ?? view?.concept(code)?.inactive ?? false;
const isAbstract = ({ abstract, view, code }: Member) => abstract ?? view?.concept(code)?.abstract ?? false;

function containedOf(member: Member, input: Input): Contained {
  const { system, code, version, view } = member;
  const display = displayOf(member, input.text('displayLanguage'));
  const designations = designationsOf(member, input);
  return {
    ...(system === '' ? {} : { system }),
    ...(isAbstract(member) ? { abstract: true } : {}),
    ...(isInactive(member) ? { inactive: true } : {}),
    ...(version === undefined ? {} : { version }),
    code: view?.concept(code)?.code ?? code,
    ...(display === '' ? {} : { display }),
    ...(designations.length === 0 ? {} : { designation: designations }),
  };
}

/** A name in the language that is asked for, the value set's own names first. */
function displayOf({ display, designations = [], view, code }: Member, language: string | undefined): string {
  const concept = view?.concept(code);
  if (language === undefined) return display ?? concept?.display ?? '';
  const own = designations.find((one) => speaks(one.language, language))?.value;
  return (
    own ?? (concept === undefined ? (display ?? '') : displayIn(view!, concept, language) || (display ?? ''))
  );
}

/** All when they are asked for; `designation` narrows them to languages and uses. */
function designationsOf({ designations = [], view, code }: Member, input: Input): Designation[] {
  const asked = input.texts('designation');
  if (input.flag('includeDesignations') !== true && asked.length === 0) return [];
  const concept = view?.concept(code);
  const own: Designation[] =
    concept === undefined || view?.language === undefined || concept.display === ''
      ? []
      : [{ language: view.language, value: concept.display }];
  const all = [...own, ...designations, ...(concept?.designations ?? [])];
  return asked.length === 0 ? all : all.filter((one) => asked.some((token) => fits(one, token)));
}

const LANGUAGE = 'urn:ietf:bcp:47';

/** `vi`, `urn:ietf:bcp:47|vi`, or a use as `system|code`. */
function fits({ language, use }: Designation, token: string): boolean {
  const at = token.lastIndexOf('|');
  const [system, code] = at < 0 ? [LANGUAGE, token] : [token.slice(0, at), token.slice(at + 1)];
  return system === LANGUAGE ? speaks(language, code) : use?.system === system && use.code === code;
}

/** Codes under the one code above them; several parents, or none in the set, leave a code at the top. */
function nested(page: readonly Member[], contains: readonly Contained[]): Contained[] {
  const places = new Map(page.map(({ system, code }, at) => [`${system}|${code}`, at]));
  const top: Contained[] = [];
  const below = new Map<Contained, Contained[]>();
  for (const [at, { system, code, view }] of page.entries()) {
    const parents = view?.parents(code) ?? [];
    const place = parents.length === 1 ? places.get(`${system}|${parents[0]}`) : undefined;
    if (place === undefined || place === at || closes(page, places, at)) top.push(contains[at]!);
    else below.set(contains[place]!, [...(below.get(contains[place]!) ?? []), contains[at]!]);
  }
  for (const [parent, children] of below) parent.contains = children;
  return top;
}

/** Whether the way up from a code comes back to it: a loop that somebody stored. */
function closes(page: readonly Member[], places: Map<string, number>, from: number): boolean {
  const seen = new Set<number>();
  for (let at: number | undefined = from; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const { system, code, view }: Member = page[at]!;
    const parents: readonly string[] = view?.parents(code) ?? [];
    at = parents.length === 1 ? places.get(`${system}|${parents[0]}`) : undefined;
    if (at === from) return true;
  }
  return false;
}

/** What the expansion says of its value set; its definition only when that is asked for. */
function head(json: Record<string, unknown>, input: Input): Record<string, unknown> {
  const {
    resourceType: _type,
    id: _id,
    meta: _meta,
    text: _text,
    compose,
    expansion: _expansion,
    ...rest
  } = json;
  const definition = input.flag('includeDefinition') === true && compose !== undefined ? { compose } : {};
  return { resourceType: 'ValueSet', status: 'active', ...rest, ...definition };
}

const ECHOED: [string, string][] = [
  ['filter', 'valueString'],
  ['date', 'valueDateTime'],
  ['offset', 'valueInteger'],
  ['count', 'valueInteger'],
  ['includeDesignations', 'valueBoolean'],
  ['designation', 'valueString'],
  ['activeOnly', 'valueBoolean'],
  ['excludeNested', 'valueBoolean'],
  ['excludeNotForUI', 'valueBoolean'],
  ['displayLanguage', 'valueCode'],
  ['exclude-system', 'valueUri'],
  ['system-version', 'valueUri'],
  ['check-system-version', 'valueUri'],
  ['force-system-version', 'valueUri'],
];

/** What was asked that makes a difference to the codes, as R4 wants it said (ValueSet.expansion.parameter). */
function echoOf(input: Input): object[] {
  return ECHOED.flatMap(([name, kind]) =>
    (input.texts(name) as unknown[]).map((value) => ({ name, [kind]: value })),
  );
}

/** Which version of each system was used, and which supplements. */
function usedOf(set: CodeSet): object[] {
  const systems = set.systems().map(({ url, version }) => ({
    name: 'used-codesystem',
    valueUri: version === undefined ? url : `${url}|${version}`,
  }));
  const supplements = new Set(set.systems().flatMap((view) => view.supplements ?? []));
  return [...systems, ...[...supplements].map((one) => ({ name: 'used-supplement', valueUri: one }))];
}
