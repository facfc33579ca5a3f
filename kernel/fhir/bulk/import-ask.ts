/**
 * What a `$import` asks for: the JSON of the Bulk Data import proposal, or the same as Parameters (`input` with parts `type` and
 * `url`, as HAPI takes it). Pure but for `check`.
 */
import { Failure } from '../../failure.ts';
import { OutboundError } from '../../outbound/outbound.ts';
import { isResourceType } from '../names.ts';

export interface ImportAsk {
  input: { type: string; url: string }[];
}

const FORMATS = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);
const MOST_FILES = 1_000;

/**
 * @param check throws OutboundError for an address that may not be called
 * @throws Failure `invalid-request` with the place
 */
export function readImportAsk(body: unknown, check: (url: string) => void): ImportAsk {
  const given = isParameters(body) ? fromParameters(body) : ((body ?? {}) as Record<string, unknown>);
  const { inputFormat, input } = given;
  if (typeof inputFormat !== 'string' || !FORMATS.has(inputFormat.toLowerCase()))
    throw wrong('inputFormat', 'phải là application/fhir+ndjson', 'must be application/fhir+ndjson');
  if (!Array.isArray(input) || input.length === 0 || input.length > MOST_FILES)
    throw wrong('input', `phải có từ 1 đến ${MOST_FILES} tệp`, `takes 1 to ${MOST_FILES} files`);
  const files = input.map((one, at) => readInput(one, `input[${at}]`, check));
  const again = files.findIndex(({ url }, at) => files.findIndex((one) => one.url === url) < at);
  if (again >= 0) throw wrong(`input[${again}].url`, 'đã được nêu ở trên', 'is named above already');
  return { input: files };
}

function readInput(one: unknown, place: string, check: (url: string) => void): { type: string; url: string } {
  const { type, url } = (one ?? {}) as Record<string, unknown>;
  if (typeof type !== 'string' || !isResourceType(type))
    throw wrong(`${place}.type`, 'phải là một loại tài nguyên', 'must be a resource type');
  if (typeof url !== 'string') throw wrong(`${place}.url`, 'phải là một địa chỉ', 'must be an address');
  try {
    check(url);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw wrong(`${place}.url`, error.text, error.message);
  }
  return { type, url };
}

type Parameter = Record<string, unknown> & { name?: unknown; part?: unknown };

function isParameters(body: unknown): body is { parameter?: unknown } {
  return (body as { resourceType?: unknown } | null)?.resourceType === 'Parameters';
}

function fromParameters({ parameter }: { parameter?: unknown }): Record<string, unknown> {
  const list: Parameter[] = Array.isArray(parameter) ? parameter : [];
  const named = (name: string) => list.filter((one) => one?.name === name);
  const parts = ({ part }: Parameter) =>
    Object.fromEntries(
      (Array.isArray(part) ? part : []).map((one: Parameter) => [one?.name, primitiveOf(one)]),
    );
  return { inputFormat: primitiveOf(named('inputFormat')[0]), input: named('input').map(parts) };
}

function primitiveOf(one: Parameter | undefined): unknown {
  return Object.entries(one ?? {}).find(([key]) => /^value[A-Z]/.test(key))?.[1];
}

function wrong(expression: string, text: string, textEn: string): Failure {
  return new Failure('invalid-request', `${expression}: ${text}.`, {
    textEn: `${expression}: ${textEn}.`,
    expression,
  });
}
