/** Reading and acting from screens: cached reads that survive a lost network, acts that refresh what they touch. */
import {
  keepPreviousData,
  QueryClient,
  useMutation as useClientMutation,
  useQuery as useClientQuery,
  useInfiniteQuery,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from './api.ts';
import { onConnection, whenHere } from './connection.ts';
import { ApiFailure } from './failure.ts';

/** Name of what is read, most general first: `['queue', roomId]`. Refreshing `['queue']` refreshes all rooms. */
export type Key = readonly (string | number | boolean | null | undefined)[];

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => isPassing(error) && (isNetwork(error) || count < 6),
      retryDelay: (count) => Math.min(500 * 2 ** count, 5_000),
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

// The server is back: whatever the page shows may have changed meanwhile.
onConnection((now) => {
  if (now === 'here') void queries.invalidateQueries();
});

export interface Read<T> {
  data: T | undefined;
  error: ApiFailure | null;
  /** True until the first data or error. */
  loading: boolean;
  /** True while newer data is on its way; what is shown stays. */
  refreshing: boolean;
  /** When the data was read, ms since 1970; 0 before. For `AgeOfData`. */
  readAt: number;
  refresh: () => void;
}

/**
 * Reads `path` and keeps it under `key`. A null path reads nothing (a choice is still missing).
 * @param options.every refreshes by itself after so many ms; prefer `usePush`
 */
export function useQuery<T>(
  key: Key,
  path: string | null,
  options: { every?: number; keep?: boolean } = {},
): Read<T> {
  const read = useClientQuery({
    queryKey: [...key, path],
    queryFn: ({ signal }) => patiently(() => api.get<T>(path!, { signal }), signal),
    enabled: path !== null,
    refetchInterval: options.every ?? false,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  });
  return {
    data: read.data,
    error: read.data === undefined ? asFailure(read.error) : null,
    loading: path !== null && read.isPending,
    refreshing: read.isFetching && !read.isPending,
    readAt: read.dataUpdatedAt,
    refresh: () => void read.refetch(),
  };
}

/** One page of a list as our routes answer it: `next` is the cursor for `?cursor=`, absent on the last page. */
export interface ListPage<T> {
  rows: T[];
  total?: number;
  next?: string | null;
}

export interface ListRead<T> extends Omit<Read<T[]>, 'data'> {
  rows: T[];
  total: number | undefined;
  /** Asks for the page after the last; DataList calls it while scrolling. */
  more: (() => void) | undefined;
  /** Why the page after the last could not be read, and how to ask for it once more; nobody asks by itself meanwhile. */
  nextFailed?: NextFailed | null;
}

export interface NextFailed {
  failure: ApiFailure;
  again: () => void;
}

/** Reads a list page by page: `GET path[?cursor=…]` answering `{rows, total?, next?}`. */
export function useList<T>(key: Key, path: string | null): ListRead<T> {
  const read = useInfiniteQuery({
    queryKey: [...key, path],
    queryFn: ({ signal, pageParam }) =>
      patiently(() => api.get<ListPage<T>>(withCursor(path!, pageParam), { signal }), signal),
    initialPageParam: '',
    getNextPageParam: (page: ListPage<T>) => page.next || undefined,
    enabled: path !== null,
  });
  const pages = read.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages]);
  const next = () => void read.fetchNextPage();
  return {
    rows,
    total: pages?.[0]?.total,
    error: pages === undefined ? asFailure(read.error) : null,
    loading: path !== null && read.isPending,
    refreshing: read.isFetching && !read.isPending,
    readAt: read.dataUpdatedAt,
    refresh: () => void read.refetch(),
    // Never while the list is being read again: the next page would cut that short and leave old rows standing.
    more: read.hasNextPage && !read.isFetching && !read.isFetchNextPageError ? next : undefined,
    nextFailed: read.isFetchNextPageError ? { failure: asFailure(read.error)!, again: next } : null,
  };
}

export interface Act<In, Out> {
  run: (input: In) => Promise<Out>;
  busy: boolean;
  error: ApiFailure | null;
  reset: () => void;
}

/**
 * An act on the record. While it runs `busy` is true and it cannot run twice; afterwards the named reads are refreshed.
 * `run` rejects with `ApiFailure`; `useForm` shows it, elsewhere show `error`.
 */
export function useMutation<In, Out>(
  act: (input: In) => Promise<Out>,
  options: { refreshes?: readonly Key[]; onDone?: (out: Out, input: In) => void } = {},
): Act<In, Out> {
  const mutation = useClientMutation<Out, Error, In>({
    mutationFn: act,
    onSuccess: (out, input) => {
      for (const key of options.refreshes ?? []) void refresh(key);
      options.onDone?.(out, input);
    },
  });
  return {
    run: mutation.mutateAsync,
    busy: mutation.isPending,
    error: asFailure(mutation.error),
    reset: mutation.reset,
  };
}

/** Reads again everything kept under a key. */
export function refresh(key: Key): Promise<void> {
  return queries.invalidateQueries({ queryKey: [...key] });
}

/** A read that found no network waits for it rather than failing: the screen keeps what it shows. */
async function patiently<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!isNetwork(error)) throw error;
      await whenHere(signal);
    }
  }
}

function withCursor(path: string, cursor: string): string {
  return cursor === ''
    ? path
    : `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}

function isNetwork(error: unknown): boolean {
  return error instanceof ApiFailure && error.code === 'network';
}

function isPassing(error: unknown): boolean {
  return error instanceof ApiFailure && error.passing;
}

function asFailure(error: unknown): ApiFailure | null {
  if (!error) return null;
  return error instanceof ApiFailure ? error : new ApiFailure('defect', 0, String(error));
}
