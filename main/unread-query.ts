/**
 * Parameters of an address that nobody reads: a list of the screens that is asked with a misspelt filter must not answer as if
 * there were none. What a handler looks at is what it knows, so no route has to name its parameters twice.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../kernel/failure.ts';

/** Answers 400 to every GET below `prefix` whose address has a parameter twice, or one that its handler did not look at. */
export function refuseUnreadQuery(app: FastifyInstance, prefix: string): void {
  const watched = new WeakMap<FastifyRequest, Set<string>>();
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.method !== 'GET' || !request.url.startsWith(prefix) || !request.url.includes('?'))
      return done();
    const twice = Object.entries(request.query as object).find(
      ([name, value]) => Array.isArray(value) && !severalOf(request).includes(name),
    );
    if (twice) return done(namedTwice(twice[0]));
    const unread = new Set(Object.keys(request.query as object));
    watched.set(request, unread);
    request.query = new Proxy(request.query as object, {
      get(query, name, receiver) {
        unread.delete(String(name));
        return Reflect.get(query, name, receiver);
      },
      // Who goes through all of them takes them all.
      ownKeys(query) {
        unread.clear();
        return Reflect.ownKeys(query);
      },
    });
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const unread = watched.get(request);
    if (!unread || unread.size === 0 || reply.statusCode >= 300) return done(null, payload);
    watched.delete(request);
    if (payload && typeof payload === 'object' && 'destroy' in payload)
      (payload as { destroy(): void }).destroy();
    throw unknownParameters([...unread]);
  });
}

/** Names of which a route takes several values, as it says itself (`config: { several: ['topic'] }`). */
const severalOf = ({ routeOptions }: FastifyRequest): readonly string[] =>
  (routeOptions.config as { several?: readonly string[] } | undefined)?.several ?? [];

/** Of two values one would be passed over, where a route does not take several. */
function namedTwice(name: string): Failure {
  return new Failure(
    'invalid-parameter',
    `Tham số "${name.slice(0, 100)}" có hai giá trị; chỉ được gửi một.`,
    {
      textEn: `The parameter "${name.slice(0, 100)}" is given twice; give it once.`,
      expression: name.slice(0, 100),
    },
  );
}

function unknownParameters(names: readonly string[]): Failure {
  const [first = ''] = names;
  const listed = names.map((name) => `"${name.slice(0, 100)}"`).join(', ');
  return new Failure('unknown-parameter', `Địa chỉ này không có tham số ${listed}.`, {
    textEn: `This address has no parameter ${listed}.`,
    expression: first.slice(0, 100),
  });
}
