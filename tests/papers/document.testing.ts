/**
 * A PDF as a library of others reads it (pdf-lib, which looks for objects from the first byte to the last and asks no table):
 * the second opinion on papers. Nothing of `engines/documents` is used here, so that no fault of its reader is repeated.
 */
import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRawStream,
  PDFRef,
  PDFStream,
  PDFString,
} from 'pdf-lib';

export class Archived {
  readonly bytes: Buffer;
  readonly #document: PDFDocument;

  private constructor(bytes: Buffer, document: PDFDocument) {
    this.bytes = bytes;
    this.#document = document;
  }

  /** @throws Error for what the library cannot read, a broken object included */
  static async open(bytes: Buffer): Promise<Archived> {
    const options = { updateMetadata: false, throwOnInvalidObject: true };
    return new Archived(bytes, await PDFDocument.load(bytes, options));
  }

  /** Every object with a number of its own. */
  objects(): [ref: PDFRef, object: PDFObject][] {
    return this.#document.context.enumerateIndirectObjects();
  }

  /** Every dictionary of the file, however deep, also those of streams. */
  dictionaries(): PDFDict[] {
    return this.objects().flatMap(([, object]) => dictionariesIn(object));
  }

  streams(): PDFRawStream[] {
    return this.objects().flatMap(([, object]) => (object instanceof PDFRawStream ? [object] : []));
  }

  catalog(): PDFDict {
    return this.#document.catalog;
  }

  /** Of the newest trailer. */
  trailer(): {
    root: PDFObject | undefined;
    info: PDFDict | null;
    id: PDFObject | undefined;
    isEncrypted: boolean;
  } {
    const { Root, Info, ID, Encrypt } = this.#document.context.trailerInfo;
    return { root: Root, info: this.dictionary(Info), id: ID, isEncrypted: Encrypt !== undefined };
  }

  pages(): PDFDict[] {
    return this.#document.getPages().map((page) => page.node);
  }

  /** What stands behind a reference, or the object itself. */
  resolve(object: PDFObject | undefined): PDFObject | undefined {
    return object instanceof PDFRef ? this.#document.context.lookup(object) : object;
  }

  get(dictionary: PDFDict, key: string): PDFObject | undefined {
    return this.resolve(dictionary.get(PDFName.of(key)));
  }

  dictionary(object: PDFObject | undefined): PDFDict | null {
    const found = this.resolve(object);
    if (found instanceof PDFStream) return found.dict;
    return found instanceof PDFDict ? found : null;
  }

  /** The dictionary under a key; null when there is none. */
  under(dictionary: PDFDict, key: string): PDFDict | null {
    return this.dictionary(dictionary.get(PDFName.of(key)));
  }

  stream(object: PDFObject | undefined): PDFRawStream | null {
    const found = this.resolve(object);
    return found instanceof PDFRawStream ? found : null;
  }

  /** One value or an array of them; none when absent. */
  list(object: PDFObject | undefined): PDFObject[] {
    const found = this.resolve(object);
    if (found === undefined) return [];
    return found instanceof PDFArray ? found.asArray().map((each) => this.resolve(each)!) : [found];
  }

  /** `GTS_PDFA1` of /GTS_PDFA1; '' for what is no name. */
  name(dictionary: PDFDict, key: string): string {
    const found = this.get(dictionary, key);
    return found instanceof PDFName ? found.decodeText() : '';
  }

  number(dictionary: PDFDict, key: string): number | null {
    const found = this.get(dictionary, key);
    return found instanceof PDFNumber ? found.asNumber() : null;
  }

  /** A text string, also in UTF-16; null for what is none. */
  text(dictionary: PDFDict, key: string): string | null {
    const found = this.get(dictionary, key);
    return found instanceof PDFString || found instanceof PDFHexString ? found.decodeText() : null;
  }
}

/** Unpacked. */
export const decoded = (stream: PDFRawStream): Buffer => Buffer.from(decodePDFRawStream(stream).decode());

export const keysOf = (dictionary: PDFDict): string[] => dictionary.keys().map((key) => key.decodeText());

function dictionariesIn(object: PDFObject): PDFDict[] {
  if (object instanceof PDFStream) return dictionariesIn(object.dict);
  if (object instanceof PDFArray) return object.asArray().flatMap(dictionariesIn);
  if (!(object instanceof PDFDict)) return [];
  return [object, ...object.values().flatMap(dictionariesIn)];
}
