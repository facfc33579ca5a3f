/** The change feed carried to consumers inside the program and pushed to browsers. */
import type { Actor } from '../access/contract.ts';
import type { Change } from '../store/contract.ts';

export interface Events {
  /**
   * A durable consumer, at work in one process of the program: sees every change once, in order, resumes where it stopped. The handler runs inside the
   * transaction that moves the consumer's position (`client` is that transaction), so its tables and its position
   * never disagree. Where `concerns` is false of every change of a batch, the handler is not called. A function that it returns is called after that transaction has committed (push to browsers). A failing handler is retried with growing pauses and shown at /healthz; nothing is skipped.
   */
  consume(
    name: string,
    handler: (changes: Change[], client: import('pg').PoolClient) => Promise<void | (() => void)>,
    options?: { batch?: number; fromStart?: boolean; concerns?(change: Change): boolean },
  ): void;
  /** Starts the consumers over from the first change after their tables were emptied (`rebuilt = live` test). */
  rebuild(name: string, empty: (client: import('pg').PoolClient) => Promise<void>): Promise<void>;
  /**
   * Makes anew what a consumer has made, while it goes on with its work. `prepare` reads the record as it is now; what it
   * returns puts the result in place, inside the transaction that puts the consumer back to where it stood when `prepare`
   * began: what came in between is seen once more. Also for a consumer at work in another program on the same database.
   */
  replace(
    name: string,
    prepare: () => Promise<(client: import('pg').PoolClient) => Promise<void>>,
  ): Promise<void>;
  /** Waits until every consumer has seen everything committed before the call. For tests and for `rebuild`. */
  settled(): Promise<void>;
  /** Pushes a message to browsers that listen to the topic at GET /api/events?topic=… (server-sent events), of every process. */
  publish(topic: string, message: unknown): void;
  /** True while some browser listens to the topic at this program: what nobody hears need not be made. */
  isHeard(topic: string): boolean;
  /** The same to the browsers of this process alone: for what every process makes for its own. */
  publishHere(topic: string, message: unknown): void;
  /** Tells every process, this one included, that something has happened; no fact goes this way, only a hint to look. */
  announce(subject: string): void;
  onAnnounced(subject: string, listener: () => void): void;
  /** Who may listen: asked once per connection and topic. Topics are `<prefix>` or `<prefix>/<rest>`. */
  allowTopic(prefix: string, may: (actor: Actor, topic: string) => boolean): void;
}
