import type { Failure } from '../../kernel/failure.ts';

/** Fails at a place of the definition. */
export type FailAt = (place: string, vi: string, en: string) => Failure;
