/** Papers: a dated template and plain data in, a PDF out. Knows no form by name. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { pageSizes, stampPdf } from './archive/index.ts';
import type { Barcode } from './barcode.ts';
import type { PaperDefinition } from './definition.ts';
import { openPresses, type PressOptions } from './press.ts';
import { cutData } from './printable.ts';
import { templateOn } from './templates.ts';
import type { Standard } from './typesetter.ts';

export interface PaperOptions {
  /** Barcodes that the template shows, by name. */
  codes?: Record<string, Barcode>;
  /** Instant stated in the PDF: of the version of the record it is made from, so that the bytes repeat. */
  createdAt?: string;
  /** PDF/A-2b unless the template attaches its data (PDF/A-3b). */
  standard?: Standard;
}

export interface Documents {
  /**
   * @param paper folder under `content/documents`, for example `prescription`
   * @param date ISO day whose template is used
   * @param data read by the template as `json("/data.json")`
   * @throws Failure `not-found` (no template in force), `business-rule` (the template is faulty), `overloaded` (try again)
   */
  renderPaper(paper: string, date: string, data: unknown, options?: PaperOptions): Promise<Buffer>;
  /** The same paper as one SVG picture, for screens and for looking at. */
  renderPicture(paper: string, date: string, data: unknown, options?: PaperOptions): Promise<string>;
  /**
   * A paper as it was first issued with a stamp over every page: a copy, a cancelled paper. The first bytes are the original's.
   * @param stamp folder of the stamp's template under `content/documents`; its data are `{lines, pages: [{width, height}]}`
   * @throws Failure as `renderPaper`; `business-rule` for bytes that are no paper of this engine
   */
  stampPaper(original: Buffer, stamp: string, date: string, lines: readonly string[]): Promise<Buffer>;
  /**
   * A page of a paper that is there as bytes, as an SVG picture.
   * @param page from 1; the last one for more than there are
   */
  pictureOf(bytes: Buffer, page: number): Promise<{ picture: string; pages: number }>;
  /** How many pages a paper has that is there as bytes. */
  pagesOf(bytes: Buffer): number;
  /** True while the typesetting process lives (it ends when idle). */
  isRunning(): boolean;
  close(): void;
}

/** Typesetting processes at most: half of the cores, since the machine has other work too, and two where there are few. */
const PROCESSES = Math.max(2, Math.floor(availableParallelism() / 2));

export function openDocuments(content: Content, options: PressOptions = {}): Documents {
  const press = openPresses(PROCESSES, options);
  const [folder = '', ...further] = content.folders.map((each) => join(each, 'documents'));
  const set = (
    paper: string,
    date: string,
    data: unknown,
    { codes = {}, createdAt, standard = 'a-2b' }: PaperOptions,
    { format = 'pdf', tagged = true }: { format?: 'pdf' | 'svg'; tagged?: boolean } = {},
  ) => {
    const template = templateOn(content, paper, date);
    return press.set({
      folder,
      further: further.filter((each) => existsSync(each)),
      template,
      data: isRoll(content, template) ? cutData(data, LONGEST_ON_ROLL) : data,
      codes,
      createdAt: Math.floor(Date.parse(createdAt ?? `${date}T00:00:00Z`) / 1000),
      format,
      standard,
      tagged,
    });
  };
  return {
    renderPaper: async (paper, date, data, given = {}) => set(paper, date, data, given),
    renderPicture: async (paper, date, data, given = {}) =>
      (await set(paper, date, data, given, { format: 'svg' })).toString('utf8'),
    async stampPaper(original, stamp, date, lines) {
      const data = { lines, pages: ofOurs(() => pageSizes(original)) };
      const laid = await set(stamp, date, data, {}, { tagged: false });
      return ofOurs(() => stampPdf(original, laid));
    },
    async pictureOf(bytes, page) {
      const sizes = ofOurs(() => pageSizes(bytes));
      const number = Math.min(page, sizes.length);
      const { width, height } = sizes[number - 1]!;
      const picture = await press.set({
        folder,
        further: [],
        template: { source: pageSource(number, width, height), paper: bytes },
        data: null,
        codes: {},
        createdAt: 0,
        format: 'svg',
        standard: 'a-2b',
        tagged: false,
      });
      return { picture: picture.toString('utf8'), pages: sizes.length };
    },
    pagesOf: (bytes) => ofOurs(() => pageSizes(bytes)).length,
    isRunning: press.isRunning,
    close: press.close,
  };
}

/** A roll is as long as its text: what nobody would read on it would use metres of paper, and no page of a PDF/A is longer than five. */
const LONGEST_ON_ROLL = 400;

const rolls = new WeakMap<Content, Map<string, boolean>>();

/** @param template path below `content/documents`; looked up once: tickets are printed by the hundred */
function isRoll(content: Content, template: string): boolean {
  const known = rolls.get(content) ?? new Map<string, boolean>();
  rolls.set(content, known);
  const name = `documents${template.replace(/\.typ$/, '')}`;
  const found =
    known.get(template) ??
    (existsSync(content.path(`${name}.json`)) && content.json<PaperDefinition>(name).size === 'roll');
  known.set(template, found);
  return found;
}

function ofOurs<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure(
      'business-rule',
      'Tệp này không phải giấy do chương trình in ra nên không đóng dấu lên được.',
      {
        textEn: `Only papers of this program can be stamped: ${error.message}`,
      },
    );
  }
}

/** A template that shows one page of a paper and nothing else. Widths in points. */
function pageSource(page: number, width: number, height: number): string {
  return `#set page(width: ${width}pt, height: ${height}pt, margin: 0pt)\n#image("/paper.pdf", page: ${page}, width: 100%)`;
}
