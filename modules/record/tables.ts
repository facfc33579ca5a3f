/** The plain tables of the record (`content/views/`), one consumer for all, so that they are always level with each other. */
import { type AfterRefresh, type BeforeRefresh, openViews } from '../../engines/views/index.ts';
import type { Kernel } from '../../kernel/kernel.ts';

const listeners = new WeakMap<Kernel, AfterRefresh[]>();
const heralds = new WeakMap<Kernel, BeforeRefresh[]>();

/** Creates the tables of all views of the content and keeps them fresh from the change feed. */
export function startTables(kernel: Kernel): Promise<void> {
  const views = kernel.content
    .files('views')
    .filter((name) => /^[a-z][a-z0-9_]*\.json$/.test(name))
    .map((name) => name.slice(0, -'.json'.length));
  const after: AfterRefresh = async (changes, resources, client) => {
    const pushes = await Promise.all(
      (listeners.get(kernel) ?? []).map((listen) => listen(changes, resources, client)),
    );
    return () => {
      for (const push of pushes) push?.();
    };
  };
  const before: BeforeRefresh = async (changes, client) => {
    for (const tell of heralds.get(kernel) ?? []) await tell(changes, client);
  };
  return openViews(kernel, 'record', views, after, before);
}

/** Another module's listener: called after the tables took a batch, inside its transaction; its result runs after commit. */
export function afterTables(kernel: Kernel, listener: AfterRefresh): void {
  listeners.set(kernel, [...(listeners.get(kernel) ?? []), listener]);
}

/** Another module's herald: called before the tables take a batch, while they hold the rows of before. */
export function beforeTables(kernel: Kernel, herald: BeforeRefresh): void {
  heralds.set(kernel, [...(heralds.get(kernel) ?? []), herald]);
}
