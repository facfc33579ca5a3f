/** Who asks an operation at `/fhir` for numbers, and for what: the query, and the Parameters of a POST. */
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import { type Demand, readDemand } from '../../kernel/fhir/http/demand.ts';
import { bodyOf, JSON_TYPES, queryOf, requireMediaType } from '../../kernel/fhir/http/request.ts';
import { readJson } from '../../kernel/fhir/json/read.ts';
import { pairsOfParameters } from '../../kernel/fhir/operations/parameters.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { READERS } from './reach.ts';

/** @throws Failure `forbidden` for who reads no reports, or whose token does not reach them; `invalid-parameter` for Parameters that are none */
export function askedOf(kernel: Kernel, request: FastifyRequest): { actor: Actor; demand: Demand } {
  const actor = kernel.gate.require(request, ...READERS, 'system-client');
  refuseNarrowToken(actor);
  const given = queryOf(request);
  if (request.method === 'POST' && bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    given.push(...pairsOfParameters(readJson(bodyOf(request))));
  }
  return { actor, demand: readDemand(given) };
}

/**
 * A token with scopes reads reports only when one of them is of reports: `user/…` for a person, `system/…` for a system. One of a single
 * patient never does.
 */
export function refuseNarrowToken({
  scopes,
  persons,
  roles,
}: Pick<Actor, 'scopes' | 'persons' | 'roles'>): void {
  const level = roles.includes('system-client') ? 'system' : 'user';
  const wide = scopes?.some(
    ({ level: own, type, actions, query }) =>
      own === level &&
      (type === '*' || type === 'MeasureReport') &&
      actions.has('read') &&
      query === undefined,
  );
  if (persons === undefined && (scopes === undefined || wide)) return;
  throw new Failure('forbidden', 'Ứng dụng này không được cấp quyền đọc báo cáo (MeasureReport).', {
    textEn: 'the token has no scope to read MeasureReport',
  });
}
