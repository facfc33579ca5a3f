/** Narrative text: the XHTML that R4 allows (http://hl7.org/fhir/R4/narrative.html#xhtml), as a scan of its tags. */

const TAGS = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ' +
    'ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
  ).split(' '),
);
const TAG =
  /<!--[\s\S]*?-->|<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[<]/g;
const FORBIDDEN_ATTRIBUTE = /\s(?:on\w+)\s*=|=\s*["']\s*(?:javascript|vbscript|data:text)/i;

/** One `div` element, tags closed in order, no tag or attribute that runs anything. */
export function isAllowedHtml(text: string): boolean {
  const html = text.trim();
  if (!html.startsWith('<div')) return false;
  const open: string[] = [];
  let end = 0;
  for (const match of html.matchAll(TAG)) {
    const [whole, closing, name, attributes = '', empty] = match;
    if (whole.startsWith('<!--')) continue;
    if (name === undefined || !TAGS.has(name) || FORBIDDEN_ATTRIBUTE.test(attributes)) return false;
    if (closing === '/') {
      if (open.pop() !== name) return false;
    } else {
      if (open.length === 0 && match.index > 0) return false;
      if (empty !== '/') open.push(name);
    }
    if (open.length === 0) end = match.index + whole.length;
  }
  return open.length === 0 && end === html.length;
}
