/**
 * Is a file PDF/A by ISO 19005-2, level b and u, as a second and separately written reader sees it? Outlines of glyphs and the
 * mathematics of colour profiles are not looked into. `look` gives what a person would read, too.
 */
import type { PDFDict } from 'pdf-lib';
import { byteFaults } from './bytes.testing.ts';
import { Archived } from './document.testing.ts';
import { contentsOf, type Drawn, drawnBy } from './drawing.testing.ts';
import { type FontUse, fontUses } from './fonts.testing.ts';
import { graphicsFaults, sizeOf } from './graphics.testing.ts';
import { levelOf, metadataOf, titleOf } from './metadata.testing.ts';
import { tagFaults } from './tags.testing.ts';

export interface Look {
  /** Empty when it is PDF/A. Each names the clause. */
  faults: string[];
  title: string;
  /** `A`, `B` or `U`. */
  level: string;
  /** Text of each page, as it is drawn; a line wherever the place was set anew. */
  pages: string[];
  /** Points. */
  sizes: { width: number; height: number }[];
}

/** @param part 2, or 3 for a paper with attached data. Never throws for bytes, whatever they are. */
export async function look(bytes: Buffer, part: 2 | 3 = 2): Promise<Look> {
  const faults = byteFaults(bytes);
  try {
    const file = await Archived.open(bytes);
    const { id, isEncrypted } = file.trailer();
    if (isEncrypted) faults.push('6.1.3: the file is encrypted');
    if (file.list(id).length !== 2) faults.push('6.1.3: the ID is not two strings');
    const drawn = file
      .pages()
      .map((page, at) => drawnBy(file, page, contentsOf(file, page), `page ${at + 1}`));
    const fonts = fontUses(file, drawn);
    const metadata = metadataOf(file, part);
    faults.push(
      ...drawn.flatMap((each) => each.faults),
      ...[...fonts.values()].flatMap((each) => each.faults),
      ...metadata.faults,
      ...graphicsFaults(file, part),
      ...tagFaults(file, drawn),
    );
    return {
      faults: [...new Set(faults)],
      title: titleOf(metadata),
      level: levelOf(metadata),
      pages: drawn.map((each) => textOf(each, fonts)),
      sizes: file.pages().map((page) => sizeOf(file, page)),
    };
  } catch (error) {
    return {
      faults: [...faults, `6.1: ${(error as Error).message}`],
      title: '',
      level: '',
      pages: [],
      sizes: [],
    };
  }
}

const textOf = ({ runs }: Drawn, fonts: ReadonlyMap<PDFDict, FontUse>): string =>
  runs
    .map(({ font, codes }) => codes.map((code) => fonts.get(font)?.unicode.get(code) ?? '\ufffd').join(''))
    .join('\n');
