/** What every read of the FHIR interface is given, and what it answers. */
import { Failure } from '../../failure.ts';
import type { FhirSession } from '../session/session.ts';
import type { ResourceType } from '../types.ts';

export interface Answer {
  status: number;
  body: Buffer | null;
  etag?: string;
  /** ISO instant. */
  lastModified?: string;
  headers?: Record<string, string>;
}

export interface GetContext {
  session: FhirSession;
  /** `http://host/fhir`, '' for answers that stay inside the program. */
  base: string;
  /** `Prefer: handling=lenient`: unknown search parameters are left out instead of refused. */
  lenient: boolean;
  /** Whether the search of a type knows a parameter (without modifier). */
  knowsParameter(type: ResourceType, name: string): boolean;
  ifNoneMatch?: string;
  ifModifiedSince?: string;
}

/** Fails on the first parameter: the address takes none. */
export function refuseParams(params: readonly [string, string][]): void {
  const [first] = params;
  if (first) throw unknownOrWrong(first[0], first[1], []);
}

/** `invalid-parameter` for a known name, else `unknown-parameter`. */
export function unknownOrWrong(name: string, value: string, known: string[]): Failure {
  if (known.includes(name)) {
    return new Failure('invalid-parameter', `Tham số ${name} không nhận "${value}".`, {
      textEn: `Parameter ${name} does not take "${value}".`,
      expression: name,
    });
  }
  return new Failure('unknown-parameter', `Không có tham số "${name}" ở địa chỉ này.`, {
    textEn: `Unknown parameter "${name}".`,
    expression: name,
  });
}

/** `?a=b&c=d`, '' without parameters. */
export function queryText(query: readonly [string, string][]): string {
  return query.length === 0 ? '' : `?${new URLSearchParams(query as [string, string][]).toString()}`;
}
