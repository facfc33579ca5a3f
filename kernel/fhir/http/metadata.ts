/** `GET /fhir/metadata`: the CapabilityStatement, or with `mode=terminology` the TerminologyCapabilities. R4 http.html#capabilities. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { VALUE_SET_EXPAND } from '../operations/terminology/value-set-expand.ts';
import type { FhirGate } from '../record.ts';
import { announcedSystems } from '../terminology/index.ts';
import { type CapabilityParts, capabilityStatement } from './capability.ts';
import { unknownOrWrong } from './context.ts';
import { readDemand } from './demand.ts';
import { send } from './reply.ts';
import { baseOf, queryOf } from './request.ts';
import { subsetOf } from './subset.ts';
import { terminologyCapabilities } from './terminology-capabilities.ts';

export interface MetadataParts extends CapabilityParts {
  gate: Pick<FhirGate, 'lists'>;
}

/** The first two are the same statement: nothing here is offered beside what is normative or tried. */
const MODES = new Set(['full', 'normative', 'terminology']);

/** Fails with `invalid-parameter` for another mode. */
export async function handleMetadata(parts: MetadataParts, request: FastifyRequest, reply: FastifyReply) {
  const { params, pretty, subset } = readDemand(queryOf(request));
  for (const [name, value] of params)
    if (name !== 'mode' || !MODES.has(value)) throw unknownOrWrong(name, value, ['mode']);
  const statement = statementOf(parts, baseOf(request), params.at(-1)?.[1] ?? 'full');
  const shown = subset === null ? statement : subsetOf(statement, subset);
  const body = Buffer.from(JSON.stringify(shown));
  // "The value of the ETag header SHALL change if the returned resource changes."
  const etag = `W/"${hash('sha256', body, 'hex').slice(0, 16)}"`;
  if (request.headers['if-none-match']?.split(',').some((tag) => tag.trim() === etag))
    return send(reply, { status: 304, body: null, etag });
  return send(reply, { status: 200, body, etag }, pretty);
}

function statementOf(parts: MetadataParts, base: string, mode: string): object {
  if (mode !== 'terminology') return capabilityStatement(base, parts);
  return terminologyCapabilities(base, {
    software: parts.software,
    systems: announcedSystems(parts.gate.lists),
    expansion: VALUE_SET_EXPAND.parameters.filter(({ use }) => use === 'in'),
  });
}
