/** Literal references in stored bytes, found without parsing. Pure. */

/** Stored JSON is what JSON.stringify writes, so inside a string the quotes would be escaped: these letters are a member. */
const REFERENCE = '"reference":"';
/** An attachment whose content is kept here (R4 binary.html). */
const ATTACHMENT = '"url":"Binary/';
const LITERAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

export interface Mentioned {
  type: string;
  id: string;
}

/**
 * Adds what a body refers to: `Type/id` → type and id. References to contained resources (`#x`) and absolute addresses are
 * left out: nothing of them is kept here.
 */
export function addMentioned(body: Buffer, found: Map<string, Mentioned>): void {
  // Byte by byte: what is looked for is ASCII, and no byte of another letter is.
  const text = body.toString('latin1');
  scan(text, REFERENCE, REFERENCE.length, found);
  scan(text, ATTACHMENT, '"url":"'.length, found);
}

/** @param skip letters of the member before the target begins */
function scan(text: string, member: string, skip: number, found: Map<string, Mentioned>): void {
  for (let at = text.indexOf(member); at >= 0; ) {
    const from = at + skip;
    const to = text.indexOf('"', from);
    if (to < 0) return;
    const target = text.slice(from, to);
    if (!found.has(target)) {
      const [, type, id] = LITERAL.exec(target) ?? [];
      if (type !== undefined) found.set(`${type}/${id}`, { type, id: id! });
    }
    at = text.indexOf(member, to);
  }
}
