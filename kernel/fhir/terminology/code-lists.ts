/** The content's lists and profiles as the FHIR interface shows them: resources that are stored nowhere a second time. */
import { createHash } from 'node:crypto';
import type { Content } from '../../content/content.ts';
import type { Issue } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import type { Resource, ResourceType } from '../types.ts';
import type { ConceptMapJson } from './concept-map.ts';
import { type KnownCodes, knownCodes, listOf, nameOf, wholeSystem } from './known-codes.ts';
import { conceptMapOf, listMaps } from './list-maps.ts';
import { isContentProfile, renderedProfiles } from './rendered-profiles.ts';
import type { CodeSystemView, ConceptProperty } from './system.ts';
import { type ListInfo, openTerminology, type Terminology } from './terminology.ts';

export interface CodeLists extends KnownCodes {
  /** ISO day in Viet Nam. */
  today(): string;
  /** When the program began: the lists are not changed while it runs. ISO instant. */
  readonly started: string;
  /** @param date ISO day; default today */
  system(url: string, date?: string): CodeSystemView | null;
  conceptMap(url: string): ConceptMapJson | null;
  /** Maps from a system, or to it. */
  conceptMapsOf(system: string, reverse: boolean): ConceptMapJson[];
  /** A resource that is made of content; null for what is not. */
  read(type: ResourceType, id: string): StoredVersion | null;
  /** All of a type, without what makes them long. */
  all(type: ResourceType): readonly Rendered[];
  /** What stands in the way of storing a resource: its address or its id belongs to the content. */
  refusal(resource: Resource): Issue[];
}

export interface Rendered {
  type: ResourceType;
  id: string;
  url: string;
  name: string;
  title: string;
  version?: string;
  /** CodeSystem: its own URL; ValueSet: the system that it holds. */
  system?: string;
  /** What it is searched by besides, by the name of the search parameter. */
  facets?: Readonly<Record<string, string>>;
  make(): Resource;
}

/** Ids that are the content's. */
const OWN_ID = 'danh-muc-';
const KINDS: readonly string[] = ['CodeSystem', 'ValueSet', 'ConceptMap'];
/** A longer list tells that its concepts are not in the resource; `$expand` gives them in pages. */
const MOST_CONCEPTS = 1_000;

/** @param more resources of the program that are announced beside the lists: its OperationDefinitions */
export function openCodeLists(
  content: Content,
  today: () => string,
  started: string,
  more: readonly Rendered[] = [],
): CodeLists {
  const terminology = openTerminology(content);
  const known = knownCodes(terminology, today);
  const maps = new Map<string, ConceptMapJson>();
  const mapOf = (name: string): ConceptMapJson | null => {
    const key = `${name} ${today()}`;
    const made = maps.get(key) ?? conceptMapOf(content, terminology, name, today());
    if (made === null) return null;
    if (!maps.has(key)) for (const old of maps.keys()) if (!old.endsWith(today())) maps.delete(old);
    maps.set(key, made);
    return made;
  };
  const all = (type: ResourceType) =>
    type === 'ConceptMap'
      ? listMaps(content).map(
          ({ map, url, title }): Rendered => ({
            type,
            id: `${OWN_ID}${map}`,
            url,
            name: nameOf(map),
            title,
            make: () => ({ ...mapOf(map), id: `${OWN_ID}${map}` }) as unknown as Resource,
          }),
        )
      : type === 'StructureDefinition'
        ? renderedProfiles(content, today())
        : [...renderedLists(terminology, type, today), ...more.filter((one) => one.type === type)];
  return {
    today,
    started,
    system: (url, date = today()) => listOf(terminology, url) && terminology.system(url, date),
    valueSet: known.valueSet,
    conceptMap: (url) => {
      const found = listMaps(content).find((one) => one.url === url);
      return found ? mapOf(found.map) : null;
    },
    conceptMapsOf: (system, reverse) =>
      listMaps(content)
        .filter(({ source, target }) => (reverse ? target : source) === system)
        .map(({ map }) => mapOf(map)!),
    read: (type, id) => {
      const found = all(type).find((one) => one.id === id);
      return found ? versionOf(found, started) : null;
    },
    all,
    refusal: (resource) => refusalOf(terminology, content, resource),
  };
}

function renderedLists(terminology: Terminology, type: ResourceType, today: () => string): Rendered[] {
  if (type !== 'CodeSystem' && type !== 'ValueSet') return [];
  return terminology.lists().map((list): Rendered => {
    const id = `${OWN_ID}${list.list}`;
    const make =
      type === 'CodeSystem'
        ? () => codeSystemOf(list, terminology.system(list.system, today())!, id)
        : () => ({ ...wholeSystem(list), id }) as unknown as Resource;
    return {
      type,
      id,
      url: type === 'CodeSystem' ? list.system : list.valueSet,
      name: nameOf(list.list),
      title: list.title,
      system: list.system,
      make,
    };
  });
}

