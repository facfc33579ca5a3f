/** Whether two JSON texts say the same: numbers as they are written, properties and elements in their order. */

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const OF_SERVER = /"(?:versionId|lastUpdated)"\s*:\s*"[^"]*"/g;
const NUMBER = /(?<=[:,[]\s*)-?\d[\d.eE+-]*/g;

/**
 * True when an answer says the same as a text but for what the server sets: `meta.versionId` and `meta.lastUpdated`.
 * @param answer with its text parsed
 */
export function saysTheSame(answer: { text: string; body: Record<string, unknown> }, text: string): boolean {
  // Nearly always enough, and quick: the same values, and the same numbers as written (also those within strings).
  if (essence(answer.body) === essence(JSON.parse(text)) && numbers(answer.text) === numbers(text))
    return true;
  return essence(parseKeepingNumbers(answer.text)) === essence(parseKeepingNumbers(text));
}

/** Numbers as written, and what looks like one in a string, but for those of the server. */
function numbers(text: string): string {
  return (text.replace(OF_SERVER, '').match(NUMBER) ?? []).join(' ');
}

/** Numbers become strings that no string can be, so that `1.10` stays different from `1.1`. */
function parseKeepingNumbers(text: string): Record<string, unknown> {
  const kept = text.replace(TOKEN, (token) => (token[0] === '"' ? token : `"\\u0000${token}"`));
  return JSON.parse(kept) as Record<string, unknown>;
}

/** Without what the server sets, and without a `meta` that is empty then. */
function essence({ resourceType, id, meta, ...rest }: Record<string, unknown>): string {
  const { versionId, lastUpdated, ...kept } = (meta ?? {}) as Record<string, unknown>;
  const said = Object.keys(kept).length > 0 ? { meta: kept } : {};
  return JSON.stringify({ resourceType, id, ...said, ...rest });
}
