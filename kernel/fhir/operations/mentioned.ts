/** Literal references in stored bytes, found without parsing. Pure. */

/** A member by what stands before its target. Looked for by letters of it that are rare in JSON, which quotes are not: a third of the time. */
interface Member {
  before: string;
  rare: string;
  /** Where the target begins, counted from the rare letters. */
  target: number;
}

/** Stored JSON is what JSON.stringify writes, so inside a string the quotes would be escaped: these letters are a member. */
const REFERENCE: Member = { before: '"re', rare: 'ference":"', target: 10 };
/** An attachment whose content is kept here (R4 binary.html). */
const ATTACHMENT: Member = { before: '"url":"', rare: 'Binary/', target: 0 };
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
  scan(text, REFERENCE, found);
  scan(text, ATTACHMENT, found);
}

function scan(text: string, { before, rare, target }: Member, found: Map<string, Mentioned>): void {
  for (let at = text.indexOf(rare); at >= 0; at = text.indexOf(rare, at + rare.length)) {
    if (!text.startsWith(before, at - before.length)) continue;
    const from = at + target;
    const to = text.indexOf('"', from);
    if (to < 0) return;
    const name = text.slice(from, to);
    if (found.has(name)) continue;
    const [, type, id] = LITERAL.exec(name) ?? [];
    if (type !== undefined) found.set(`${type}/${id}`, { type, id: id! });
  }
}
