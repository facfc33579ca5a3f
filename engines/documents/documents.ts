/** Papers: a dated template and plain data in, a PDF out. Knows no form by name. */
import type { Content } from '../../kernel/content/content.ts';
import { openPress, type PressOptions } from './press.ts';
import { templateOn } from './templates.ts';
import type { Barcode } from './typesetter.ts';

export interface PaperOptions {
  /** Barcodes that the template shows, by name. */
  codes?: Record<string, Barcode>;
  /** Instant stated in the PDF: of the version of the record it is made from, so that the bytes repeat. */
  createdAt?: string;
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
  /** True while the typesetting process lives (it ends when idle). */
  isRunning(): boolean;
  close(): void;
}

export function openDocuments(content: Content, options: PressOptions = {}): Documents {
  const press = openPress(options);
  const folder = content.path('documents');
  const set = (format: 'pdf' | 'svg', paper: string, date: string, data: unknown, given: PaperOptions = {}) =>
    press.set({
      folder,
      template: templateOn(content, paper, date),
      data,
      codes: given.codes ?? {},
      createdAt: Math.floor(Date.parse(given.createdAt ?? `${date}T00:00:00Z`) / 1000),
      format,
    });
  return {
    renderPaper: async (paper, date, data, given) => set('pdf', paper, date, data, given),
    renderPicture: async (paper, date, data, given) =>
      (await set('svg', paper, date, data, given)).toString('utf8'),
    isRunning: press.isRunning,
    close: press.close,
  };
}
