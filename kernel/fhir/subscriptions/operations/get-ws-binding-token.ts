/** `Subscription/$get-ws-binding-token`: for clients that cannot send an Authorization header with a websocket, such as browsers. */
import { auditLine } from '../../../access/audit.ts';
import { Failure } from '../../../failure.ts';
import { unknownOrWrong } from '../../http/context.ts';
import type { FhirSession } from '../../session/session.ts';
import type { Parameters, Subscription } from '../../types.ts';
import type { BindingTokens } from '../binding-token.ts';
import { type HearingParts, mayHear, refuseDeaf } from '../hearing.ts';

export interface TokenParts extends HearingParts {
  session: FhirSession;
  tokens: BindingTokens;
  /** `ws://host/fhir/ws` */
  websocket: string;
}

/** Subscriptions of one token: it must fit into one message. */
export const MOST_BOUND = 100;

/** @param id at the instance; undefined: those of the parameter `id`, or all that the actor may hear */
export async function answerBindingToken(
  { session, topics, log, tokens, websocket }: TokenParts,
  id: string | undefined,
  params: readonly [string, string][],
): Promise<Parameters> {
  const asked = params.flatMap(([name, value]) => {
    if (name !== 'id') throw unknownOrWrong(name, value, []);
    return value.split(',').map((one) => one.trim());
  });
  const ids = id === undefined ? [...new Set(asked)] : [id];
  if (ids.length > MOST_BOUND) throw tooMany();
  const found = ids.length > 0 ? await readNamed(session, ids) : await findHeard(session, { topics, log });
  for (const one of found) await refuseDeaf(session, { topics, log }, one);
  const names = found.map((one) => one.id!);
  const { token, ends } = await tokens.make(session.actor, names);
  const acts = names.map((name) => `Subscription/${name}/$get-ws-binding-token`);
  await session.audit(acts.map((act) => auditLine(session.actor, 'bind', act, null)));
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'token', valueString: token },
      { name: 'expiration', valueDateTime: new Date(ends).toISOString() },
      ...names.map((name) => ({ name: 'subscription', valueString: name })),
      { name: 'websocket-url', valueUrl: websocket },
    ],
  };
}

async function readNamed(session: FhirSession, ids: readonly string[]): Promise<Subscription[]> {
  const found: Subscription[] = [];
  for (const id of ids) {
    const one = await session.read('Subscription', id);
    if (one.channel.type !== 'websocket') {
      throw new Failure('business-rule', `Subscription/${id} không dùng kênh websocket.`, {
        textEn: `Subscription/${id} has the channel ${one.channel.type}, not websocket.`,
      });
    }
    found.push(one);
  }
  return found;
}

async function findHeard(session: FhirSession, parts: HearingParts): Promise<Subscription[]> {
  const { matches, next } = await session.search(
    'Subscription',
    'type=websocket&status=active,requested&_count=1000',
  );
  const heard: Subscription[] = [];
  for (const one of matches) if (await mayHear(session, parts, one)) heard.push(one);
  if (next !== undefined || heard.length > MOST_BOUND) throw tooMany();
  if (heard.length > 0) return heard;
  throw new Failure('not-found', 'Không có Subscription kênh websocket nào mà bạn được nghe.', {
    textEn: 'There is no Subscription with the channel websocket that you may hear.',
  });
}

function tooMany(): Failure {
  return new Failure('too-large', `Một mã gắn với nhiều nhất ${MOST_BOUND} Subscription; hãy nêu id.`, {
    textEn: `A token binds to ${MOST_BOUND} Subscriptions at most; name ids.`,
  });
}
