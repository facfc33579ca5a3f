/** Is a paper sound? Its definition, its template and both together with the sample, before anybody prints it. */
import { readFileSync } from 'node:fs';
import type { Content } from '../../kernel/content/content.ts';
import type { Dated } from '../../kernel/content/dated.ts';
import { Failure } from '../../kernel/failure.ts';
import { archiveFaults, fontsOf } from './archive/index.ts';
import {
  type CodeDefinition,
  type Fault,
  type Field,
  MANNERS,
  type PaperDefinition,
  papersOf,
} from './definition.ts';
import type { Documents } from './documents.ts';
import { compilePaper } from './fields.ts';
import { formFaults, sizeFaults } from './fit.ts';
import { canDraw } from './font.ts';
import { readSample, sampleData } from './sample.ts';
import { paperShape, sampleShape } from './shape.ts';
import { templateDays } from './templates.ts';

const SIZES = ['a4', 'a5', 'roll', 'label'];
const KINDS: readonly CodeDefinition['kind'][] = [
  'qrcode',
  'code128',
  'ean13',
  'datamatrix',
  'gs1datamatrix',
];
const NUMBER_PARTS = ['number', 'unit', 'series', 'year', 'yy'];
const MEMBERS = new Set(
  'title size source type standard roles signatures number kept about answers sources fields codes validTo'.split(
    ' ',
  ),
);
/**
 * Faults of every paper of the content, each with the paper's file before the place, and of every stamp. A template without a
 * description is a module's own and tried by its tests. @param concerns which files are looked at; all when absent
 */
export async function checkPapers(
  content: Content,
  documents: Documents,
  concerns = (_file: string) => true,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const papers = papersOf(content).filter(({ file }) => concerns(file));
  for (const paper of papers)
    for (const fault of await checkPaper(content, documents, paper))
      faults.push({ ...fault, place: `${paper.file}: ${fault.place}` });
  for (const name of content.files('documents')) {
    const [, key = '', from] = /^(stamp-[a-z-]+)\/(\d{4}-\d{2}-\d{2})\.typ$/.exec(name) ?? [];
    if (from !== undefined && concerns(`documents/${name}`))
      faults.push(...(await stampFaults(documents, key, from)));
  }
  return faults;
}

const STAMP_SAMPLE = { lines: ['ĐÃ HUỶ', '22/11/2026'], pages: [{ width: 595, height: 842 }] };

async function stampFaults(documents: Documents, key: string, from: string): Promise<Fault[]> {
  try {
    await documents.renderPaper(key, from, STAMP_SAMPLE);
    return [];
  } catch (error) {
    return ofFailure(error, `${key}/${from}.typ`);
  }
}

/** Empty = it may be published. */
export async function checkPaper(
  content: Content,
  documents: Documents,
  paper: Dated<PaperDefinition>,
): Promise<Fault[]> {
  const members = paperShape(paper.value, '');
  if (members.length > 0) return members;
  const shape = [...definitionFaults(paper.value), ...formFaults(content, paper)];
  if (shape.length > 0) return shape;
  const { key, from } = paper;
  if (!templateDays(content, key).includes(from))
    return [fault(`${key}/${from}.typ`, 'thiếu mẫu', 'the template is missing')];
  const template = readFileSync(content.path(`documents/${key}/${from}.typ`), 'utf8');
  const written = templateFaults(template, `${key}/${from}.typ`, paper.value);
  return written.length > 0 ? written : tried(content, documents, paper);
}

