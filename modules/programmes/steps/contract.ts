/** What was answered to a step that a protocol proposed. */

export type Answer = 'accepted' | 'rejected';

export interface StepAnswer {
  /** Of the Task. */
  id: string;
  step: string;
  title: string;
  answer: Answer;
  /** Why it was rejected, or what was added. */
  reason: string;
  by: string;
  /** Instant. */
  at: string;
}
