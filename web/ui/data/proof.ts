/** The pause while an act that asks again waits for a person to prove who they are (step-up). */
import { useSyncExternalStore } from 'react';
import type { ApiFailure } from './failure.ts';

interface Asked {
  failure: ApiFailure;
  go: () => void;
  stop: (error: unknown) => void;
}

let asked: readonly Asked[] = [];
const listeners = new Set<() => void>();

/** True for the refusal that names the proof it needs (`details.proof`). */
export function proofAsked({ status, details }: ApiFailure): boolean {
  return status === 403 && typeof details === 'object' && details !== null && 'proof' in details;
}

/** Called by the data source: resolves when the person has proved it, rejects with the refusal when they do not want to. */
export function proven(failure: ApiFailure): Promise<void> {
  return new Promise((go, stop) => set([...asked, { failure, go, stop }]));
}

/** Why a proof is asked for now; null when none is. */
export function useProofAsked(): ApiFailure | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked[0]?.failure ?? null,
  );
}

/** The person proved it, or not: every act that waited goes on, or fails as it was refused. */
export function endProof(given: boolean): void {
  const waiting = asked;
  set([]);
  for (const { failure, go, stop } of waiting) {
    if (given) go();
    else stop(failure);
  }
}

function set(next: readonly Asked[]): void {
  asked = next;
  for (const listener of listeners) listener();
}
