/** ISO 32000-1, 14.7 and 14.8 (ISO 19005-2, 6.7): the order in which a paper is read aloud. Pure. */
import { PDFArray, PDFBool, PDFDict, PDFName, PDFNumber, type PDFObject } from 'pdf-lib';
import type { Archived } from './document.testing.ts';
import type { Drawn } from './drawing.testing.ts';

/** 14.8.4: types that a reader knows. */
const TYPES = new Set(
  `Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH TD THead
   TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form`.split(
    /\s+/,
  ),
);

/** Papers are tagged whatever level they claim: a blind officer hears them. Empty = nothing found. */
export function tagFaults(file: Archived, drawn: readonly Drawn[]): string[] {
  const catalog = file.catalog();
  const faults: string[] = [];
  const mark = file.under(catalog, 'MarkInfo');
  const marked = mark && file.get(mark, 'Marked');
  if (!(marked instanceof PDFBool) || !marked.asBoolean())
    faults.push('6.7.2.2: the document is not marked as tagged');
  if (!/^[a-z]{2,3}(-[A-Za-z]{2,4})*$/.test(file.text(catalog, 'Lang') ?? ''))
    faults.push('6.7.4: the document does not say its language');
  const root = file.under(catalog, 'StructTreeRoot');
  if (root === null) return [...faults, '6.7.3.3: no structure tree'];
  const roles = file.under(root, 'RoleMap');
  const content = new Map<PDFDict, Set<number>>();
  for (const kid of file.list(root.get(PDFName.of('K'))))
    walk(file, { kid, parent: root, page: null, roles, content, faults });
  const tree = numbersOf(file, file.under(root, 'ParentTree'));
  for (const [at, page] of file.pages().entries()) {
    const parents = file.number(page, 'StructParents');
    const owners = parents === null ? undefined : tree.get(parents);
    for (const mcid of drawn[at]!.mcids) {
      const owner = owners instanceof PDFArray ? file.dictionary(owners.asArray()[mcid]) : null;
      if (owner === null) faults.push(`14.7.4.4: marked content ${mcid} of page ${at + 1} has no parent`);
      if (!content.get(page)?.has(mcid))
        faults.push(`14.7.4.2: no element holds marked content ${mcid} of page ${at + 1}`);
    }
    if (new Set(drawn[at]!.mcids).size !== drawn[at]!.mcids.length)
      faults.push(`14.7.4.2: page ${at + 1} has two marked contents of one number`);
  }
  return faults;
}

interface Walk {
  kid: PDFObject;
  parent: PDFDict;
  page: PDFDict | null;
  roles: PDFDict | null;
  content: Map<PDFDict, Set<number>>;
  faults: string[];
}

function walk(file: Archived, { kid, parent, page, roles, content, faults }: Walk): void {
  if (kid instanceof PDFNumber) {
    hold(content, page, kid.asNumber(), faults);
    return;
  }
  const element = file.dictionary(kid);
  if (element === null) return;
  if (file.name(element, 'Type') === 'MCR') {
    hold(content, file.under(element, 'Pg') ?? page, file.number(element, 'MCID') ?? -1, faults);
    return;
  }
  if (file.name(element, 'Type') === 'OBJR') return;
  if (file.under(element, 'P') !== parent) faults.push('14.7.2: an element that does not name its parent');
  const type = file.name(element, 'S');
  if (!TYPES.has(type) && !TYPES.has(roles === null ? '' : file.name(roles, type)))
    faults.push(`6.7.3.4: the type ${type} is mapped to none that readers know`);
  if (type === 'Figure' && !file.text(element, 'Alt'))
    faults.push('6.7.5: a picture without words for who cannot see it');
  const inner = file.under(element, 'Pg') ?? page;
  for (const each of file.list(element.get(PDFName.of('K'))))
    walk(file, { kid: each, parent: element, page: inner, roles, content, faults });
}

function hold(
  content: Map<PDFDict, Set<number>>,
  page: PDFDict | null,
  mcid: number,
  faults: string[],
): void {
  if (page === null) {
    faults.push('14.7.4.2: content of no page');
    return;
  }
  const held = content.get(page) ?? new Set();
  if (held.has(mcid)) faults.push(`14.7.4.2: marked content ${mcid} is held twice`);
  content.set(page, held.add(mcid));
}

/** A number tree, by its leaves (7.9.7). */
function numbersOf(file: Archived, tree: PDFDict | null): Map<number, PDFObject> {
  const found = new Map<number, PDFObject>();
  if (tree === null) return found;
  const items = file.list(tree.get(PDFName.of('Nums')));
  for (let at = 0; at + 1 < items.length; at += 2)
    found.set((items[at] as PDFNumber).asNumber(), items[at + 1]!);
  for (const kid of file.list(tree.get(PDFName.of('Kids'))))
    if (kid instanceof PDFDict) for (const [key, value] of numbersOf(file, kid)) found.set(key, value);
  return found;
}