/** What can be said of a definition by itself. Pure. */
export function definitionFaults(definition: PaperDefinition): Fault[] {
  const faults: Fault[] = [];
  const say = (place: string, text: string, textEn: string) => faults.push(fault(place, text, textEn));
  for (const name of Object.keys(definition))
    if (!MEMBERS.has(name)) say(name, 'không có mục này', 'is not known here');
  if (!definition.title?.vi || !definition.title.en)
    say('title', 'cần tên giấy bằng tiếng Việt và tiếng Anh', 'needs "vi" and "en"');
  if (!SIZES.includes(definition.size))
    say('size', `phải là ${SIZES.join(', ')}`, `must be one of ${SIZES.join(', ')}`);
  if (!Array.isArray(definition.roles) || definition.roles.length === 0)
    say('roles', 'phải nêu ai được in', 'must name who may print it');
  if (definition.fields && !definition.about?.length)
    say('about', 'phải nêu giấy lập từ loại tài nguyên nào', 'must name the resource types it is made of');
  if (definition.answers && definition.about?.join() !== 'QuestionnaireResponse')
    say(
      'answers',
      'chỉ dùng cho giấy lập từ QuestionnaireResponse và không gì khác',
      'is for papers about a QuestionnaireResponse and nothing else',
    );
  if (definition.answers && !definition.fields)
    say('answers', 'cần có fields, dù để trống', 'needs "fields", which may be empty');
  for (const [name, code] of Object.entries(definition.codes ?? {})) {
    if (!KINDS.includes(code.kind))
      say(`codes.${name}.kind`, `phải là ${KINDS.join(', ')}`, `must be one of ${KINDS.join(', ')}`);
    if ([code.path, code.card, code.certificate].filter(Boolean).length !== 1)
      say(
        `codes.${name}`,
        'cần đúng một trong path, card và certificate',
        'needs one of path, card and certificate',
      );
  }
  numberFaults(definition, say);
  fieldFaults(definition.fields ?? {}, 'fields', definition, say);
  if (faults.length > 0 || definition.fields === undefined) return faults;
  try {
    compilePaper(definition);
  } catch (error) {
    faults.push(...ofFailure(error, 'fields'));
  }
  return faults;
}

/** A pattern without the running number, or that leaves the year out of numbers that begin anew, would give two papers one number. */
function numberFaults(
  { number }: PaperDefinition,
  say: (place: string, text: string, textEn: string) => void,
): void {
  if (number?.as === undefined) return;
  const parts = [...number.as.matchAll(/\{(\w+)(?::\d)?\}/g)].map(([, name]) => name!);
  const unknown = parts.find((name) => !NUMBER_PARTS.includes(name));
  if (unknown !== undefined) say('number.as', `không có phần {${unknown}}`, `there is no part {${unknown}}`);
  const isYearly = number.each === 'year';
  const isWhole =
    parts.includes('number') &&
    parts.includes('unit') &&
    (!isYearly || parts.includes('year') || parts.includes('yy'));
  if (!isWhole)
    say(
      'number.as',
      'cần {number}, {unit}, và {year} hoặc {yy} khi số bắt đầu lại mỗi năm: thiếu thì hai giấy trùng số',
      'needs {number}, {unit}, and {year} or {yy} when numbers begin anew each year: else two papers have one number',
    );
}

function fieldFaults(
  fields: Record<string, Field>,
  place: string,
  definition: PaperDefinition,
  say: (place: string, text: string, textEn: string) => void,
): void {
  for (const [name, field] of Object.entries(fields)) {
    const at = `${place}.${name}`;
    if (name === 'paper' || name === 'form')
      say(at, `tên “${name}” đã có nghĩa`, `the name "${name}" has a meaning already`);
    if (typeof field === 'string') continue;
    if ((field.path === undefined) === (field.answer === undefined))
      say(at, 'cần đúng một trong path và answer', 'needs either path or answer');
    if (field.answer !== undefined && !definition.about?.includes('QuestionnaireResponse'))
      say(
        `${at}.answer`,
        'chỉ dùng cho giấy lập từ QuestionnaireResponse',
        'is for papers about a QuestionnaireResponse',
      );
    if (field.as !== undefined && !MANNERS.includes(field.as))
      say(`${at}.as`, `phải là ${MANNERS.join(', ')}`, `must be one of ${MANNERS.join(', ')}`);
    fieldFaults(field.fields ?? {}, `${at}.fields`, definition, say);
  }
}

