/** Addresses of screens: the browser's own history, a URL per screen, filters in the query. */
import { useCallback, useSyncExternalStore } from 'react';

const CHANGED = 'yba:address';

export interface Address {
  path: string;
  query: string;
}

let last: Address | null = null;

/** Where the page is now; the same object until it changes. */
export function address(): Address {
  const { pathname, search } = window.location;
  if (!last || last.path !== pathname || last.query !== search) last = { path: pathname, query: search };
  return last;
}

/** Goes to a screen. Inside the page, no reload; back works. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (to === window.location.pathname + window.location.search) return;
  if (options.replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  window.dispatchEvent(new Event(CHANGED));
}

export function useAddress(): Address {
  return useSyncExternalStore(subscribe, address, address);
}

/**
 * A filter that lives in the URL, so that it survives reload, back and being sent to a colleague.
 * @returns the value (`fallback` when absent) and its setter; setting the fallback removes it from the URL
 */
export function useUrlState(name: string, fallback = ''): [string, (value: string) => void] {
  const { query } = useAddress();
  const value = new URLSearchParams(query).get(name) ?? fallback;
  const set = useCallback(
    (next: string) => {
      const params = new URLSearchParams(window.location.search);
      if (next === fallback) params.delete(name);
      else params.set(name, next);
      const rest = params.toString();
      navigate(window.location.pathname + (rest ? `?${rest}` : ''), { replace: true });
    },
    [name, fallback],
  );
  return [value, set];
}

/**
 * Matches `/ho-so/:id` against a path.
 * @returns the decoded parameters, or null when the path is another
 */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index]!;
    if (part.startsWith(':')) params[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}
