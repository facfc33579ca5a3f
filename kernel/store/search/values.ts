/** Values of search parameters as they are written: alternatives, parts, escapes and prefixes (R4 search 3.1.1.4–5). */

export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

/** Splits at a separator that no backslash precedes; the parts keep their escapes. */
export function splitUnescaped(text: string, separator: ',' | '$' | '|'): string[] {
  if (!text.includes('\\')) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === separator) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** `a\,b` → `a,b`. A backslash before any other character stands for itself. */
export function unescapeValue(text: string): string {
  return text.includes('\\') ? text.replace(/\\([,$|\\])/g, '$1') : text;
}

const PREFIX = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[-+]?\d)/;

/** `ge2026-11-22` → [`ge`, `2026-11-22`]; no prefix is `eq`. */
export function splitPrefix(text: string): [Prefix, string] {
  const match = PREFIX.exec(text);
  return match ? [match[1] as Prefix, text.slice(2)] : ['eq', text];
}

/** A token as asked for. `system` undefined = any, '' = none; `code` undefined = any code of the system. */
export interface AskedToken {
  system: string | undefined;
  code: string | undefined;
}

/** `code`, `system|code`, `|code` or `system|`; null when nothing is asked for or there are too many bars. */
export function parseToken(text: string): AskedToken | null {
  const parts = splitUnescaped(text, '|').map(unescapeValue);
  if (parts.length === 1) return parts[0] === '' ? null : { system: undefined, code: parts[0] };
  const [system = '', code = ''] = parts;
  if (parts.length > 2 || (system === '' && code === '')) return null;
  return { system, code: code === '' ? undefined : code };
}
