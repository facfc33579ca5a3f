/** Rules of consent follow the authorities of content (`access/authorities`): made anew in the background, and told. */
import type { Gate } from '../kernel/access/contract.ts';
import type { OpenStore } from '../kernel/store/index.ts';

const MINUTE_MS = 60_000;

interface Parts {
  store: Pick<OpenStore, 'consentRules'>;
  gate: Pick<Gate, 'system'>;
  log(sentence: string, error?: unknown): void;
}

/**
 * Now and every minute: a delivery changes them, and so does midnight. Until it is done the rules of before count.
 * @returns ends it, after what is under way
 */
export function followAuthorities(parts: Parts): () => Promise<void> {
  let work: Promise<void> | null = null;
  const look = () => {
    work ??= lookOnce(parts)
      .catch((error) =>
        parts.log('rules of consent could not follow access/authorities; tried again in a minute', error),
      )
      .then(() => {
        work = null;
      });
  };
  look();
  const timer = setInterval(look, MINUTE_MS).unref();
  return async () => {
    clearInterval(timer);
    await work;
  };
}

async function lookOnce({ store, gate, log }: Parts): Promise<void> {
  const done = await store.consentRules.followAuthorities();
  if (done === null) return;
  log(
    `access/authorities has changed: the rules of ${done.consents} Consents were made anew (${done.rules} rules, ${done.faults.length} Consents with a warning)`,
  );
  await gate.system('consent').note('rebuild', `consent-rules consents=${done.consents}`, null);
}
