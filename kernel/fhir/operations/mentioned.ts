/** Literal references in stored bytes, found without parsing. Pure. */

/** Stored JSON is what JSON.stringify writes, so inside a string the quotes would be escaped: these bytes are a member. */
const REFERENCE = Buffer.from('"reference":"');
/** An attachment whose content is kept here (R4 binary.html). */
const ATTACHMENT = Buffer.from('"url":"Binary/');
const QUOTE = 0x22;
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
  scan(body, REFERENCE, REFERENCE.length, found);
  scan(body, ATTACHMENT, '"url":"'.length, found);
}

/** @param skip bytes of the member before the target begins */
function scan(body: Buffer, member: Buffer, skip: number, found: Map<string, Mentioned>): void {
  for (let at = body.indexOf(member); at >= 0; ) {
    const from = at + skip;
    const to = body.indexOf(QUOTE, from);
    if (to < 0) return;
    const text = body.toString('latin1', from, to);
    if (!found.has(text)) {
      const [, type, id] = LITERAL.exec(text) ?? [];
      if (type !== undefined) found.set(`${type}/${id}`, { type, id: id! });
    }
    at = body.indexOf(member, to);
  }
}