/** As StoredVersion: the number of the version changes with the text. */
export function versionOf({ type, id, make }: Rendered, started: string): StoredVersion {
  const { resourceType, id: own, ...rest } = make() as unknown as Record<string, unknown>;
  const text = JSON.stringify(rest);
  const version = Number.parseInt(createHash('sha1').update(text).digest('hex').slice(0, 7), 16) + 1;
  const meta = { versionId: String(version), lastUpdated: started };
  const body = Buffer.from(JSON.stringify({ resourceType, id: own, meta, ...rest }));
  return { type, id, version, lastUpdated: started, deleted: false, patient: null, body };
}

function codeSystemOf(list: ListInfo, view: CodeSystemView, id: string): Resource {
  const isShort = view.size <= MOST_CONCEPTS;
  const concepts = isShort ? [...view.codes()].map((code) => conceptJson(view, code)) : [];
  const properties = propertiesOf(view);
  return {
    resourceType: 'CodeSystem',
    id,
    language: 'vi',
    url: list.system,
    ...(view.version === undefined ? {} : { version: view.version }),
    name: nameOf(list.list),
    title: list.title,
    status: 'active',
    ...(list.notice === '' ? {} : { copyright: list.notice }),
    caseSensitive: true,
    valueSet: list.valueSet,
    ...(list.parent === '' ? {} : { hierarchyMeaning: 'is-a' }),
    content: isShort ? list.content : 'not-present',
    count: view.size,
    ...(properties.length === 0 ? {} : { property: properties }),
    ...(concepts.length === 0 ? {} : { concept: concepts }),
  } as unknown as Resource;
}

const TYPES: Record<string, string> = {
  valueCode: 'code',
  valueString: 'string',
  valueDateTime: 'dateTime',
  valueBoolean: 'boolean',
};

/** What the first concepts have; a list has the same columns in every row. */
function propertiesOf(view: CodeSystemView): { code: string; type: string }[] {
  const found = new Map<string, string>([['inactive', 'boolean']]);
  let looked = 0;
  for (const code of view.codes()) {
    for (const { code: name, kind } of view.concept(code)!.properties)
      found.set(name, TYPES[kind] ?? 'string');
    looked += 1;
    if (looked >= MOST_CONCEPTS) break;
  }
  return [...found].map(([code, type]) => ({ code, type }));
}

function conceptJson(view: CodeSystemView, code: string): object {
  const { display, designations, inactive, properties } = view.concept(code)!;
  const parents = view
    .parents(code)
    .map((one): ConceptProperty => ({ code: 'parent', kind: 'valueCode', value: one }));
  const flags = inactive ? [{ code: 'inactive', kind: 'valueBoolean', value: true }] : [];
  const list = [...flags, ...parents, ...properties].map((one) => ({
    code: one.code,
    [one.kind]: one.value,
  }));
  return {
    code,
    ...(display === '' ? {} : { display }),
    ...(designations.length === 0 ? {} : { designation: designations }),
    ...(list.length === 0 ? {} : { property: list }),
  };
}

function refusalOf(terminology: Terminology, content: Content, resource: Resource): Issue[] {
  const { resourceType, url, id } = resource as { resourceType: string; url?: unknown; id?: string };
  if (resourceType === 'StructureDefinition') {
    const by = isContentProfile(content, { url, id });
    return by === null ? [] : [ownProfile(by, by === 'url' ? String(url) : id!)];
  }
  if (!KINDS.includes(resourceType)) return [];
  const isOwnUrl =
    typeof url === 'string' &&
    (resourceType === 'CodeSystem'
      ? listOf(terminology, url) !== null
      : resourceType === 'ValueSet'
        ? terminology.lists().some(({ valueSet }) => valueSet === url)
        : listMaps(content).some((one) => one.url === url));
  const isOwnId = id?.startsWith(OWN_ID) ?? false;
  if (!isOwnUrl && !isOwnId) return [];
  const expression = `${resourceType}.${isOwnUrl ? 'url' : 'id'}`;
  const shown = isOwnUrl ? String(url) : id!;
  return [
    {
      severity: 'error',
      code: 'business-rule',
      text: `"${shown}" là danh mục của chương trình (content/), không lưu bản thứ hai được. Hãy đặt url và id khác.`,
      textEn: `"${shown}" is a list of this program's content; a second one cannot be stored. Use another url and id.`,
      expression,
    },
  ];
}

function ownProfile(by: 'url' | 'id', shown: string): Issue {
  return {
    severity: 'error',
    code: 'business-rule',
    text: `"${shown}" là profile của chương trình (content/profiles/), không lưu bản thứ hai được. Muốn chặt hơn thì đặt url và id khác, lấy nó làm baseDefinition.`,
    textEn: `"${shown}" is a profile of this program's content; a second one cannot be stored. For a narrower one use another url and id, and take it as baseDefinition.`,
    expression: `StructureDefinition.${by}`,
  };
}