/** Names that the template asks for and nobody gives, codes that are not there, characters that the font cannot draw. Pure. */
export function templateFaults(template: string, file: string, definition: PaperDefinition): Fault[] {
  const faults: Fault[] = [];
  const at = (index: number) => {
    const before = template.slice(0, index).split('\n');
    return `${file}:${before.length}:${before.at(-1)!.length + 1}`;
  };
  const known = definition.fields
    ? new Set([...Object.keys(definition.fields), 'paper', ...(definition.answers ? ['form'] : [])])
    : null;
  const data = /#?let\s+(\w+)\s*=\s*json\("\/data\.json"\)/.exec(template)?.[1];
  if (known && data !== undefined)
    for (const match of template.matchAll(new RegExp(`(?<![\\w.])${data}\\.(\\w[\\w-]*)`, 'g')))
      if (!known.has(match[1]!))
        faults.push(
          fault(
            at(match.index),
            `giấy không có dữ liệu “${match[1]}”`,
            `the paper has no field "${match[1]}"`,
          ),
        );
  for (const match of template.matchAll(/"\/codes\/([^"]+)\.png"/g))
    if (definition.fields && definition.codes?.[match[1]!] === undefined)
      faults.push(
        fault(at(match.index), `giấy không có mã “${match[1]}”`, `the paper has no code "${match[1]}"`),
      );
  let index = 0;
  for (const character of template) {
    const code = character.codePointAt(0)!;
    if (code > 0x7f && !canDraw(code))
      faults.push(
        fault(at(index), `phông chữ không có ký tự “${character}”`, `the font cannot draw "${character}"`),
      );
    index += character.length;
  }
  return faults;
}

async function tried(
  content: Content,
  documents: Documents,
  paper: Dated<PaperDefinition>,
): Promise<Fault[]> {
  const { key, from, value } = paper;
  const sample = readSample(content, key, from);
  if (!sample)
    return [
      fault(
        `${key}/${from}.sample.json`,
        'thiếu dữ liệu mẫu để thử',
        'there is no sample to try the paper with',
      ),
    ];
  const members = sampleShape(sample, '');
  if (members.length > 0)
    return members.map((one) => ({ ...one, place: `${key}/${from}.sample.json ${one.place}` }));
  try {
    const { data, codes } = sampleData(paper, sample);
    const standard = value.standard ?? 'a-2b';
    const bytes = await documents.renderPaper(key, from, data, { codes, standard });
    const archive = archiveFaults(bytes, standard === 'a-3b' ? 3 : 2).map((each) =>
      fault(`${key}/${from}.typ`, `không đúng PDF/A: ${each}`, `is not PDF/A: ${each}`),
    );
    const fonts = fontsOf(bytes).filter((name) => !name.includes('BeVietnamPro'));
    return [
      ...archive,
      ...sizeFaults(bytes, value, `${key}/${from}.typ`),
      ...fonts.map((name) =>
        fault(`${key}/${from}.typ`, `dùng phông của máy “${name}”`, `uses the font ${name} of this machine`),
      ),
    ];
  } catch (error) {
    return ofFailure(error, `${key}/${from}.typ`);
  }
}

function ofFailure(error: unknown, place: string): Fault[] {
  if (!(error instanceof Failure)) throw error;
  return error.issues.map((issue) => {
    const textEn = issue.textEn ?? issue.text;
    const inTemplate = /\/([\w-]+\/\d{4}-\d{2}-\d{2}\.typ:\d+:\d+)/.exec(textEn)?.[1];
    return fault(issue.expression ?? inTemplate ?? place, issue.text, textEn);
  });
}

const fault = (place: string, text: string, textEn: string): Fault => ({ place, text, textEn });
