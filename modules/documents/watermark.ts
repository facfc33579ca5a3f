/** The name of who looks, over a page that is shown on a screen (DOC-14): a photograph of the screen says whose screen it was. Pure. */

/** Points between two rows of names, and between two names of a row. */
const ROW = 130;
const COLUMN = 260;
/** Names run upwards over the page, so that no line of the paper is covered by a whole line. */
const TURN = -30;

/**
 * @param svg a page, whose root says its size by `viewBox`
 * @param words who looks, and when; markup in them is text
 */
export function watermarked(svg: string, words: string): string {
  const [, width = 595, height = 842] =
    /viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(svg)?.map(Number) ?? [];
  const label = escaped(words);
  const marks: string[] = [];
  const row = Math.min(ROW, height / 2);
  for (let at = 1; at * row < height + ROW; at += 1) {
    const y = at * row;
    for (let x = at % 2 === 1 ? 12 : 12 - COLUMN / 2; x < width; x += COLUMN)
      marks.push(
        `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" transform="rotate(${TURN} ${x.toFixed(1)} ${y.toFixed(1)})">${label}</text>`,
      );
  }
  const layer = `<g font-family="sans-serif" font-size="11" fill="#1f2937" fill-opacity="0.16" pointer-events="none" data-watermark="">${marks.join('')}</g>`;
  const end = svg.lastIndexOf('</svg>');
  return `${svg.slice(0, end)}${layer}${svg.slice(end)}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that no XML may hold are left out. */
const escaped = (text: string): string =>
  [...text]
    .filter((one) => one >= ' ')
    .join('')
    .replaceAll(/[&<>"]/g, (one) => ENTITIES[one]!);
