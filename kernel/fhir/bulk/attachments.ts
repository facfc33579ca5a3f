/** Addresses of attachments that are kept here, as a file of an export tells them. Pure. */

/** Stored JSON is what JSON.stringify writes: these letters are a member `url`, not a text that speaks of one. */
const KEPT = '"url":"Binary/';
const MEMBER = '"url":"';

/**
 * `Binary/x` → `<base>/Binary/x` (Bulk Data Access 2.0, "Attachments": the address must lead somewhere for whoever reads the
 * file, who has no Binary beside it).
 */
export function withAbsoluteAttachments(body: Buffer, base: string): Buffer {
  let at = body.indexOf(KEPT);
  if (at < 0) return body;
  const parts: Buffer[] = [];
  const address = Buffer.from(`${base}/`);
  let from = 0;
  for (; at >= 0; at = body.indexOf(KEPT, from)) {
    parts.push(body.subarray(from, at + MEMBER.length), address);
    from = at + MEMBER.length;
  }
  parts.push(body.subarray(from));
  return Buffer.concat(parts);
}
