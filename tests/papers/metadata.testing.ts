/** ISO 19005-2, 6.6: metadata. XMP is read with a parser of XML, names by their addresses and never by their prefixes. Pure. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { PDFName } from 'pdf-lib';
import { type Archived, decoded } from './document.testing.ts';

const DC = 'http://purl.org/dc/elements/1.1/';
const XMP = 'http://ns.adobe.com/xap/1.0/';
const PDF = 'http://ns.adobe.com/pdf/1.3/';
const PDFA = 'http://www.aiim.org/pdfa/ns/id/';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
/** XMP 2005, parts 4 and 8, and PDF/A's own: schemas whose properties need no description. */
const KNOWN = new Set([
  DC,
  XMP,
  PDF,
  PDFA,
  'http://ns.adobe.com/xap/1.0/mm/',
  'http://ns.adobe.com/xap/1.0/rights/',
  'http://ns.adobe.com/xap/1.0/t/pg/',
  'http://www.aiim.org/pdfa/ns/extension/',
]);

export interface Metadata {
  /** By address and name: `{http://…}title`. */
  values: Map<string, string>;
  faults: string[];
}

type Node = Record<string, unknown>;

/** @param part 2, or 3 for a paper with attached data */
export function metadataOf(file: Archived, part: 2 | 3): Metadata {
  const stream = file.stream(file.catalog().get(PDFName.of('Metadata')));
  if (stream === null) return { values: new Map(), faults: ['6.6.2.1: no metadata'] };
  const faults: string[] = [];
  const say = (fault: string) => faults.push(fault);
  if (stream.dict.has(PDFName.of('Filter')))
    say('6.6.2.1: metadata are packed, which hides them from whoever knows no PDF');
  if (file.name(stream.dict, 'Type') !== 'Metadata' || file.name(stream.dict, 'Subtype') !== 'XML')
    say('6.6.2.1: metadata that do not say that they are XML');
  const bytes = decoded(stream);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const packet =
    /^\s*<\?xpacket\s+begin=["']([^"']*)["']\s+id=["']W5M0MpCehiHzreSzNTczkc9d["']\s*\?>([\s\S]*)<\?xpacket\s+end=["'][rw]["']\s*\?>\s*$/.exec(
      text,
    );
  if (packet === null)
    return { values: new Map(), faults: [...faults, '6.6.2.1: no packet without bytes and encoding'] };
  const sound = XMLValidator.validate(packet[2]!);
  if (sound !== true)
    return { values: new Map(), faults: [...faults, `6.6.2.1: metadata are no XML: ${sound.err.msg}`] };
  const values = valuesOf(packet[2]!, say);
  if (values.get(`{${PDFA}}part`) !== String(part))
    say(`6.6.4: the metadata claim part ${values.get(`{${PDFA}}part`)}, not ${part}`);
  if (!['A', 'B', 'U'].includes(values.get(`{${PDFA}}conformance`) ?? ''))
    say('6.6.4: the metadata claim no level');
  infoFaults(file, values, say);
  return { values, faults };
}

/** Which level the file claims. */
export const levelOf = (metadata: Metadata): string => metadata.values.get(`{${PDFA}}conformance`) ?? '';

/** Language of the document by its metadata. */
export const titleOf = (metadata: Metadata): string => metadata.values.get(`{${DC}}title`) ?? '';

function valuesOf(xml: string, say: (fault: string) => void): Map<string, string> {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    trimValues: true,
  });
  const values = new Map<string, string>();
  const tree = parser.parse(xml) as Node;
  const names = prefixesOf(xml);
  const meta = Object.entries(tree).find(([key]) => key.endsWith(':xmpmeta'))?.[1] as Node | undefined;
  const rdf = Object.entries(meta ?? tree).find(([key]) => addressed(key, names) === `{${RDF}}RDF`)?.[1] as
    | Node
    | undefined;
  const descriptions = Object.entries(rdf ?? {}).flatMap(([key, value]) =>
    addressed(key, names) === `{${RDF}}Description` ? [value].flat() : [],
  ) as Node[];
  if (descriptions.length === 0) say('6.6.2.1: metadata without a description');
  const described = [...xml.matchAll(/namespaceURI(?:>|=["'])([^<"']+)/g)].map(([, address]) => address!);
  for (const [key, value] of descriptions.flatMap((each) => Object.entries(each))) {
    if (key.startsWith('@xmlns') || key === '@rdf:about') continue;
    const name = addressed(key.replace(/^@/, ''), names);
    const address = /^\{(.*)\}/.exec(name)?.[1] ?? '';
    if (!KNOWN.has(address) && !described.includes(address))
      say(`6.6.2.3.1: ${name} is of a schema that nobody describes`);
    values.set(name, plain(value));
  }
  return values;
}

function prefixesOf(xml: string): Map<string, string> {
  const found = [...xml.matchAll(/xmlns:([\w-]+)=["']([^"']*)["']/g)];
  return new Map(found.map(([, prefix, address]) => [prefix!, address!]));
}

const addressed = (key: string, names: ReadonlyMap<string, string>): string => {
  const [prefix = '', local = ''] = key.split(':');
  return `{${names.get(prefix) ?? prefix}}${local}`;
};

/** Of an alternative or a list its first item, of which papers have one each. */
function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plain).join('; ');
  if (typeof value !== 'object' || value === null) return '';
  const inner = value as Node;
  if (typeof inner['#text'] === 'string') return inner['#text'];
  return Object.entries(inner)
    .filter(([key]) => !key.startsWith('@'))
    .map(([, each]) => plain(each))
    .join('; ');
}

/** 6.6.3: what the information dictionary says, the metadata say too. */
const SAME: readonly [key: string, name: string][] = [
  ['Title', `{${DC}}title`],
  ['Author', `{${DC}}creator`],
  ['Subject', `{${DC}}description`],
  ['Keywords', `{${PDF}}Keywords`],
  ['Creator', `{${XMP}}CreatorTool`],
  ['Producer', `{${PDF}}Producer`],
];
const DAYS: readonly [key: string, name: string][] = [
  ['CreationDate', `{${XMP}}CreateDate`],
  ['ModDate', `{${XMP}}ModifyDate`],
];

function infoFaults(file: Archived, values: ReadonlyMap<string, string>, say: (fault: string) => void): void {
  const { info } = file.trailer();
  if (info === null) return;
  for (const [key, name] of SAME) {
    const said = file.text(info, key);
    if (said !== null && said !== values.get(name))
      say(`6.6.3: /${key} is "${said}" and the metadata say "${values.get(name)}"`);
  }
  for (const [key, name] of DAYS) {
    const said = file.text(info, key);
    if (said !== null && momentOf(said) !== Date.parse(values.get(name) ?? ''))
      say(`6.6.3: /${key} ${said} is not ${values.get(name)}`);
  }
}

/** `D:20261122080000+07'00'` → milliseconds. */
function momentOf(text: string): number {
  const found = /^D:(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(Z|([+-]\d{2})'?(\d{2}))/.exec(text);
  if (found === null) return Number.NaN;
  const [, year, month, day, hour, minute, second, zone, hours, minutes] = found;
  return Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${zone === 'Z' ? 'Z' : `${hours}:${minutes}`}`,
  );
}
